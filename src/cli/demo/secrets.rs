//! The demo's secrets: drawn at its first start, kept in a file that only its owner can read, the same at every later start.

use crate::{directory::password_rules::OneTimePassword, entropy::Entropy};
use anyhow::Context;
use serde::{Deserialize, Serialize};
use std::{
    fs::{self, OpenOptions},
    io::{ErrorKind, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};
use zeroize::Zeroizing;

const FILE: &str = "demo-secrets.toml";
const API_KEY_FILE: &str = "demo-api-key";

/// What the demo shows on the terminal.
pub(super) struct Secrets {
    /// Everybody's.
    pub(super) password: Zeroizing<String>,
    /// The relying party's.
    pub(super) client_secret: Zeroizing<String>,
}

#[derive(Serialize, Deserialize)]
struct Kept {
    password: String,
    client_secret: String,
}

impl From<Kept> for Secrets {
    fn from(kept: Kept) -> Self {
        Self { password: kept.password.into(), client_secret: kept.client_secret.into() }
    }
}

impl Secrets {
    /// The kept ones, or fresh ones that are kept from now on.
    pub(super) fn kept_in(data_dir: &Path, entropy: &dyn Entropy) -> anyhow::Result<Self> {
        let path = data_dir.join(FILE);
        match fs::read_to_string(&path) {
            Ok(text) => Ok(toml::from_str::<Kept>(&text).with_context(|| path.display().to_string())?.into()),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                let drawn = || OneTimePassword::draw(entropy).reveal().to_owned();
                let kept = Kept { password: drawn(), client_secret: format!("{}-{}", drawn(), drawn()) };
                keep(&path, &toml::to_string(&kept)?)?;
                Ok(kept.into())
            }
            Err(error) => Err(error).with_context(|| path.display().to_string()),
        }
    }
}

/// Whether the administrator's API key was made at an earlier start and is still known.
pub(super) fn has_api_key(data_dir: &Path) -> bool {
    data_dir.join(API_KEY_FILE).exists()
}

/// The administrator's API key: the one that was just made is kept; otherwise the kept one.
pub(super) fn keep_api_key(data_dir: &Path, made: Option<Zeroizing<String>>) -> anyhow::Result<String> {
    let path = data_dir.join(API_KEY_FILE);
    if let Some(key) = made {
        keep(&path, &key)?;
    }
    fs::read_to_string(&path).with_context(|| path.display().to_string())
}

fn keep(path: &Path, text: &str) -> anyhow::Result<()> {
    let file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path);
    file.and_then(|mut file| file.write_all(text.as_bytes())).with_context(|| path.display().to_string())
}
