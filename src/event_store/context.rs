//! Who did it, from where and why: the metadata of every event.

use crate::{
    clock::Clock,
    entropy::{Entropy, new_id},
};
use aggregates::{ids::UserId, values::Sealed};
use std::{collections::HashMap, fmt};

/// Who acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Actor {
    /// A signed-in user, or a script with that user's key: `user:<uuid>`.
    User(UserId),
    /// A part of the program: the whole name, for example `system:cli`.
    System(&'static str),
    /// Nobody known.
    Anonymous,
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::User(user) => write!(f, "user:{user}"),
            Self::System(name) => f.write_str(name),
            Self::Anonymous => f.write_str("anonymous"),
        }
    }
}

/// The circumstances of a command.
#[derive(Debug, Clone)]
pub struct Context {
    /// Who acts.
    pub actor: Actor,
    /// Where the request came from, sealed.
    pub caller_ip: Option<Sealed>,
    /// The request that carried the command.
    pub request_id: String,
    /// The event or command that caused this one.
    pub causation: Option<String>,
    /// What the actor gave as the reason.
    pub reason: Option<String>,
}

/// Name of the metadata entry by which a command recognises its own events.
pub(super) const COMMAND_ID: &str = "command_id";

impl Context {
    /// The same; unless a reason was given, it is this one. For what needs no more than that.
    #[must_use]
    pub fn explained(&self, reason: &str) -> Self {
        let reason = self.reason.clone().or_else(|| Some(reason.to_owned()));
        Self { reason, ..self.clone() }
    }

    /// The metadata of one command's events: the context, `at` (milliseconds) and a fresh `command_id`.
    #[must_use]
    pub fn metadata(&self, clock: &dyn Clock, entropy: &dyn Entropy) -> HashMap<String, String> {
        let optional = [
            ("caller_ip", self.caller_ip.as_ref().map(|ip| ip.as_str().to_owned())),
            ("causation", self.causation.clone()),
            ("reason", self.reason.clone()),
        ];
        [
            ("actor", self.actor.to_string()),
            ("request_id", self.request_id.clone()),
            ("at", clock.now().millis().to_string()),
            (COMMAND_ID, new_id(clock, entropy).to_string()),
        ]
        .into_iter()
        .chain(optional.into_iter().filter_map(|(name, value)| Some((name, value?))))
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
    }
}
