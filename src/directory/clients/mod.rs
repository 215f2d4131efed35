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
mod diff;
mod facts;
mod history;
mod input;
mod operator;
mod preview;
mod references;
mod refusal;
mod replay;
mod restore;
mod secret;
mod shown;
mod versions;
mod who_could;

pub use author::By;
pub use claims::ClaimInput;
pub use definition::{Place, changed, defined, find_place};
pub use described::{ClientFields, NewClient};
pub use diff::{Change, FieldChange, diff};
pub use facts::facts;
pub use history::{History, Step, Version};
pub use input::{ClientInput, Method};
pub use operator::{Operator, Outcome};
pub use preview::{Preview, preview};
pub use refusal::{expect_version, refused};
pub use replay::{Replay, Replayed, replaying};
pub use restore::{require_functions, restoring};
pub use secret::{NewSecret, hash};
pub use shown::{ClientObject, shown};
pub use versions::{PastObject, VersionObject};
pub use who_could::who_could;
