//! Who defines, changes or deletes a client, and what that takes.

use crate::{database::QueryError, event_store::DefinitionLane};
use aggregates::{
    ids::{CustomerId, DomainId},
    values::SecurityLevel,
};
use projections::rights::{self, Rights};

/// Who asks.
#[derive(Debug, Clone, Copy)]
pub enum By<'a> {
    /// Whoever runs the command line on the server.
    Operator,
    /// A user, with these rights and a session of this level.
    User {
        /// What the user may do.
        rights: &'a Rights,
        /// The level of the user's own session.
        level: SecurityLevel,
    },
}

impl By<'_> {
    /// Whether the function is held for a client's customer; for a client without one, everywhere in the domain, since such a
    /// client is everybody's.
    ///
    /// # Errors
    /// When the database cannot answer.
    pub async fn holds(
        self,
        lane: &mut DefinitionLane,
        function: &str,
        customer: Option<CustomerId>,
        domain: DomainId,
    ) -> Result<bool, QueryError> {
        let c = lane.connection();
        match (self, customer) {
            (Self::Operator, _) => Ok(true),
            (Self::User { rights, .. }, Some(_)) => rights::holds(c, rights, function, customer, domain).await,
            (Self::User { rights, .. }, None) => rights::holds_everywhere(c, rights, function, domain).await,
        }
    }
}
