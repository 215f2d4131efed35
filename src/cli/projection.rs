//! `argus projection list`: how the read models are doing.

use crate::{
    database::Database,
    event_store::follow::{Standing, standings},
};
use clap::Subcommand;
use projections::Mode;

/// Read models.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Shows every read model: its version, how far it is, and why it stands still.
    List,
}

/// Carries out the command.
///
/// # Errors
/// When the database cannot be used.
pub async fn run(args: Args, database: &Database) -> anyhow::Result<()> {
    match args.command {
        Command::List => list(database).await,
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
        (None, true) => format!("REBUILD: argus replay run {}", standing.name),
        (None, false) => "live".to_owned(),
    }
}
