//! `[sinks.NAME]`: other systems that are told what happens.

use super::{ConfigError, Secret, load::given_or_read};
use aggregates::{DEFINITIONS, TRAFFIC, event_types, values::Seconds};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde::Deserialize;
use std::{collections::BTreeMap, path::PathBuf};
use url::Url;
use zeroize::Zeroizing;

/// All of them, by name.
pub type SinksConfig = BTreeMap<String, SinkConfig>;

/// What every secret of the standard webhooks specification begins with.
const SECRET_PREFIX: &str = "whsec_";
/// A follower's transaction does not wait longer for one answer, in seconds.
const LONGEST_TIMEOUT: i64 = 15;

/// One sink, by its `type`.
#[derive(Clone, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum SinkConfig {
    /// A file with a JSON object a line.
    Jsonl(JsonlConfig),
    /// A signed HTTP request for each event.
    Webhook(WebhookConfig),
    /// A NATS server with JetStream.
    Nats(NatsConfig),
    /// An EventStoreDB or KurrentDB; only in a program that was built with the feature `eventstore`.
    EventStore(EventStoreConfig),
}

/// `type = "jsonl"`.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JsonlConfig {
    /// The file; it is made, and readable by its owner only.
    pub path: PathBuf,
    /// What it is told of: `client.renamed`, `session.*`. Everything when there are none.
    #[serde(default)]
    pub events: Vec<String>,
}

/// `type = "webhook"`.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WebhookConfig {
    /// Where to post to, `https` or `http`. May hold a secret in its path or query.
    pub url: Option<Secret>,
    /// A file that holds such a URL.
    pub url_file: Option<PathBuf>,
    /// The key of the signature: `whsec_` and base64 of 24 to 64 bytes.
    pub secret: Option<Secret>,
    /// A file that holds such a key.
    pub secret_file: Option<PathBuf>,
    /// How long an answer may take.
    #[serde(default = "default_timeout")]
    pub timeout: Seconds,
    /// As for a file.
    #[serde(default)]
    pub events: Vec<String>,
}

/// `type = "nats"`.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NatsConfig {
    /// `nats://` or `tls://`, perhaps with user and password; several with commas between them.
    pub url: Option<Secret>,
    /// A file that holds such a URL.
    pub url_file: Option<PathBuf>,
    /// A file with the user's JWT and seed, as `nsc` writes it.
    pub credentials_file: Option<PathBuf>,
    /// What subjects begin with; the type of the event follows.
    #[serde(default = "default_subject")]
    pub subject: String,
    /// As for a file.
    #[serde(default)]
    pub events: Vec<String>,
}

/// `type = "eventstore"`.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventStoreConfig {
    /// The connection string: `kurrentdb://user:password@host:2113?tls=true`.
    pub url: Option<Secret>,
    /// A file that holds such a connection string.
    pub url_file: Option<PathBuf>,
    /// Whole types of streams: `session.*`. Everything when there are none.
    #[serde(default)]
    pub events: Vec<String>,
}

const fn default_timeout() -> Seconds {
    Seconds(10)
}

fn default_subject() -> String {
    "argus".to_owned()
}

impl SinkConfig {
    /// Its `type`.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Jsonl(_) => "jsonl",
            Self::Webhook(_) => "webhook",
            Self::Nats(_) => "nats",
            Self::EventStore(_) => "eventstore",
        }
    }

    /// The types of events that it is told of, `TYPE.*` for all of one type of stream; all events when there are none.
    #[must_use]
    pub fn events(&self) -> &[String] {
        match self {
            Self::Jsonl(JsonlConfig { events, .. })
            | Self::Webhook(WebhookConfig { events, .. })
            | Self::Nats(NatsConfig { events, .. })
            | Self::EventStore(EventStoreConfig { events, .. }) => events,
        }
    }

    /// Reads the secrets that are in files.
    pub(super) fn read_files(&mut self, name: &str) -> Result<(), ConfigError> {
        let key = |key| format!("sinks.{name}.{key}");
        match self {
            Self::Jsonl(_) => Ok(()),
            Self::Webhook(config) => {
                given_or_read(&key("secret"), &mut config.secret, config.secret_file.as_deref())?;
                given_or_read(&key("url"), &mut config.url, config.url_file.as_deref())
            }
            Self::Nats(config) => given_or_read(&key("url"), &mut config.url, config.url_file.as_deref()),
            Self::EventStore(config) => given_or_read(&key("url"), &mut config.url, config.url_file.as_deref()),
        }
    }

    /// The settings of the sink `name`.
    pub(super) fn check(&self, name: &str) -> Result<(), ConfigError> {
        let key = format!("sinks.{name}");
        let refused = |part: &str, reason: &str| Err(ConfigError::refused(format!("{key}{part}"), reason));
        if name.is_empty() || !name.bytes().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-') {
            return refused("", "its name must be of lower-case letters, digits and hyphens");
        }
        if let Some(event) = self.events().iter().find(|event| !is_known(event)) {
            return refused(".events", &format!("there is no event {event}"));
        }
        match self {
            Self::Jsonl(_) => Ok(()),
            Self::Webhook(config) => config.check().or_else(|(part, reason)| refused(part, reason)),
            Self::Nats(NatsConfig { url: None, .. }) | Self::EventStore(EventStoreConfig { url: None, .. }) => {
                refused(".url", "must be set, or url_file")
            }
            Self::Nats(config) if !is_subject(&config.subject) => {
                refused(".subject", "must be words of letters, digits, - and _ with dots between them")
            }
            Self::Nats(_) => Ok(()),
            Self::EventStore(config) if config.events.iter().any(|event| !event.ends_with(".*")) => {
                refused(".events", "a stream is told whole or not at all: TYPE.*")
            }
            Self::EventStore(_) => Ok(()),
        }
    }
}

impl WebhookConfig {
    /// What is wrong, and with which key.
    fn check(&self) -> Result<(), (&'static str, &'static str)> {
        self.target().ok_or((".url", "must be an http or https URL, without user name and password"))?;
        self.key().ok_or((".secret", "must be whsec_ and base64 of 24 to 64 bytes"))?;
        if (1..=LONGEST_TIMEOUT).contains(&self.timeout.0) {
            return Ok(());
        }
        Err((".timeout", "must be 1 to 15 seconds"))
    }

    /// Where to post to.
    #[must_use]
    pub fn target(&self) -> Option<Url> {
        let url = Url::parse(self.url.as_ref()?.expose()).ok()?;
        let plain = url.has_host() && url.username().is_empty() && url.password().is_none();
        (plain && ["http", "https"].contains(&url.scheme())).then_some(url)
    }

    /// The key of the signature.
    #[must_use]
    pub fn key(&self) -> Option<Zeroizing<Vec<u8>>> {
        let key = STANDARD.decode(self.secret.as_ref()?.expose().strip_prefix(SECRET_PREFIX)?).ok()?;
        (24..=64).contains(&key.len()).then(|| Zeroizing::new(key))
    }
}

fn is_known(event: &str) -> bool {
    let stream = |name| DEFINITIONS.contains(&name) || TRAFFIC.contains(&name);
    event.strip_suffix(".*").is_some_and(stream) || event_types().any(|known| known == event)
}

fn is_subject(text: &str) -> bool {
    let word = |word: &str| !word.is_empty() && word.bytes().all(|c| c.is_ascii_alphanumeric() || b"-_".contains(&c));
    text.split('.').all(word)
}
