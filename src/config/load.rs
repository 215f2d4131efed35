//! From a file and the environment to checked settings.

use super::{Config, ConfigError, Secret, default_listen, environment::Environment, issuer};
use aggregates::values::Seconds;
use figment::{
    Figment,
    providers::{Format, Serialized, Toml},
};
use nix::unistd::geteuid;
use std::{env, fs, net::SocketAddr, path::Path, path::PathBuf};

/// Connections beside those for requests: the appender, the watcher, followers of read models, and a command
/// beside the server. Each sink's follower comes on top.
const OTHER_CONNECTIONS: u32 = 16;

/// Relying parties see a successor for an hour before it may sign, and cache what they have seen.
const SHORTEST_ROTATION: i64 = 86_400;

impl Config {
    /// Defaults, under the TOML file, under the `ARGUS__` variables of this process.
    ///
    /// # Errors
    /// An unreadable file, an unknown key, a value that cannot work.
    pub fn load(file: Option<&Path>) -> Result<Self, ConfigError> {
        let text = file.map(read).transpose()?.unwrap_or_default();
        let variables = env::vars_os().filter_map(|(k, v)| Some((k.into_string().ok()?, v.into_string().ok()?)));
        Self::from_sources(&text, variables)
    }

    /// The same from a TOML text and variables that are handed in.
    ///
    /// # Errors
    /// As for [`Config::load`].
    pub fn from_sources(
        toml: &str,
        variables: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, ConfigError> {
        let given = Figment::from(Toml::string(toml)).merge(Environment::of(variables));
        let mut config: Self = with_defaults(given)?.extract()?;
        given_or_read("database.url", &mut config.database.url, config.database.url_file.as_deref())?;
        for (name, sink) in &mut config.sinks {
            sink.read_files(name)?;
        }
        config.check()?;
        Ok(config)
    }

    fn check(&self) -> Result<(), ConfigError> {
        if self.trusted_proxies.iter().any(|network| network.prefix_len() == 0) {
            let reason = "a /0 network would let every caller choose the address it seems to come from";
            return Err(ConfigError::refused("trusted_proxies", reason));
        }
        self.check_database()?;
        self.sinks.iter().try_for_each(|(name, sink)| sink.check(name))?;
        if self.keys.rotate_after.0 < SHORTEST_ROTATION {
            return Err(ConfigError::refused("keys.rotate_after", "must be at least 86400 seconds: a day"));
        }
        if self.retention.keep_months == 0 {
            return Err(ConfigError::refused("retention.keep_months", "must be at least 1"));
        }
        let lifetimes = &self.lifetimes;
        positive("lifetimes.code", lifetimes.code)?;
        positive("lifetimes.access", lifetimes.access)?;
        positive("lifetimes.access_jwt", lifetimes.access_jwt)?;
        positive("lifetimes.refresh", lifetimes.refresh)?;
        positive("lifetimes.session", lifetimes.session)?;
        if lifetimes.refresh_repeat.0 < 0 {
            return Err(ConfigError::refused("lifetimes.refresh_repeat", "must be 0 or more seconds"));
        }
        Ok(())
    }

    fn check_database(&self) -> Result<(), ConfigError> {
        let database = &self.database;
        if database.connections == 0 {
            return Err(ConfigError::refused("database.connections", "must be at least 1"));
        }
        let others = OTHER_CONNECTIONS.saturating_add(u32::try_from(self.sinks.len()).unwrap_or(u32::MAX));
        let enough = database.connections.saturating_add(others);
        if database.url.is_none() && database.max_connections < enough {
            let reason = format!("must be at least {enough}: database.connections and {others} more");
            return Err(ConfigError::refused("database.max_connections", reason));
        }
        if !is_memory_size(&database.shared_buffers) {
            return Err(ConfigError::refused("database.shared_buffers", "must be a number and kB, MB or GB: 128MB"));
        }
        positive("database.start_timeout", database.start_timeout)?;
        positive("database.stop_timeout", database.stop_timeout)
    }
}

/// Adds the two defaults that depend on the rest.
fn with_defaults(given: Figment) -> Result<Figment, ConfigError> {
    let mut all = given;
    if !all.contains("issuer") {
        let listen: SocketAddr = match all.contains("listen") {
            true => all.extract_inner("listen")?,
            false => default_listen(),
        };
        let issuer = issuer::for_loopback(listen).ok_or_else(|| {
            ConfigError::refused("issuer", format!("must be set, as {listen} can be reached from other machines"))
        })?;
        all = all.join(Serialized::default("issuer", issuer));
    }
    if !all.contains("data_dir") {
        let dir = default_data_dir()
            .ok_or_else(|| ConfigError::refused("data_dir", "must be set, as there is no home directory"))?;
        all = all.join(Serialized::default("data_dir", dir));
    }
    Ok(all)
}

/// `/var/lib/argus` for root, else `argus` in the user's data directory of the XDG Base Directory Specification.
fn default_data_dir() -> Option<PathBuf> {
    if geteuid().is_root() {
        return Some(PathBuf::from("/var/lib/argus"));
    }
    let absolute = |name| env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let base = absolute("XDG_DATA_HOME").or_else(|| Some(absolute("HOME")?.join(".local/share")))?;
    Some(base.join("argus"))
}

/// Reads the secret `key` from a file, if one was named.
pub(super) fn given_or_read(key: &str, secret: &mut Option<Secret>, file: Option<&Path>) -> Result<(), ConfigError> {
    let Some(path) = file else { return Ok(()) };
    if secret.is_some() {
        return Err(ConfigError::refused(format!("{key}_file"), format!("give either this or {key}")));
    }
    *secret = Some(Secret::from(read(path)?.trim_end().to_owned()));
    Ok(())
}

fn read(path: &Path) -> Result<String, ConfigError> {
    fs::read_to_string(path).map_err(|cause| ConfigError::Unreadable { path: path.to_owned(), cause })
}

fn positive(key: &'static str, span: Seconds) -> Result<(), ConfigError> {
    if span.0 > 0 { Ok(()) } else { Err(ConfigError::refused(key, "must be at least 1 second")) }
}

fn is_memory_size(text: &str) -> bool {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = text.get(digits.len()..).unwrap_or_default();
    !digits.is_empty() && digits.bytes().all(|c| c.is_ascii_digit()) && matches!(unit, "kB" | "MB" | "GB")
}
