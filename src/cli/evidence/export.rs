//! `argus audit evidence FILE`: the log as it is hashed, with all that proves it.

use super::Session;
use crate::evidence::export_log;
use anyhow::Context;
use clap::Args;
use std::{
    fs::OpenOptions,
    io::{BufWriter, Write},
    os::unix::fs::OpenOptionsExt,
    path::PathBuf,
};

/// Where it goes.
#[derive(Debug, Args)]
pub struct Evidence {
    /// The file; it must not exist. It holds everything that the log holds, personal data sealed, and is its owner's alone.
    file: PathBuf,
}

impl Evidence {
    pub(super) async fn run(self, session: &Session) -> anyhow::Result<()> {
        let context = || self.file.display().to_string();
        let file =
            OpenOptions::new().write(true).create_new(true).mode(0o600).open(&self.file).with_context(context)?;
        let mut out = BufWriter::new(file);
        let events = export_log(session.database.connections(), &mut out).await.with_context(context)?;
        out.flush().and_then(|()| out.get_ref().sync_all()).with_context(context)?;
        println!("{events} events");
        Ok(())
    }
}
