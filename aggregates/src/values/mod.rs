//! Values that are parsed once and trusted afterwards. Every parser is anchored, ASCII unless it says otherwise, and bounded.

#[macro_use]
mod text;
mod api_key;
mod constraints;
mod description;
mod display_name;
mod email;
mod ip_range;
mod jwk;
mod password_hash;
mod permission;
mod phone;
mod profile;
mod sealed;
mod short_name;
mod timestamp;
mod token_hash;
mod user_name;

pub use api_key::{ApiKeyPrefix, InvalidApiKeyPrefix};
pub use constraints::Constraints;
pub use description::{Description, InvalidDescription};
pub use display_name::{DisplayName, InvalidDisplayName};
pub use email::{Email, InvalidEmail};
pub use ip_range::{InvalidIpRange, InvalidIpRanges, IpRange, IpRanges};
pub use jwk::{PublicJwk, SealedPrivateKey, SigningAlgorithm};
pub use password_hash::{InvalidPasswordHash, PasswordHash};
pub use permission::Permission;
pub use phone::{InvalidPhone, Phone};
pub use profile::Profile;
pub use sealed::Sealed;
pub use short_name::{InvalidShortName, ShortName};
pub use timestamp::{Seconds, Timestamp};
pub use token_hash::{InvalidTokenHash, TokenHash};
pub use user_name::{InvalidUserName, UserName};
