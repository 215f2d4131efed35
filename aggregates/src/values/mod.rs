//! Values that are parsed once and trusted afterwards. Every parser is anchored, ASCII unless it says otherwise, and bounded.

#[macro_use]
mod text;
mod access_token_format;
mod client_text;
mod custom_claim;
mod ip_range;
mod main_uri;
mod redirect_uri;
mod scope;
mod jwk;
mod sealed;
mod secret_hash;
mod security_level;
mod short_name;
mod timestamp;
mod token_hash;

pub use access_token_format::AccessTokenFormat;
pub use client_text::{ClientDescription, ClientName, InvalidClientDescription, InvalidClientName};
pub use custom_claim::{ClaimName, ClaimSource, ClaimValue, CustomClaim, InvalidClaimName, UserAttribute};
pub use ip_range::{InvalidIpRange, InvalidIpRanges, IpRange, IpRanges};
pub use main_uri::{InvalidMainUri, MainUri};
pub use redirect_uri::{InvalidRedirectUri, RedirectUri};
pub use scope::{InvalidScope, PermittedScopes, Scope};
pub use jwk::{PublicJwk, SealedPrivateKey, SigningAlgorithm};
pub use sealed::Sealed;
pub use secret_hash::SecretHash;
pub use security_level::SecurityLevel;
pub use short_name::{InvalidShortName, ShortName};
pub use timestamp::{Seconds, Timestamp};
pub use token_hash::{InvalidTokenHash, TokenHash};
