//! The two forms of an access token.

use serde::{Deserialize, Serialize};

/// What an access token looks like.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccessTokenFormat {
    /// `username/opaque`, as the Argus API presents it.
    #[default]
    Argus,
    /// A signed JWT: RFC 9068.
    Jwt,
}
