//! `ARGUS__SECTION__KEY=value` as a source of settings.
//!
//! Values are TOML-like: `8080`, `true`, `text`, `["10.0.0.0/8"]`. Takes the variables as arguments instead of reading the
//! process environment, so that tests need not change it.

use figment::{
    Error, Metadata, Profile, Provider,
    value::{Dict, Map, Value},
};

const PREFIX: &str = "ARGUS__";

/// The variables that are settings.
pub(super) struct Environment(Vec<(String, String)>);

impl Environment {
    /// Those of `variables` that begin with `ARGUS__`.
    pub(super) fn of(variables: impl IntoIterator<Item = (String, String)>) -> Self {
        Self(variables.into_iter().filter_map(|(name, value)| Some((key(&name)?, value))).collect())
    }
}

impl Provider for Environment {
    fn metadata(&self) -> Metadata {
        Metadata::named("environment variable").interpolater(|_: &Profile, keys: &[&str]| variable(keys))
    }

    fn data(&self) -> Result<Map<Profile, Dict>, Error> {
        let mut all = Dict::new();
        for (key, text) in &self.0 {
            let value = text.parse::<Value>().unwrap_or_else(|never| match never {});
            merge(&mut all, key, value);
        }
        Ok(Profile::Default.collect(all))
    }
}

/// `ARGUS__DATABASE__BIN_DIR` is `database.bin_dir`.
fn key(variable: &str) -> Option<String> {
    let path = variable.strip_prefix(PREFIX)?;
    (!path.is_empty()).then(|| path.to_lowercase().replace("__", "."))
}

/// The way back, for error messages.
fn variable(keys: &[&str]) -> String {
    format!("{PREFIX}{}", keys.join("__").to_uppercase())
}

fn merge(into: &mut Dict, key: &str, value: Value) {
    match key.split_once('.') {
        None => {
            into.insert(key.to_owned(), value);
        }
        Some((section, rest)) => {
            let slot = into.entry(section.to_owned()).or_insert_with(|| Value::from(Dict::new()));
            if !matches!(slot, Value::Dict(..)) {
                *slot = Value::from(Dict::new());
            }
            if let Value::Dict(_, inner) = slot {
                merge(inner, rest, value);
            }
        }
    }
}
