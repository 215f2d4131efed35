//! `argus permission grant|revoke|list`.

use super::{
    Session,
    administration::{Place, Reason},
    output::Output,
};
use crate::directory::{
    desk::looked_up,
    groups,
    permissions::{self, NamedPermission},
    references,
};
use clap::{Args, Subcommand};
use serde_json::json;

/// Permissions: who holds which function for which customer.
#[derive(Debug, Subcommand)]
pub enum PermissionCommand {
    /// Gives a function for a customer, and for all below it, to a user or a group.
    Grant(Triple),
    /// Takes it back.
    Revoke(Triple),
    /// Lists what was granted to a user or a group itself.
    List {
        /// Whose.
        #[command(flatten)]
        subject: Subject,
        /// Where.
        #[command(flatten)]
        place: Place,
        /// How to print.
        #[command(flatten)]
        output: Output,
    },
}

/// A user or a group.
#[derive(Debug, Args)]
pub struct Subject {
    /// The user: user name, number or id.
    #[arg(long, required_unless_present = "group", conflicts_with = "group")]
    user: Option<String>,
    /// The group: short name, number or id.
    #[arg(long)]
    group: Option<String>,
}

/// Subject, function, customer.
#[derive(Debug, Args)]
pub struct Triple {
    /// The function or role: short name, number or id.
    function: String,
    /// The customer; the domain's root unless given.
    #[arg(long)]
    customer: Option<String>,
    #[command(flatten)]
    subject: Subject,
    #[command(flatten)]
    place: Place,
    #[command(flatten)]
    reason: Reason,
}

impl PermissionCommand {
    /// Carries it out.
    ///
    /// # Errors
    /// What keeps it from being done.
    pub async fn run(self, session: &Session) -> anyhow::Result<()> {
        match self {
            Self::Grant(triple) => triple.change(session, true).await,
            Self::Revoke(triple) => triple.change(session, false).await,
            Self::List { subject, place, output } => subject.list(session, &place, output).await,
        }
    }
}

impl Triple {
    async fn change(self, session: &Session, grant: bool) -> anyhow::Result<()> {
        let mut desk = self.reason.desk(session).await?;
        let domain = self.place.find(&mut desk, session).await?.id;
        let Subject { user, group } = &self.subject;
        let subject = groups::member(&mut desk, domain, user.as_deref(), group.as_deref()).await?;
        let named = NamedPermission { function: self.function, customer: self.customer };
        let permission = permissions::meant(&mut desk, domain, &named).await?;
        match grant {
            true => permissions::grant(&mut desk, domain, subject, permission).await?,
            false => permissions::revoke(&mut desk, subject, permission).await?,
        }
        Ok(desk.commit().await?)
    }
}

impl Subject {
    async fn list(self, session: &Session, place: &Place, output: Output) -> anyhow::Result<()> {
        let mut desk = Reason::none().desk(session).await?;
        let domain = place.find(&mut desk, session).await?.id;
        let subject = groups::member(&mut desk, domain, self.user.as_deref(), self.group.as_deref()).await?;
        let c = desk.lane().connection();
        let granted = looked_up(projections::permissions::list_by_subject(c, subject.subject()).await)?;
        let mut rows = Vec::new();
        for permission in granted {
            let function = references::function(&mut desk, &permission.function.to_string()).await?;
            let customer = references::customer(&mut desk, domain, &permission.customer.to_string()).await?;
            rows.push(vec![json!(function.short_name), json!(function.role), json!(customer.short_name)]);
        }
        output.print(&["function", "role", "customer"], &rows)
    }
}
