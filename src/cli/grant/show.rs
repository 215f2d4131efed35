//! `argus grant show`: a grant's life.

use super::{id, missing};
use crate::{
    cli::{Session, output::second},
    read,
};
use aggregates::values::Timestamp;
use clap::Args;
use projections::audit::{GrantLife, GrantRow, Page, Visible, find_grant};
use serde_json::Value;

const PAGE: i64 = 1000;

/// Which grant.
#[derive(Debug, Args)]
pub struct Show {
    /// Its id.
    grant: String,
    /// Print it as a JSON object.
    #[arg(long)]
    json: bool,
}

impl Show {
    /// Prints a line for every entry, and how it stands.
    pub(super) async fn run(self, session: &Session) -> anyhow::Result<()> {
        let life = self.find(session).await?;
        if self.json {
            println!("{}", serde_json::to_string_pretty(&life)?);
            return Ok(());
        }
        for entry in &life.entries {
            println!("{:>8}  {}  {}", entry.row.position, text(entry.row.at), entry.sentence);
        }
        println!("\n{}", standing(&life.grant));
        Ok(())
    }

    /// The whole of it.
    async fn find(&self, session: &Session) -> anyhow::Result<GrantLife> {
        let (id, now) = (id(&self.grant)?, session.clock.now());
        let (mut after, mut whole) = (0, None::<GrantLife>);
        loop {
            let page = Page { after, limit: PAGE };
            let found = read!(session.database.connections(), |c| find_grant(c, (id, page), &Visible::All, now))?;
            let life = found.ok_or_else(|| missing(&self.grant))?;
            let Some(last) = life.entries.last() else { return Ok(whole.unwrap_or(life)) };
            after = last.row.position;
            match &mut whole {
                Some(whole) => whole.entries.extend(life.entries),
                None => whole = Some(life),
            }
        }
    }
}

fn standing(grant: &GrantRow) -> String {
    let Some(end) = &grant.end else { return format!("It lives, until {} at the latest.", text(grant.valid_until)) };
    let reason = end.reason.as_ref().map(|reason| format!(" ({reason})")).unwrap_or_default();
    let because = end.entry.as_ref().map(|entry| format!(": {}", entry.sentence)).unwrap_or_else(|| ".".to_owned());
    format!("It ended at {} by {}{reason}{because}", text(end.at), end.action)
}

fn text(at: Timestamp) -> String {
    match second(at) {
        Value::String(text) => text,
        other => other.to_string(),
    }
}
