//! `argus replay plan|run|drop`: read models made anew from the log, in place of the live ones or beside them. Works beside a
//! running server.

mod meter;
mod plan;

use super::{Session, moment::moment, output::Output};
use crate::event_store::{
    StorageError,
    replay::{Replay, SchemaName, Until, drop_schema, known},
};
use anyhow::{Context as _, bail};
use chrono::DateTime;
use clap::{Args, Subcommand};
use meter::Meter;
use projections::{ReadModel, replayed};
use tokio::{select, signal::ctrl_c};

/// Read models made anew from the log.
#[derive(Debug, Subcommand)]
pub enum ReplayCommand {
    /// Shows what a run would do: events by type, rows now, what would be replaced.
    Plan {
        /// Which, up to where, and where to.
        #[command(flatten)]
        what: What,
        /// How to print it.
        #[command(flatten)]
        output: Output,
    },
    /// Fills new tables from the log, while servers run, and swaps them in or leaves them in a schema of their own.
    ///
    /// Whatever ends it, the same command goes on where it was. Events are read, none is written, and no sink is told.
    Run {
        /// Which, up to where, and where to.
        #[command(flatten)]
        what: What,
        /// Begins anew what was interrupted.
        #[arg(long)]
        restart: bool,
    },
    /// Removes a schema that a run has filled or left unfinished.
    Drop {
        /// Its name.
        schema: SchemaName,
    },
}

/// Which read models, up to where, and where to.
#[derive(Debug, Args)]
pub struct What {
    /// Name of the read model, as `argus projection list` shows it.
    #[arg(required_unless_present = "all")]
    projection: Option<String>,
    /// All of them but the evidence.
    #[arg(long, conflicts_with = "projection")]
    all: bool,
    /// Up to and including this position of the log.
    #[arg(long, value_name = "N", requires = "into", conflicts_with = "to_time")]
    to_position: Option<i64>,
    /// As of this time: 2026-01-31, 2026-01-31T12:00:00Z, or a span back from now such as 90m, 12h, 7d.
    #[arg(long, value_name = "T", requires = "into")]
    to_time: Option<String>,
    /// Leaves the tables in this schema of the database, for inspection; otherwise they take the place of the live ones.
    #[arg(long, value_name = "SCHEMA")]
    into: Option<SchemaName>,
}

impl ReplayCommand {
    /// Carries it out.
    ///
    /// # Errors
    /// For an unknown read model, a point that is not in the past, a schema of somebody else; when it was interrupted.
    pub async fn run(self, session: &Session) -> anyhow::Result<()> {
        match self {
            Self::Plan { what, output } => plan::print(session, &what, output).await,
            Self::Run { what, restart } => {
                select! {
                    done = run(session, &what, restart) => done,
                    _ = ctrl_c() => bail!("interrupted: the same command goes on where this one was"),
                }
            }
            Self::Drop { schema } => {
                drop_schema(&session.database.owner_options(), &schema).await?;
                println!("{schema}: removed");
                Ok(())
            }
        }
    }
}

impl What {
    fn models(&self) -> Result<Vec<ReadModel>, StorageError> {
        match &self.projection {
            Some(name) => known(name).map(|model| vec![*model]),
            None => Ok(replayed().copied().collect()),
        }
    }

    fn until(&self, session: &Session) -> anyhow::Result<Until> {
        let Some(text) = &self.to_time else { return Ok(self.to_position.map_or(Until::Now, Until::Position)) };
        let at = moment(text, session.clock.now()).context("--to-time")?;
        let time = DateTime::from_timestamp_millis(at.millis()).context("--to-time: out of range")?;
        Ok(Until::Time(time))
    }
}

async fn run(session: &Session, what: &What, restart: bool) -> anyhow::Result<()> {
    let owner = session.database.owner_options();
    let replay = Replay { owner: &owner, unseal: &session.keys, restart };
    let models = what.models()?;
    let mut meter = Meter::new();
    if let Some(schema) = &what.into {
        let until = what.until(session)?;
        let reached = replay.into_schema(schema, &models, until, &mut |step| meter.show(step)).await?;
        meter.end();
        println!("{schema}: filled up to position {reached}");
        return Ok(());
    }
    for model in models {
        let name = model.name;
        replay.in_place(&model, &mut |step| meter.show(step)).await.with_context(|| format!("replay of {name}"))?;
        meter.end();
        println!("{name}: replaced");
    }
    Ok(())
}
