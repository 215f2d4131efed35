//! `argus client list` and `show`.

use super::{super::Session, Which};
use crate::{directory::clients::shown, read};
use aggregates::{ids::ClientId, values::ShortName};
use anyhow::{Context, bail};
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
    let connections = session.database.connections();
    let id = match which.client.parse::<ClientId>() {
        Ok(id) => Some(id),
        Err(_) => by_short_name(session, which).await?,
    };
    let view = match id {
        Some(id) => read!(connections, |c| clients::view(c, id))?,
        None => None,
    };
    let Some(view) = view else { bail!("there is no client {}", which.client) };
    println!("{:#}", json!(shown(&view, true)));
    Ok(())
}

async fn by_short_name(session: &Session, which: &Which) -> anyhow::Result<Option<ClientId>> {
    let connections = session.database.connections();
    let name: ShortName = which.client.parse()?;
    let domain = match &which.domain {
        Some(domain) => domain.parse()?,
        None => session.config.domain(),
    };
    let Some(domain) = read!(connections, |c| domains::find_by_short_name(c, &domain))? else { return Ok(None) };
    let client = read!(connections, |c| clients::find_by_short_name(c, domain.id, &name))?;
    Ok(client.map(|client| client.id))
}
