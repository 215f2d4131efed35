//! `argus client create|list|show|update|disable|enable|delete`: OAuth clients on the terminal. The fields are those of the HTTP interface, from
//! flags, from a TOML or JSON file, or from both, the flags having the last word.

mod fields;
mod list;

use super::Session;
use crate::{
    directory::{
        clients::{Operator, Outcome},
        passwords::Passwords,
    },
    entropy::new_id,
    http::Fields,
};
use aggregates::ids::ClientId;
use anyhow::bail;
use clap::{Args, Subcommand};
use fields::FieldArgs;

/// OAuth clients.
#[derive(Debug, Subcommand)]
pub enum ClientCommand {
    /// Define a client and print its id.
    Create(FieldArgs),
    /// List clients.
    List(list::List),
    /// Print a client as JSON.
    Show(Which),
    /// Change the given fields of a client.
    Update {
        /// The client.
        #[command(flatten)]
        which: Which,
        /// What to change.
        #[command(flatten)]
        fields: FieldArgs,
    },
    /// Put a client out of use, and end every grant.
    Disable(Which),
    /// Let a client be used again; what ended stays ended.
    Enable(Which),
    /// Delete a client, and with it every grant.
    Delete(Which),
}

/// One client.
#[derive(Debug, Args)]
pub struct Which {
    /// Its UUID or short name.
    client: String,
    /// The domain that the short name is in, when it is not the default domain.
    #[arg(long = "in", value_name = "DOMAIN")]
    domain: Option<String>,
}

impl ClientCommand {
    /// Carries it out.
    ///
    /// # Errors
    /// What the rules say, in words; or the database.
    pub async fn run(self, session: &Session) -> anyhow::Result<()> {
        match self {
            Self::List(list) => list.run(session).await,
            Self::Show(which) => list::show(session, &which).await,
            Self::Create(fields) => change(session, None, Request::Create(fields)).await,
            Self::Update { which, fields } => change(session, Some(which), Request::Update(fields)).await,
            Self::Disable(which) => change(session, Some(which), Request::SetDisabled(true)).await,
            Self::Enable(which) => change(session, Some(which), Request::SetDisabled(false)).await,
            Self::Delete(which) => change(session, Some(which), Request::Delete).await,
        }
    }
}

enum Request {
    Create(FieldArgs),
    Update(FieldArgs),
    SetDisabled(bool),
    Delete,
}

/// One transaction, as the operator.
async fn change(session: &Session, which: Option<Which>, request: Request) -> anyhow::Result<()> {
    let (passwords, context) = (Passwords::default(), session.context(None));
    let mut lane = session.store.definitions().await?;
    let mut operator =
        Operator { lane: &mut lane, passwords: &passwords, entropy: session.entropy.as_ref(), context: &context };
    let domain = session.config.domain();
    let named = which.as_ref().and_then(|which| which.domain.as_deref());
    let domain = operator.domain(named.unwrap_or(domain.as_str())).await?;
    let present = match &which {
        Some(which) => Some(operator.find(domain, &which.client).await?),
        None => None,
    };
    let done = match (request, present) {
        (Request::Create(fields), None) => {
            let id = ClientId::new(new_id(session.clock.as_ref(), session.entropy.as_ref()));
            said(operator.define(id, domain, Fields::new(fields.object()?)).await?)
        }
        (Request::Update(fields), Some(present)) => {
            said(operator.change(&present, Fields::new(fields.object()?)).await?)
        }
        (Request::SetDisabled(disabled), Some(present)) => {
            let fields = Fields::new([("disabled".to_owned(), disabled.into())].into_iter().collect());
            said(operator.change(&present, fields).await?)
        }
        (Request::Delete, Some(present)) => {
            operator.delete(&present).await?;
            format!("{} deleted", present.id)
        }
        _ => bail!("name the client"),
    };
    lane.commit().await?;
    println!("{done}");
    Ok(())
}

fn said(outcome: Outcome) -> String {
    match outcome {
        Outcome::Defined(id) => format!("{id} defined"),
        Outcome::Changed(id) => format!("{id} changed"),
        Outcome::Unchanged(id) => format!("{id} is so already"),
    }
}
