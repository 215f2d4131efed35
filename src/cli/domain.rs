//! `argus domain create|list`.

use super::{
    Session,
    administration::{Reason, make},
    output::Output,
};
use crate::{
    directory::domains::{self, NewDomain},
    read,
};
use aggregates::domain::Domain;
use clap::Subcommand;
use serde_json::json;

/// Domains.
#[derive(Debug, Subcommand)]
pub enum DomainCommand {
    /// Makes a domain.
    Create {
        /// The domain.
        #[command(flatten)]
        domain: NewDomain,
        /// Why.
        #[command(flatten)]
        reason: Reason,
    },
    /// Lists every domain.
    List {
        /// How to print.
        #[command(flatten)]
        output: Output,
    },
}

impl DomainCommand {
    /// Carries it out.
    ///
    /// # Errors
    /// What keeps it from being done.
    pub async fn run(self, session: &Session) -> anyhow::Result<()> {
        match self {
            Self::Create { domain, reason } => {
                let mut desk = reason.desk(session).await?;
                let (id, command) = (desk.new_id(), domains::create(&mut desk, &domain).await?);
                make::<Domain>(desk, id, command).await
            }
            Self::List { output } => {
                let rows = read!(session.database.connections(), |c| projections::domains::list(c))?;
                let rows: Vec<_> = rows
                    .iter()
                    .map(|row| vec![json!(row.number), json!(row.short_name), json!(row.name), json!(row.id)])
                    .collect();
                output.print(&["number", "short_name", "name", "id"], &rows)
            }
        }
    }
}
