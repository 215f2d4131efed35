//! `argus audit checkpoint`: signs the head of the log's tree, and takes the evidence out of the database.

use super::{Session, notary};
use crate::evidence::Notary;
use anyhow::Context;
use clap::Args;
use std::path::PathBuf;

/// Where the evidence goes.
#[derive(Debug, Args)]
pub struct Checkpoint {
    /// A file that is brought up to it, with every leaf hash; it is made when it is not there. Keep it apart from the database.
    #[arg(long, value_name = "FILE")]
    export: Option<PathBuf>,
}

impl Checkpoint {
    pub(super) async fn run(self, session: &Session) -> anyhow::Result<()> {
        let notary = Notary { file: self.export, ..notary(session) };
        let newest = notary.sign_now().await?.context("the log is empty, or no server has numbered it yet")?;
        print!("{}", newest.note);
        Ok(())
    }
}
