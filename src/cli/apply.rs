//! `argus apply FILE`.

use super::{Session, administration::Reason};
use crate::directory::apply::{self, Definitions, Surroundings};
use anyhow::Context;
use clap::Args;
use std::{env, fs, path::PathBuf};
use zeroize::Zeroizing;

/// Bring the directory to what a TOML file says.
///
/// What is missing is made, what differs is changed, what the file does not name is left alone. A second run changes nothing.
#[derive(Debug, Args)]
pub struct Apply {
    /// The file.
    file: PathBuf,
    /// Say what would change, and change nothing.
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    reason: Reason,
}

impl Apply {
    /// Carries it out.
    ///
    /// # Errors
    /// What keeps it from being done; then nothing was.
    pub async fn run(self, session: &Session) -> anyhow::Result<()> {
        let text = fs::read_to_string(&self.file).with_context(|| format!("cannot read {}", self.file.display()))?;
        let file: Definitions = toml::from_str(&text).with_context(|| self.file.display().to_string())?;
        let domain = session.config.domain();
        let variable = |name: &str| env::var(name).ok().map(Zeroizing::new);
        let around = Surroundings { domain: &domain, variable: &variable };
        let mut desk = self.reason.desk(session).await?;
        let applied = apply::apply(&mut desk, &file, around).await?;
        let changes = desk.recorded();
        if self.dry_run {
            println!("{changes} changes would be made");
            return Ok(());
        }
        desk.commit().await?;
        for drawn in &applied.drawn {
            println!("{}: one-time password {}", drawn.user_name, drawn.password.reveal());
        }
        println!("{changes} changes");
        Ok(())
    }
}
