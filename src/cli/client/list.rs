//! `argus client list` and `show`.

use super::{super::Session, Which};
use crate::{directory::clients::shown, read};
use aggregates::{ids::ClientId, values::ShortName};
use anyhow::Context;
use clap::Args;
use projections::{clients, domains};
use serde_json::json;

/// Which clients to list.
#[derive(Debug, Args)]
pub struct List {
    /// Of this domain (short name), when it is not the default domain.
    #[arg(long = "in", value_name = "DOMAIN")]
    domain: Option<ShortName>,
    /// Deleted ones too.
    #[arg(long)]
    deleted: bool,
}

impl List {
    /// A line for each: id, short name, authentication, state, name.
    pub(super) async fn run(self, session: &Session) -> anyhow::Result<()> {
        let name = self.domain.unwrap_or_else(|| session.config.domain());
        let connections = session.database.connections();
        let domain = read!(connections, |c| domains::find_by_short_name(c, &name))?;
        let domain = domain.with_context(|| format!("there is no domain {name}"))?.id;
        for client in read!(connections, |c| clients::list(c, domain, self.deleted))? {
            let state = match &client {
                clients::ClientRow { deleted: true, .. } => "deleted",
                clients::ClientRow { definition, .. } if definition.disabled => "disabled",
                _ => "active",
            };
            let clients::ClientRow { id, definition, .. } = client;
            println!("{id}  {state:<8} {:<30} {}", definition.short_name.as_str(), definition.name);
        }
        Ok(())
    }
}

/// The client as an administrator sees it over HTTP.
pub(super) async fn show(session: &Session, which: &Which) -> anyhow::Result<()> {
    let id = find(session, which).await?;
    let view = read!(session.database.connections(), |c| clients::view(c, id))?.ok_or_else(|| which.missing())?;
    println!("{:#}", json!(shown(&view, true)));
    Ok(())
}

/// The client's id; by UUID also that of a deleted one, or of none.
pub(super) async fn find(session: &Session, which: &Which) -> anyhow::Result<ClientId> {
    if let Ok(id) = which.client.parse::<ClientId>() {
        return Ok(id);
    }
    let connections = session.database.connections();
    let name: ShortName = which.client.parse()?;
    let domain = match &which.domain {
        Some(domain) => domain.parse()?,
        None => session.config.domain(),
    };
    let domain = read!(connections, |c| domains::find_by_short_name(c, &domain))?.ok_or_else(|| which.missing())?;
    let client = read!(connections, |c| clients::find_by_short_name(c, domain.id, &name))?;
    Ok(client.ok_or_else(|| which.missing())?.id)
}
