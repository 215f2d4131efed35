//! The sections of the settings and their defaults.

use aggregates::values::{AccessTokenFormat, Seconds};
use serde::Deserialize;
use std::{collections::BTreeSet, path::PathBuf};
use zeroize::Zeroizing;

/// `[database]`: with `url`, that server is used; without, a private one is run in the data directory.
#[derive(Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DatabaseConfig {
    /// `postgres://user:password@host:port/database` of a server that someone else runs.
    pub url: Option<Secret>,
    /// A file that holds such a URL, for orchestrators that hand out secrets as files.
    pub url_file: Option<PathBuf>,
    /// The `bin` directory of the Postgres to embed; found by itself when absent.
    pub bin_dir: Option<PathBuf>,
    /// The account that the embedded Postgres runs as when this program is root: `argus`, else `postgres` by default.
    pub run_as: Option<String>,
    /// Connections kept for requests, a quarter of them for searches.
    pub connections: u32,
    /// `shared_buffers` of the embedded Postgres, such as `128MB`.
    pub shared_buffers: String,
    /// `max_connections` of the embedded Postgres.
    pub max_connections: u32,
    /// How long the embedded Postgres may take to start, crash recovery included.
    pub start_timeout: Seconds,
    /// How long it may take to stop before it is made to.
    pub stop_timeout: Seconds,
}

impl Default for DatabaseConfig {
    fn default() -> Self {
        Self {
            url: None,
            url_file: None,
            bin_dir: None,
            run_as: None,
            connections: 16,
            shared_buffers: "128MB".to_owned(),
            max_connections: 100,
            start_timeout: Seconds(120),
            stop_timeout: Seconds(30),
        }
    }
}

/// A secret, or a URL that may hold one: no `Debug`, and wiped from memory when dropped.
#[derive(Clone, Deserialize)]
#[serde(from = "String")]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// What it is. Never log it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(Zeroizing::new(text))
    }
}

/// `[keys]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct KeysConfig {
    /// The file with the master key that seals what is stored; `master.key` in the data directory by default.
    pub master_key_file: Option<PathBuf>,
    /// How long a signing key signs before its successor takes its place, in seconds.
    pub rotate_after: Seconds,
}

impl Default for KeysConfig {
    fn default() -> Self {
        Self { master_key_file: None, rotate_after: Seconds(90 * 86_400) }
    }
}

/// `[retention]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RetentionConfig {
    /// How many whole months of grants and sessions are kept in the log, beside the present one.
    pub keep_months: u32,
}

impl Default for RetentionConfig {
    fn default() -> Self {
        Self { keep_months: 5 }
    }
}

/// `[lifetimes]`, all in seconds.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Lifetimes {
    /// An authorization code, from issue to redemption (RFC 6749 §4.1.2 asks for at most ten minutes).
    pub code: Seconds,
    /// An access token and an ID token.
    pub access: Seconds,
    /// An access token that is a JWT (RFC 9068): whoever verifies it alone learns of a revocation no earlier.
    pub access_jwt: Seconds,
    /// From authorization to the last refresh.
    pub refresh: Seconds,
    /// How long a confidential client may repeat a refresh whose answer it lost.
    pub refresh_repeat: Seconds,
    /// A session, from sign-in to its end.
    pub session: Seconds,
}

impl Default for Lifetimes {
    fn default() -> Self {
        Self {
            code: Seconds(60),
            access: Seconds(600),
            access_jwt: Seconds(300),
            refresh: Seconds(28_800),
            refresh_repeat: Seconds(10),
            session: Seconds(28_800),
        }
    }
}

impl Lifetimes {
    /// How long an access token of this form lives.
    #[must_use]
    pub const fn of_access(&self, form: AccessTokenFormat) -> Seconds {
        match form {
            AccessTokenFormat::Argus => self.access,
            AccessTokenFormat::Jwt => self.access_jwt,
        }
    }

    /// The longest that anything which is signed lives.
    #[must_use]
    pub fn longest_signed(&self) -> Seconds {
        self.access.max(self.access_jwt)
    }
}

/// `[audit]`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AuditConfig {
    /// A file outside of the database that is told of every leaf and every checkpoint; none by default.
    pub evidence_file: Option<PathBuf>,
    /// What is only changed with a reason.
    pub require_reason: RequireReason,
}

/// Whether a change needs a reason.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged, expecting = "must be true, false, or a list of: client, customer, domain, function, group, user")]
pub enum RequireReason {
    /// Of any definition, or of none.
    Any(bool),
    /// Of definitions of these kinds.
    Of(BTreeSet<Noun>),
}

/// A kind of definition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "they say what they are")]
pub enum Noun {
    Client,
    Customer,
    Domain,
    Function,
    Group,
    User,
}

impl Default for RequireReason {
    fn default() -> Self {
        Self::Any(false)
    }
}

impl RequireReason {
    /// Whether a change to an aggregate of this type needs a reason. Keys are no definitions of people: they change by the clock.
    #[must_use]
    pub fn covers(&self, aggregate_type: &str) -> bool {
        let noun = match aggregate_type {
            "client" => Noun::Client,
            "customer" => Noun::Customer,
            "domain" => Noun::Domain,
            "function" => Noun::Function,
            "group" => Noun::Group,
            "user" => Noun::User,
            _ => return false,
        };
        match self {
            Self::Any(any) => *any,
            Self::Of(nouns) => nouns.contains(&noun),
        }
    }
}

/// `[log]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LogConfig {
    /// How a line looks.
    pub format: LogFormat,
    /// What is logged, in the syntax of tracing's `EnvFilter`: `info`, `argus=debug,info`.
    pub filter: String,
}

impl Default for LogConfig {
    fn default() -> Self {
        Self { format: LogFormat::Text, filter: "info".to_owned() }
    }
}

/// How a log line looks.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object per line.
    Json,
}
