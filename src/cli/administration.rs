//! What the commands that change the directory share: the desk with a reason, the domain that is meant, exit codes.

use super::{Session, evidence::NotAsRecorded};
use crate::{
    directory::{Desk, DirectoryError, Tools, passwords::Passwords, references},
    event_store::Context,
    http::ArgusError,
};
use aggregates::{
    ids::DomainId,
    values::{self, ShortName},
};
use clap::Args;
use cqrs_es::Aggregate;
use projections::{audit::FilterError, domains::DomainRow};
use uuid::Uuid;

/// Why something is changed.
#[derive(Debug, Clone, Args)]
pub struct Reason {
    /// Recorded with every event: one line, for ever, so no personal data.
    #[arg(long, value_name = "TEXT")]
    reason: Option<values::Reason>,
}

/// The domain that a command is about.
#[derive(Debug, Clone, Args)]
pub struct Place {
    /// The domain; the default one unless given.
    #[arg(long)]
    domain: Option<String>,
}

/// Where something is changed, and why.
#[derive(Debug, Clone, Args)]
pub struct Setting {
    #[command(flatten)]
    place: Place,
    #[command(flatten)]
    reason: Reason,
}

impl Setting {
    /// Opens the desk and finds the domain. Nothing happens unless the desk is committed.
    pub(super) async fn open(self, session: &Session) -> Result<(Desk, DomainId), DirectoryError> {
        let mut desk = self.reason.desk(session).await?;
        let domain = self.place.find(&mut desk, session).await?.id;
        Ok((desk, domain))
    }
}

impl Reason {
    /// Opens the desk. Nothing happens unless it is committed.
    pub(super) async fn desk(self, session: &Session) -> Result<Desk, DirectoryError> {
        let tools = Tools {
            keys: session.keys.clone(),
            passwords: Passwords::default(),
            clock: session.clock.clone(),
            entropy: session.entropy.clone(),
        };
        Desk::open(&session.store, tools, self.context(session)).await
    }

    /// What is recorded beside the events of a command.
    pub(super) fn context(self, session: &Session) -> Context {
        session.context(self.reason)
    }

    /// No reason: for commands that only read.
    pub(super) const fn none() -> Self {
        Self { reason: None }
    }
}

impl Place {
    /// Finds the domain.
    pub(super) async fn find(&self, desk: &mut Desk, session: &Session) -> Result<DomainRow, DirectoryError> {
        let default: ShortName = session.config.domain();
        references::domain(desk, self.domain.as_deref().unwrap_or(default.as_str())).await
    }
}

/// Carries out the first command of something new, and prints its id.
pub(super) async fn make<A>(mut desk: Desk, id: Uuid, command: A::Command) -> anyhow::Result<()>
where
    A: Aggregate<Services = ()>,
    A::Error: Into<DirectoryError>,
{
    desk.execute::<A>(id, command).await?;
    desk.commit().await?;
    println!("{id}");
    Ok(())
}

/// 1 failed, 2 wrong input, 3 not found, 4 in conflict with something that stands there already, 10 the log is not what was
/// recorded.
#[must_use]
pub(super) fn exit_code(error: &anyhow::Error) -> u8 {
    if error.is::<FilterError>() {
        return 2;
    }
    match (error.downcast_ref::<DirectoryError>(), error.downcast_ref::<ArgusError>()) {
        (Some(DirectoryError::Invalid { .. }), _) | (_, Some(ArgusError::Invalid(_))) => 2,
        (Some(DirectoryError::NotFound { .. }), _) | (_, Some(ArgusError::NotFound)) => 3,
        (Some(DirectoryError::Taken(_)), _) => 4,
        _ if error.is::<NotAsRecorded>() => 10,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_can_tell_what_went_wrong() {
        let code = |error: DirectoryError| exit_code(&error.into());
        assert_eq!(code(DirectoryError::Busy), 1);
        assert_eq!(code(DirectoryError::Invalid { field: "name", problem: String::new() }), 2);
        assert_eq!(code(DirectoryError::NotFound { kind: "user", reference: String::new() }), 3);
        assert_eq!(code(DirectoryError::Taken(String::new())), 4);
        assert_eq!(exit_code(&ArgusError::field("name", "is bad").into()), 2);
        assert_eq!(exit_code(&ArgusError::NotFound.into()), 3);
        assert_eq!(exit_code(&anyhow::anyhow!("anything else")), 1);
    }
}
