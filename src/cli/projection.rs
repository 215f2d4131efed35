//! `argus projection`: how the read models are doing, and rebuilding them from the log. Works beside a running server.

use crate::{
    database::Database,
    event_store::{
        follow::{Standing, standings},
        rebuild::rebuild,
    },
};
use anyhow::Context as _;
use clap::Subcommand;
use projections::{Mode, READ_MODELS, Unseal};

/// Read models: list them, rebuild them.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Shows every read model: its version, how far it is, and why it stands still.
    List,
    /// Fills new tables from the log and swaps them in.
    Rebuild {
        /// Its name in the list.
        #[arg(required_unless_present = "all")]
        name: Option<String>,
        /// All of them but the evidence, in the order of the list.
        #[arg(long, conflicts_with = "name")]
        all: bool,
    },
}

/// Carries out the command.
///
/// # Errors
/// When the database cannot be used or a read model cannot be rebuilt.
pub async fn run(args: Args, database: &Database, unseal: &dyn Unseal) -> anyhow::Result<()> {
    match args.command {
        Command::List => list(database).await,
        Command::Rebuild { name: Some(name), .. } => rebuild_one(database, &name, unseal).await,
        Command::Rebuild { name: None, .. } => {
            for model in READ_MODELS.iter().filter(|model| model.kept.is_none()) {
                rebuild_one(database, model.name, unseal).await?;
            }
            Ok(())
        }
    }
}

async fn list(database: &Database) -> anyhow::Result<()> {
    let mut lease = database.connections().lease().await?;
    let all = standings(&mut lease).await?;
    lease.done();
    println!("{:20} {:8} {:>7} {:>12} {:>8}  STATUS", "NAME", "MODE", "VERSION", "POSITION", "BEHIND");
    for standing in all {
        println!("{}", line(&standing));
    }
    Ok(())
}

fn line(standing: &Standing) -> String {
    let Standing { name, mode, version, position, behind, .. } = standing;
    let mode = match mode {
        Mode::Inline => "inline",
        Mode::Followed => "followed",
    };
    let number = |value: &Option<i64>| value.map_or_else(|| "-".to_owned(), |value| value.to_string());
    let (position, behind) = (number(position), number(behind));
    format!("{name:20} {mode:8} {version:>7} {position:>12} {behind:>8}  {}", status(standing))
}

fn status(standing: &Standing) -> String {
    match (&standing.error, standing.stale) {
        (Some(error), _) => format!("FAILING: {error}"),
        (None, true) => format!("REBUILD: argus projection rebuild {}", standing.name),
        (None, false) => "live".to_owned(),
    }
}

async fn rebuild_one(database: &Database, name: &str, unseal: &dyn Unseal) -> anyhow::Result<()> {
    let mut progress = |done, total| eprintln!("{name}: {done} of {total} events");
    rebuild(&database.owner_options(), name, unseal, &mut progress)
        .await
        .with_context(|| format!("rebuild of {name}"))?;
    println!("{name}: rebuilt");
    Ok(())
}
