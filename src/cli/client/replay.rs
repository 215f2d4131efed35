//! `argus client replay`: recorded changes once more.

use super::{Which, change::Work, history};
use crate::{
    cli::{Session, administration::Reason, output::Output},
    directory::clients::{refused, replaying},
};
use aggregates::client::Client;
use clap::Args;

/// Repeat recorded changes of a client, onto what it is now or onto another.
///
/// Prints what would change, and who would gain or lose access; with --execute it is done, in one transaction, each version as a
/// change of its own whose reason names it. Secrets are not repeated, nor how the client authenticates, nor disabling and deleting.
#[derive(Debug, Args)]
pub struct Replay {
    /// Whose changes; by UUID also of a deleted client.
    #[command(flatten)]
    which: Which,
    /// From this version on.
    #[arg(long, value_name = "VERSION", value_parser = clap::value_parser!(i64).range(1..))]
    from: i64,
    /// Up to and including this version; the last unless given.
    #[arg(long, value_name = "VERSION", value_parser = clap::value_parser!(i64).range(1..))]
    to: Option<i64>,
    /// Onto this other client (UUID or short name).
    #[arg(long, value_name = "CLIENT")]
    onto: Option<String>,
    /// Do it.
    #[arg(long)]
    execute: bool,
    /// How to print it.
    #[command(flatten)]
    output: Output,
}

impl Replay {
    /// Carries it out.
    ///
    /// # Errors
    /// What the rules say, in words; or the database.
    pub(super) async fn run(self, session: &Session) -> anyhow::Result<()> {
        let (lease, source) = history::read(session, &self.which).await?;
        lease.done();
        let mut work = Work::begin(session, Reason::none()).await?;
        let onto = Which { client: self.onto.unwrap_or(self.which.client), domain: self.which.domain };
        let present = work.find(&onto).await?;
        let versions = self.from..=self.to.unwrap_or(i64::MAX);
        let replay = replaying(&mut work.lane, &source, versions, &present).await?;
        for (version, event) in &replay.left_out {
            eprintln!("version {version}: {event} is left out");
        }
        if !self.execute {
            let commands = replay.versions.into_iter().map(|replayed| replayed.command).collect();
            return work.preview(present.id, commands, self.output).await;
        }
        let count = replay.versions.len();
        for replayed in replay.versions {
            work.context.reason = Some(replayed.reason);
            let done = work.lane.execute::<Client>(present.id.uuid(), replayed.command, &work.context).await;
            done.map_err(refused)?;
        }
        work.lane.commit().await?;
        println!("{}: {count} versions repeated", present.id);
        Ok(())
    }
}
