//! `argus key list` and `argus master-key create FILE`.

use crate::{config::Config, database::Database, entropy::SystemEntropy, keys::MasterKey, read};
use anyhow::Context;
use chrono::DateTime;
use clap::Subcommand;
use projections::signing_keys::{self, SigningKeyRow};
use std::path::PathBuf;

/// The keys that sign ID tokens.
#[derive(Debug, Subcommand)]
pub enum KeyCommand {
    /// Lists every signing key with its place in its life.
    List,
}

/// The key that seals what is stored.
#[derive(Debug, Subcommand)]
pub enum MasterKeyCommand {
    /// Writes a new master key to a new file that only its owner can read.
    Create {
        /// The file; it must not exist.
        file: PathBuf,
    },
}

impl KeyCommand {
    /// Carries it out on the configured database.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn run(self, config: &Config) -> anyhow::Result<()> {
        let Self::List = self;
        let database = Database::open(config).await?;
        let rows = read!(database.connections(), |c| signing_keys::list(c));
        database.close().await;
        rows?.iter().for_each(|row| println!("{}", line(row)));
        Ok(())
    }
}

impl MasterKeyCommand {
    /// Carries it out. Needs no database.
    ///
    /// # Errors
    /// When the file exists or cannot be written.
    pub fn run(self) -> anyhow::Result<()> {
        let Self::Create { file } = self;
        MasterKey::create(&file, &SystemEntropy::default()).context("no master key was made")?;
        println!(
            "{}: a new master key. Keep a copy apart from the database: without it nothing sealed can be read.",
            file.display()
        );
        Ok(())
    }
}

/// kid, algorithm, status, and since when it stands there.
fn line(row: &SigningKeyRow) -> String {
    let since = row.retired_at.or(row.activated_at).unwrap_or(row.created_at);
    let since = DateTime::from_timestamp_millis(since.millis()).unwrap_or_default();
    format!("{}  {}  {:<9}  since {}", row.id, row.algorithm, row.status, since.format("%Y-%m-%dT%H:%M:%SZ"))
}
