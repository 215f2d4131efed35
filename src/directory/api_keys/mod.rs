//! API keys, from what somebody typed to a command: the same for HTTP and the command line. The key itself is shown once and never
//! stored.

mod bodies;
pub mod of_user;
mod request;
pub mod shown;
mod typed;
mod uses;

pub use bodies::{NewApiKeyBody, RenewalBody};
pub use request::{ApiKeyRequest, renewal};
pub use shown::{ApiKeyDescriptor, ApiKeyList, IssuedApiKey, RenewedApiKey, describe};
pub use typed::ApiKeyInput;
pub use uses::{ApiKeyUses, flush};

use super::{Desk, DirectoryError, desk::looked_up};
use aggregates::{
    user::{MAX_API_KEY_DAYS, UserCommand},
    values::{ApiKeyPrefix, Constraints, Description, IpRanges, Seconds, Timestamp, TokenHash},
};
use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use projections::api_keys;
use zeroize::Zeroizing;

/// How long a key lives unless somebody says otherwise, in days.
pub const DEFAULT_DAYS: i64 = 90;

/// An API key that is to be.
#[derive(Debug, Clone)]
pub struct NewApiKey {
    /// What it is for, in words.
    pub description: Description,
    /// From where it may be used.
    pub sources: IpRanges,
    /// How it is narrowed.
    pub constraints: Constraints,
    /// How long it may be used.
    pub life: Seconds,
}

/// `1ab/2c/<secret>`: whoever has it is the user. It has no `Debug`.
pub struct ApiKeyString {
    /// Its public part.
    pub prefix: ApiKeyPrefix,
    text: Zeroizing<String>,
}

impl ApiKeyString {
    /// The whole key, to be shown once.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.text
    }
}

/// The command that gives a user a new key, and the key.
///
/// # Errors
/// When the database cannot answer.
pub async fn issue(desk: &mut Desk, new: NewApiKey) -> Result<(UserCommand, ApiKeyString), DirectoryError> {
    let NewApiKey { description, sources, constraints, life } = new;
    let now = desk.now();
    let (shown, secret_hash) = draw(desk);
    let prefix = shown.prefix.clone();
    let prefix_taken = looked_up(api_keys::find_by_prefix(desk.lane().connection(), &prefix).await)?.is_some();
    let expires_at = now.after(life);
    let key = aggregates::user::NewApiKey { prefix, secret_hash, sources, description, constraints, expires_at };
    Ok((UserCommand::IssueApiKey { key, prefix_taken, now }, shown))
}

/// The command that lets a user use a key for another period, from now on.
#[must_use]
pub fn renew(prefix: ApiKeyPrefix, life: Seconds, now: Timestamp) -> UserCommand {
    UserCommand::RenewApiKey { prefix, expires_at: now.after(life), now }
}

/// As a span, when a key may live for so many days.
///
/// # Errors
/// When it may not.
pub fn life(days: i64) -> Result<Seconds, DirectoryError> {
    if (1..=MAX_API_KEY_DAYS).contains(&days) {
        return Ok(Seconds(days * 86_400));
    }
    Err(DirectoryError::invalid("expiration_days")(format!("must be 1 to {MAX_API_KEY_DAYS} days")))
}

fn draw(desk: &Desk) -> (ApiKeyString, TokenHash) {
    let (mut bits, mut secret) = ([0; 8], Zeroizing::new([0; 32]));
    desk.tools().entropy.fill(&mut bits);
    desk.tools().entropy.fill(secret.as_mut_slice());
    let prefix = ApiKeyPrefix::from_random(u64::from_be_bytes(bits));
    let secret = Zeroizing::new(URL_SAFE_NO_PAD.encode(secret.as_slice()));
    let text = Zeroizing::new(format!("{prefix}/{}", secret.as_str()));
    (ApiKeyString { prefix, text }, secret_hash(&secret))
}

/// What is kept of the secret part of a key: SHA-256 of its text.
#[must_use]
pub fn secret_hash(secret: &str) -> TokenHash {
    let mut hash = [0; 32];
    for (to, from) in hash.iter_mut().zip(digest(&SHA256, secret.as_bytes()).as_ref()) {
        *to = *from;
    }
    TokenHash::new(&hash)
}
