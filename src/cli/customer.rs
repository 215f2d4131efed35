//! `argus customer create|list|rename|move|disable|enable`.

use super::{
    Session,
    administration::{Place, Reason, Setting, make},
    output::Output,
};
use crate::directory::{
    customers::{self, NewCustomer},
    desk::{field, looked_up},
    references,
};
use aggregates::customer::{Customer, CustomerCommand as Command};
use clap::{Args, Subcommand};
use serde_json::json;

/// Customers.
#[derive(Debug, Subcommand)]
pub enum CustomerCommand {
    /// Makes a customer. The first one of a domain is its root.
    Create {
        /// The customer.
        #[command(flatten)]
        customer: NewCustomer,
        /// Where, and why.
        #[command(flatten)]
        setting: Setting,
    },
    /// Lists the customers of a domain.
    List {
        /// Where.
        #[command(flatten)]
        place: Place,
        /// How to print.
        #[command(flatten)]
        output: Output,
    },
    /// Gives a customer another short name.
    Rename {
        /// Which.
        #[command(flatten)]
        one: One,
        /// The new short name.
        short_name: String,
    },
    /// Puts a customer, with all below it, below another of the domain.
    Move {
        /// The customer above.
        #[arg(long)]
        below: String,
        /// Which.
        #[command(flatten)]
        one: One,
    },
    /// Shuts out the users of a customer and of all below it.
    Disable(One),
    /// Lets them in again.
    Enable(One),
}

/// One customer.
#[derive(Debug, Args)]
pub struct One {
    /// Short name, number or id.
    customer: String,
    #[command(flatten)]
    setting: Setting,
}

impl CustomerCommand {
    /// Carries it out.
    ///
    /// # Errors
    /// What keeps it from being done.
    pub async fn run(self, session: &Session) -> anyhow::Result<()> {
        match self {
            Self::Create { customer, setting } => {
                let (mut desk, domain) = setting.open(session).await?;
                let (id, command) = (desk.new_id(), customers::create(&mut desk, domain, &customer).await?);
                make::<Customer>(desk, id, command).await
            }
            Self::List { place, output } => list(session, &place, output).await,
            Self::Rename { short_name, one } => one.change(session, Change::ShortName(short_name)).await,
            Self::Move { below, one } => one.change(session, Change::Parent(below)).await,
            Self::Disable(one) => one.change(session, Change::Plain(Command::Disable)).await,
            Self::Enable(one) => one.change(session, Change::Plain(Command::Enable)).await,
        }
    }
}

/// What is to become of it.
enum Change {
    ShortName(String),
    Parent(String),
    Plain(Command),
}

impl One {
    async fn change(self, session: &Session, change: Change) -> anyhow::Result<()> {
        let (mut desk, domain) = self.setting.open(session).await?;
        let id = references::customer(&mut desk, domain, &self.customer).await?.id;
        let command = match change {
            Change::ShortName(text) => {
                customers::change_short_name(&mut desk, (domain, id), field("short_name", &text)?).await?
            }
            Change::Parent(reference) => {
                let parent = references::customer(&mut desk, domain, &reference).await?.id;
                customers::move_below(&mut desk, domain, id, parent).await?
            }
            Change::Plain(command) => command,
        };
        desk.execute::<Customer>(id.uuid(), command).await?;
        Ok(desk.commit().await?)
    }
}

async fn list(session: &Session, place: &Place, output: Output) -> anyhow::Result<()> {
    let mut desk = Reason::none().desk(session).await?;
    let domain = place.find(&mut desk, session).await?.id;
    let all = looked_up(projections::customers::list(desk.lane().connection(), domain).await)?;
    let name_of = |id| all.iter().find(|row| Some(row.id) == id).map(|row| row.short_name.as_str());
    let rows: Vec<_> = all
        .iter()
        .map(|row| {
            let parent = name_of(row.parent);
            vec![
                json!(row.number),
                json!(row.short_name),
                json!(row.name),
                json!(parent),
                json!(row.disabled),
                json!(row.id),
            ]
        })
        .collect();
    output.print(&["number", "short_name", "name", "parent", "disabled", "id"], &rows)
}
