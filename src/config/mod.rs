//! The settings of one server: a TOML file and `ARGUS__SECTION__KEY` variables over defaults that work.
//!
//! Every key is listed in `docs/reference/configuration.md`. An unknown key is an error, so that a typing mistake never
//! silently leaves a default in force.

mod environment;
mod error;
mod issuer;
mod load;
mod sections;
mod sinks;

pub use error::ConfigError;
pub use sections::{
    AuditConfig, DatabaseConfig, KeysConfig, Lifetimes, LogConfig, LogFormat, Noun, RequireReason, RetentionConfig,
    Secret,
};
pub use sinks::{EventStoreConfig, JsonlConfig, NatsConfig, SinkConfig, SinksConfig, WebhookConfig};

use aggregates::values::ShortName;
use ipnet::IpNet;
use serde::Deserialize;
use std::{
    net::{Ipv4Addr, SocketAddr},
    path::PathBuf,
};
use url::Url;

/// Everything that can be set. Not `Debug`: a database URL may hold a password.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Where clients and browsers reach this server; [`Config::url`] builds on it. `http://localhost:<port>` by default,
    /// which is refused as a default as soon as `listen` is not a loopback address.
    #[serde(deserialize_with = "issuer::deserialize")]
    pub issuer: Url,
    /// The address and port that the server listens on.
    #[serde(default = "default_listen")]
    pub listen: SocketAddr,
    /// Where the embedded Postgres and the master key live.
    pub data_dir: PathBuf,
    /// The domain of a sign-in that names none.
    #[serde(default)]
    pub default_domain: Option<ShortName>,
    /// Networks of reverse proxies whose `X-Forwarded-For` is believed.
    #[serde(default)]
    pub trusted_proxies: Vec<IpNet>,
    /// The database, embedded or not.
    #[serde(default)]
    pub database: DatabaseConfig,
    /// Where the master key is.
    #[serde(default)]
    pub keys: KeysConfig,
    /// How long codes, tokens and sessions live.
    #[serde(default)]
    pub lifetimes: Lifetimes,
    /// How long grants and sessions stay in the log.
    #[serde(default)]
    pub retention: RetentionConfig,
    /// What the trail asks of those who change something, and where the log's evidence goes.
    #[serde(default)]
    pub audit: AuditConfig,
    /// What is logged, and how.
    #[serde(default)]
    pub log: LogConfig,
    /// Other systems that are told what happens.
    #[serde(default)]
    pub sinks: SinksConfig,
}

impl Config {
    /// The absolute URL of `path` (which starts with `/`). With an empty path: the issuer identifier of OpenID Connect
    /// Discovery 1.0 §3, which never ends in a slash here.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.issuer.as_str().trim_end_matches('/'))
    }
}

impl Config {
    /// The domain that is meant where none is named; the first start makes it.
    #[must_use]
    pub fn domain(&self) -> ShortName {
        self.default_domain.clone().unwrap_or_default()
    }

    /// Its short name.
    #[must_use]
    pub fn domain_name(&self) -> &str {
        self.default_domain.as_ref().map_or(ShortName::DEFAULT, ShortName::as_str)
    }
}

fn default_listen() -> SocketAddr {
    SocketAddr::from((Ipv4Addr::LOCALHOST, 8080))
}
