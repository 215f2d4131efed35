//! `argus grant revoke`: the end of a grant.

use super::{id, missing};
use crate::{
    cli::{Session, administration::Reason},
    directory::DirectoryError,
    event_store::ExecuteError,
};
use aggregates::grant::{Grant, GrantCommand};
use clap::Args;

/// Which grant, and why.
#[derive(Debug, Args)]
pub struct Revoke {
    /// Its id.
    grant: String,
    #[command(flatten)]
    reason: Reason,
}

impl Revoke {
    /// What was revoked is not found, like what never was.
    pub(super) async fn run(self, session: &Session) -> Result<(), DirectoryError> {
        let (id, command) = (id(&self.grant)?, GrantCommand::End(session.clock.now()));
        let context = self.reason.context(session);
        match session.store.execute_explained::<Grant>(id.uuid(), command, &context).await {
            Ok(done) if !done.events.is_empty() => Ok(()),
            Ok(_) | Err(ExecuteError::Refused(_)) => Err(missing(&self.grant)),
            Err(ExecuteError::Conflict | ExecuteError::Overtaken) => Err(DirectoryError::Busy),
            Err(ExecuteError::Unexplained) => {
                Err(DirectoryError::Invalid { field: "reason", problem: "is required".to_owned() })
            }
            Err(ExecuteError::Storage(cause)) => Err(cause.into()),
        }
    }
}
