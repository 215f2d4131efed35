//! `argus key list|rotate` and `argus master-key create FILE`.

use super::Session;
use crate::{
    entropy::SystemEntropy,
    keys::{KeyMaker, MasterKey, SigningKeys},
    read,
};
use aggregates::values::Reason;
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
    /// Lets the successor sign, retires the active key, and makes a new successor.
    ///
    /// Relying parties see the successor for an hour before it may sign. The retired key stays published for as long as a token
    /// lives that it has signed. Running servers follow within a minute.
    Rotate {
        /// Recorded with every event.
        #[arg(long, value_name = "TEXT")]
        reason: Option<Reason>,
    },
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
    /// Carries it out.
    ///
    /// # Errors
    /// When the database cannot be read, or the successor has not been published for long enough.
    pub async fn run(self, session: &Session) -> anyhow::Result<()> {
        match self {
            Self::List => {
                let rows = read!(session.database.connections(), |c| signing_keys::list(c))?;
                rows.iter().for_each(|row| println!("{}", line(row)));
                Ok(())
            }
            Self::Rotate { reason } => rotate(session, reason).await,
        }
    }
}

async fn rotate(session: &Session, reason: Option<Reason>) -> anyhow::Result<()> {
    let maker = KeyMaker {
        keys: session.keys.clone(),
        store: session.store.clone(),
        connections: session.database.connections().clone(),
        clock: session.clock.clone(),
        entropy: session.entropy.clone(),
    };
    let signing = SigningKeys::open(maker).await?;
    // An ID token lives as long as the access token that it came with.
    signing.rotate(session.config.lifetimes.longest_signed(), &session.context(reason)).await?;
    println!("rotated");
    Ok(())
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
