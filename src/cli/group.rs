//! `argus group create|list|show|add-member|remove-member|rename|describe|move|delete|reenable`.

mod change;

use super::{
    Session,
    administration::{Place, Reason, Setting, make},
    output::Output,
};
use crate::directory::{
    Desk, DirectoryError,
    desk::looked_up,
    groups::{self, NewGroup},
    references,
};
use aggregates::{
    group::{Group, GroupCommand as Command, Member},
    ids::DomainId,
};
use change::{Described, One};
use clap::{Args, Subcommand};
use serde_json::{Value, json};

/// Groups and their members.
#[derive(Debug, Subcommand)]
pub enum GroupCommand {
    /// Makes a group.
    Create {
        /// The group.
        #[command(flatten)]
        group: NewGroup,
        /// Where, and why.
        #[command(flatten)]
        setting: Setting,
    },
    /// Lists the groups of a domain.
    List {
        /// Where.
        #[command(flatten)]
        place: Place,
        /// How to print.
        #[command(flatten)]
        output: Output,
    },
    /// Shows who is in a group directly.
    Show {
        /// Short name, number or id.
        group: String,
        /// Where.
        #[command(flatten)]
        place: Place,
        /// How to print.
        #[command(flatten)]
        output: Output,
    },
    /// Takes a user or a group in.
    AddMember(Membership),
    /// Lets a user or a group go.
    RemoveMember(Membership),
    /// Gives a group another short name.
    Rename {
        /// Which.
        #[command(flatten)]
        one: One,
        /// The new short name.
        short_name: String,
    },
    /// Says anew what a group is called and what it is for.
    Describe {
        /// Which.
        #[command(flatten)]
        one: One,
        /// What is said.
        #[command(flatten)]
        described: Described,
    },
    /// Puts a group into another customer of the domain.
    Move {
        /// The other customer: short name, number or id.
        #[arg(long, value_name = "CUSTOMER")]
        to: String,
        /// Which.
        #[command(flatten)]
        one: One,
    },
    /// Ends a group, with its permissions.
    Delete(One),
    /// Lets a deleted group, named by number or id, begin again without permissions.
    Reenable(One),
}

/// A group and a member.
#[derive(Debug, Args)]
pub struct Membership {
    /// The group: short name, number or id.
    group: String,
    /// The user: user name, number or id.
    #[arg(long, required_unless_present = "member_group", conflicts_with = "member_group")]
    user: Option<String>,
    /// The group that is to be in the other.
    #[arg(long = "group", id = "member_group")]
    inner: Option<String>,
    #[command(flatten)]
    setting: Setting,
}

impl GroupCommand {
    /// Carries it out.
    ///
    /// # Errors
    /// What keeps it from being done.
    pub async fn run(self, session: &Session) -> anyhow::Result<()> {
        match self {
            Self::Create { group, setting } => {
                let (mut desk, domain) = setting.open(session).await?;
                let (id, command) = (desk.new_id(), groups::create(&mut desk, domain, &group).await?);
                make::<Group>(desk, id, command).await
            }
            Self::List { place, output } => list(session, &place, output).await,
            Self::Show { group, place, output } => show(session, &place, &group, output).await,
            Self::AddMember(membership) => membership.change(session, true).await,
            Self::RemoveMember(membership) => membership.change(session, false).await,
            Self::Rename { one, short_name } => change::rename(session, one, &short_name).await,
            Self::Describe { one, described } => change::describe(session, one, described).await,
            Self::Move { to, one } => change::move_to(session, one, &to).await,
            Self::Delete(one) => change::delete(session, one).await,
            Self::Reenable(one) => change::reenable(session, one).await,
        }
    }
}

impl Membership {
    async fn change(self, session: &Session, add: bool) -> anyhow::Result<()> {
        let (mut desk, domain) = self.setting.open(session).await?;
        let group = references::group(&mut desk, domain, &self.group).await?.id;
        let member = groups::member(&mut desk, domain, self.user.as_deref(), self.inner.as_deref()).await?;
        let command = match add {
            true => groups::add_member(&mut desk, domain, group, member).await?,
            false => Command::RemoveMember { member },
        };
        desk.execute::<Group>(group.uuid(), command).await?;
        Ok(desk.commit().await?)
    }
}

async fn list(session: &Session, place: &Place, output: Output) -> anyhow::Result<()> {
    let mut desk = Reason::none().desk(session).await?;
    let domain = place.find(&mut desk, session).await?.id;
    let rows = looked_up(projections::groups::list(desk.lane().connection(), domain).await)?;
    let rows: Vec<_> = rows
        .iter()
        .map(|row| {
            vec![json!(row.number), json!(row.short_name), json!(row.name), json!(row.description), json!(row.id)]
        })
        .collect();
    output.print(&["number", "short_name", "name", "description", "id"], &rows)
}

async fn show(session: &Session, place: &Place, group: &str, output: Output) -> anyhow::Result<()> {
    let mut desk = Reason::none().desk(session).await?;
    let domain = place.find(&mut desk, session).await?.id;
    let group = references::group(&mut desk, domain, group).await?.id;
    let members = looked_up(projections::groups::list_members(desk.lane().connection(), group).await)?;
    let mut rows = Vec::new();
    for member in members {
        rows.push(described(&mut desk, domain, member).await?);
    }
    output.print(&["type", "number", "short_name", "name", "id"], &rows)
}

async fn described(desk: &mut Desk, domain: DomainId, member: Member) -> Result<Vec<Value>, DirectoryError> {
    let id = member.subject().to_string();
    let (number, short_name, name) = match member {
        Member::User(_) => match references::user(desk, domain, &id).await {
            Ok(row) => (Some(row.number), row.user_name, row.name),
            Err(DirectoryError::NotFound { .. }) => (None, None, None),
            Err(error) => return Err(error),
        },
        Member::Group(_) => match references::group(desk, domain, &id).await {
            Ok(row) => (Some(row.number), Some(row.short_name), Some(row.name)),
            Err(DirectoryError::NotFound { .. }) => (None, None, None),
            Err(error) => return Err(error),
        },
    };
    Ok(vec![json!(member.kind()), json!(number), json!(short_name), json!(name), json!(id)])
}
