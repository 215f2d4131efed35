//! What may happen: one module per aggregate, each with its commands, events and rules.
//!
//! Nothing here reads a clock, draws a random number, looks at the environment or does I/O. A command carries all that its
//! decision needs; `decide` answers with events; `evolve` only assigns. `design.md` calls this "pure": the same events and
//! the same command always give the same answer, so every rule is tested without a database.

#[macro_use]
mod macros;
pub mod ids;
pub mod values;

#[cfg(test)]
mod given;
#[cfg(test)]
mod wire;

pub mod client;
pub mod customer;
pub mod domain;
pub mod function;
pub mod grant;
pub mod group;
pub mod session;
pub mod signing_key;
pub mod user;

/// The aggregate types whose events are *definitions*: rare, interlocking, appended one transaction at a time.
pub const DEFINITIONS: &[&str] =
    &["client", "user", "group", "customer", "domain", "function", "provider", "signing_key"];

/// The aggregate types whose events come from *traffic*: many independent streams, appended in batches.
pub const TRAFFIC: &[&str] = &["grant", "session"];

/// The type of every event that there is, such as `grant.authorized`.
pub fn event_types() -> impl Iterator<Item = &'static str> {
    let all = [
        client::ClientEvent::STORED_AS,
        customer::CustomerEvent::STORED_AS,
        domain::DomainEvent::STORED_AS,
        function::FunctionEvent::STORED_AS,
        grant::GrantEvent::STORED_AS,
        group::GroupEvent::STORED_AS,
        session::SessionEvent::STORED_AS,
        signing_key::SigningKeyEvent::STORED_AS,
        user::UserEvent::STORED_AS,
    ];
    all.into_iter().flatten().map(|(name, _)| *name)
}
