//! One authorization: from the request of a relying party, through its code and every refresh, to its end. Or one refusal.
//!
//! ```text
//!              Authorize               RedeemCode               RefreshTokens
//! NotStarted ────────────▶ Authorized ────────────▶ Redeemed ────────────────▶ Redeemed (next generation)
//!     │                        │ wrong verifier,        │ code replayed, refresh token reused,
//!     │ Refuse                 │ wrong client, End      │ Revoke, End
//!     ▼                        ▼                        ▼
//!  Refused                  Revoked ◀────────────────────
//! ```
//!
//! A script needs no code: `IssueToScript` leads from the start to Redeemed, where there is nothing to refresh.
//!
//! The stream *is* the state of every token issued from it (RFC 6749 §1.3.1, §1.5): there is no token table. A token names its
//! grant and generation, and the events hold SHA-256 of its secret. Single use needs no lock: two redemptions cannot both
//! append the same sequence number, and the one that comes second decides again on what it then finds: a replay.

mod aggregate;
mod basis;
mod commands;
mod error;
mod events;
mod redeem;
mod refresh;
mod revoke;
#[cfg(test)]
mod tests;

pub use aggregate::{AccessToken, Grant, Holder, RefreshToken, Stage};
pub use basis::{Basis, HeldBy, Known, Missing};
pub use commands::{Authorization, GrantCommand, Redemption, Refresh, Refused, Revocation, ScriptIssue, TokenClaim};
pub use error::GrantError;
pub use events::{Epochs, GrantEvent, Refusal, RevocationReason, SpoiledBy};
