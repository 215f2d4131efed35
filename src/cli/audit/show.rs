//! `argus audit show`: one entry, explained.

use crate::{cli::Session, directory::DirectoryError, read};
use clap::Args;
use projections::audit::{self, Visible};
use serde_json::Value;

/// Which entry.
#[derive(Debug, Args)]
pub struct Show {
    /// Its position in the log: the first column of the list.
    entry: i64,
    /// Print it as a JSON object.
    #[arg(long)]
    json: bool,
}

impl Show {
    /// Prints the sentence, then every field that says something.
    pub(super) async fn run(self, session: &Session) -> anyhow::Result<()> {
        let found = read!(session.database.connections(), |c| audit::find(c, self.entry, &Visible::All))?;
        let missing = || DirectoryError::NotFound { kind: "entry", reference: self.entry.to_string() };
        let entry = serde_json::to_value(found.ok_or_else(missing)?)?;
        if self.json {
            println!("{entry:#}");
            return Ok(());
        }
        println!("{}\n", entry.get("sentence").and_then(Value::as_str).unwrap_or_default());
        for (name, value) in entry.as_object().into_iter().flatten().filter(|(name, _)| *name != "sentence") {
            match value {
                Value::Null => {}
                Value::String(text) => println!("{name:<18} {text}"),
                other => println!("{name:<18} {other}"),
            }
        }
        Ok(())
    }
}
