//! `argus session list|end|end-all`: the sessions of users who are signed in.

use super::{
    Session as Opened,
    administration::{Place, Reason},
    output::{Output, second},
    user,
};
use crate::{
    directory::{DirectoryError, desk::looked_up, references},
    event_store::ExecuteError,
};
use aggregates::{
    ids::SessionId,
    session::{EndReason, Session, SessionCommand as Command},
    user::UserCommand,
};
use clap::Subcommand;
use projections::{Unseal, sessions::SessionRow};
use serde_json::{Value, json};

/// Sessions of users.
#[derive(Debug, Subcommand)]
pub enum SessionCommand {
    /// Lists the sessions of a user that are alive, the latest first.
    List {
        /// User name, number or id.
        user: String,
        /// Where.
        #[command(flatten)]
        place: Place,
        /// How to print.
        #[command(flatten)]
        output: Output,
    },
    /// Ends one session, with its tokens and every session narrowed from it.
    End {
        /// The session's id.
        session: String,
        /// Why.
        #[command(flatten)]
        reason: Reason,
    },
    /// Ends every session and token of a user, who may sign in again.
    EndAll(user::One),
}

impl SessionCommand {
    /// Carries it out.
    ///
    /// # Errors
    /// What keeps it from being done.
    pub async fn run(self, opened: &Opened) -> anyhow::Result<()> {
        match self {
            Self::List { user, place, output } => list(opened, &user, &place, output).await,
            Self::End { session, reason } => Ok(end(opened, &session, reason).await?),
            Self::EndAll(one) => one.change(opened, UserCommand::EndSessions).await,
        }
    }
}

async fn list(opened: &Opened, user: &str, place: &Place, output: Output) -> anyhow::Result<()> {
    let mut desk = Reason::none().desk(opened).await?;
    let domain = place.find(&mut desk, opened).await?.id;
    let user = references::user(&mut desk, domain, user).await?.id;
    let now = desk.now();
    let (alive, key) = looked_up(projections::sessions::list_alive(desk.lane().connection(), user, now).await)?;
    let rows: Vec<_> = alive.iter().map(|row| line(opened, row, key.as_deref())).collect();
    output.print(&["id", "address", "started", "authenticated", "valid_until", "constrained", "read_only"], &rows)
}

fn line(opened: &Opened, row: &SessionRow, key: Option<&[u8]>) -> Vec<Value> {
    vec![
        json!(row.id),
        json!(key.and_then(|key| opened.keys.open(key, &row.address))),
        second(row.started_at),
        second(row.authenticated_at),
        second(row.valid_until),
        json!(!row.bounds.is_empty()),
        json!(row.bounds.iter().any(|bound| bound.read_only)),
    ]
}

/// What is over is not found, like what never was.
async fn end(opened: &Opened, reference: &str, reason: Reason) -> Result<(), DirectoryError> {
    let missing = || DirectoryError::NotFound { kind: "session", reference: reference.to_owned() };
    let id: SessionId = reference.parse().map_err(|_| missing())?;
    let command = Command::End { reason: EndReason::EndedByAdministrator, now: opened.clock.now() };
    match opened.store.execute::<Session>(id.uuid(), command, &reason.context(opened)).await {
        Ok(done) if !done.events.is_empty() => Ok(()),
        Ok(_) | Err(ExecuteError::Refused(_)) => Err(missing()),
        Err(error) => Err(error.into()),
    }
}
