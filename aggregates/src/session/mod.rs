//! One sign-in of one user, or one refused attempt at it, or at a call with what it gave.
//!
//! ```text
//!               Start                Reauthenticate
//! NotStarted ───────────▶ Alive ─────────────────────▶ Alive (new token, later authentication time)
//!     │                     │ End
//!     │ Refuse, RefuseCall  ▼
//!     ▼                   Ended
//!  Refused
//! ```
//!
//! A session can also start as a narrowed copy of another one: `Constrained` follows its start in the same append.
//!
//! A session is over when it was ended, when one that it was narrowed from was ended, when its time is up, or when its user's epoch is no longer the one that it was
//! started under (the user was blocked or deleted, or the password changed). Only the first is an event of this stream: the
//! other two are compared at each use, so that ending everything of a user is one append.

mod aggregate;
mod commands;
mod error;
mod events;
#[cfg(test)]
mod tests;

pub use aggregate::{Session, Stage};
pub use commands::{Narrowing, Reauthentication, RefusedCall, RefusedSignIn, SessionCommand, SignIn};
pub use error::SessionError;
pub use events::{AuthenticationMethod, CallRefusal, EndReason, RealCredential, SessionEvent, SignInRefusal};
