//! OAuth clients, from what somebody typed to a command: the same for HTTP, the command line and `argus apply`.
//!
//! ```text
//! Fields ─ input ─▶ ClientInput ─ definition (looks up references) ─▶ Definition ─ facts (looks up rights) ─▶ ClientCommand
//! ```
//! The look-ups run on the connection of the definitions lane, so that they still hold when the command is decided.

mod author;
mod claims;
mod definition;
mod described;
mod facts;
mod input;
mod operator;
mod references;
mod refusal;
mod secret;
mod shown;

pub use author::By;
pub use claims::ClaimInput;
pub use definition::{Place, changed, defined, find_place};
pub use described::{ClientFields, NewClient};
pub use facts::facts;
pub use input::{ClientInput, Method};
pub use operator::{Operator, Outcome};
pub use refusal::refused;
pub use secret::{NewSecret, hash};
pub use shown::{ClientObject, shown};
