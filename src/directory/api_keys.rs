//! API keys: input to command. The key itself is shown once and never stored.

use super::{
    Desk, DirectoryError,
    desk::{field, looked_up},
};
use aggregates::{
    user::{MAX_API_KEY_DAYS, NewApiKey, UserCommand},
    values::{ApiKeyPrefix, Constraints, IpRange, IpRanges, Seconds, TokenHash},
};
use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use projections::api_keys;
use serde::Deserialize;
use zeroize::Zeroizing;

/// An API key that is to be.
#[derive(Debug, Clone, Deserialize, clap::Args)]
#[serde(deny_unknown_fields)]
pub struct ApiKeyInput {
    /// What it is for, in words.
    #[arg(long, default_value = "")]
    #[serde(default)]
    pub description: String,
    /// A network that it may be used from, like 192.0.2.0/24; may be repeated.
    #[arg(long = "source", required = true)]
    pub sources: Vec<String>,
    /// Days until it expires.
    #[arg(long, default_value_t = 90)]
    #[serde(default = "ninety")]
    pub expiration_days: i64,
    /// It changes nothing.
    #[arg(long)]
    #[serde(default)]
    pub read_only: bool,
}

const fn ninety() -> i64 {
    90
}

/// `1ab/2c/<secret>`: whoever has it is the user. It has no `Debug`.
pub struct ApiKeyString(Zeroizing<String>);

impl ApiKeyString {
    /// The whole key, to be shown once.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

/// The command that gives a user a new key, and the key.
///
/// # Errors
/// When a field is refused.
pub async fn issue(desk: &mut Desk, input: &ApiKeyInput) -> Result<(UserCommand, ApiKeyString), DirectoryError> {
    let sources = sources(&input.sources)?;
    let description = field("description", &input.description)?;
    let constraints = Constraints { functions: None, customers: None, read_only: input.read_only };
    let (now, days) = (desk.now(), input.expiration_days);
    if !(1..=MAX_API_KEY_DAYS).contains(&days) {
        let problem = format!("must be 1 to {MAX_API_KEY_DAYS} days");
        return Err(DirectoryError::invalid("expiration_days")(problem));
    }
    let (prefix, secret_hash, shown) = draw(desk);
    let prefix_taken = looked_up(api_keys::find_by_prefix(desk.lane().connection(), &prefix).await)?.is_some();
    let expires_at = now.after(Seconds(days * 86_400));
    let key = NewApiKey { prefix, secret_hash, sources, description, constraints, expires_at };
    Ok((UserCommand::IssueApiKey { key, prefix_taken, now }, shown))
}

fn draw(desk: &Desk) -> (ApiKeyPrefix, TokenHash, ApiKeyString) {
    let (mut bits, mut secret) = ([0; 8], Zeroizing::new([0; 32]));
    desk.tools().entropy.fill(&mut bits);
    desk.tools().entropy.fill(secret.as_mut_slice());
    let prefix = ApiKeyPrefix::from_random(u64::from_be_bytes(bits));
    let text = Zeroizing::new(URL_SAFE_NO_PAD.encode(secret.as_slice()));
    let shown = ApiKeyString(Zeroizing::new(format!("{prefix}/{}", text.as_str())));
    (prefix, secret_hash(&text), shown)
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

fn sources(texts: &[String]) -> Result<IpRanges, DirectoryError> {
    let ranges = texts.iter().map(|text| field("sources", text)).collect::<Result<Vec<IpRange>, _>>()?;
    IpRanges::try_from(ranges).map_err(|error| DirectoryError::invalid("sources")(error.to_string()))
}
