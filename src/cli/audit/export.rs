//! `argus audit export`: every entry that a filter asks for, for keeping.

use super::Query;
use crate::{
    cli::Session,
    read,
    trail::{Format, export},
};
use anyhow::Context;
use clap::Args;
use futures_util::TryStreamExt;
use projections::audit::{Asked, Visible};
use std::{
    fs::{File, OpenOptions},
    io::{Write, stdout},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    pin::pin,
};

/// As what, and where to.
#[derive(Debug, Args)]
pub struct Export {
    /// As what.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// A file that does not exist yet; else standard output.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    query: Query,
}

impl Export {
    pub(super) async fn run(self, session: &Session) -> anyhow::Result<()> {
        let filter = self.query.filter(session)?;
        let connections = session.database.connections();
        let asked = read!(connections, |c| Asked::so_far(c, &filter, &Visible::All))?;
        let mut file = self.out.as_deref().map(create).transpose()?;
        let mut lines = pin!(export(connections.clone(), asked, self.format));
        while let Some(bytes) = lines.try_next().await? {
            match &mut file {
                Some(file) => file.write_all(&bytes)?,
                None => stdout().write_all(&bytes)?,
            }
        }
        stdout().flush()?;
        file.map_or(Ok(()), |file| file.sync_all())?;
        Ok(())
    }
}

/// A new file, for its owner alone: an export is not written over an earlier one.
fn create(path: &Path) -> anyhow::Result<File> {
    let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    file.with_context(|| format!("{} cannot be made", path.display()))
}
