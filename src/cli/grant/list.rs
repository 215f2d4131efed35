//! `argus grant list`: a page of grants.

use crate::{
    cli::{
        Session,
        audit::Query,
        output::{Output, second},
    },
    read,
};
use clap::Args;
use projections::audit::{Asked, GrantRow, Page, Visible, list_grants};
use serde_json::{Value, json};

const PAGE: i64 = 1000;
const COLUMNS: [&str; 9] = ["position", "id", "began", "user", "client", "issues", "valid_until", "ended", "by"];

/// Which page.
#[derive(Debug, Args)]
pub struct List {
    /// Those alone that have not ended.
    #[arg(long)]
    alive: bool,
    /// The position after which to begin: the last one of the page before.
    #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(i64).range(0..))]
    after: i64,
    /// The most grants.
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    limit: u32,
    #[command(flatten)]
    output: Output,
    #[command(flatten)]
    query: Query,
}

impl List {
    pub(super) async fn run(self, session: &Session) -> anyhow::Result<()> {
        let filter = self.query.filter(session)?;
        let (connections, now) = (session.database.connections(), session.clock.now());
        let asked = read!(connections, |c| Asked::so_far(c, &filter, &Visible::All))?;
        let (mut after, mut rows, limit) = (self.after, Vec::new(), usize::try_from(self.limit)?);
        while rows.len() < limit {
            let grants = read!(connections, |c| list_grants(c, &asked, Page { after, limit: PAGE }, now))?;
            let Some(last) = grants.last() else { break };
            after = last.opening.position;
            rows.extend(grants.iter().filter(|grant| !self.alive || grant.end.is_none()).map(line));
        }
        rows.truncate(limit);
        self.output.print(&COLUMNS, &rows)
    }
}

fn line(grant: &GrantRow) -> Vec<Value> {
    let opening = &grant.opening;
    let user = opening.user_name.clone().or_else(|| opening.user_id.map(|id| id.to_string()));
    let client = opening.client_short_name.clone().or_else(|| opening.client_id.map(|id| id.to_string()));
    let by = grant.end.as_ref().map(|end| [Some(end.action.clone()), end.reason.clone()]);
    vec![
        json!(opening.position),
        json!(grant.id),
        second(opening.at),
        json!(user),
        json!(client),
        json!(grant.issues),
        second(grant.valid_until),
        grant.end.as_ref().map_or(Value::Null, |end| second(end.at)),
        json!(by.map(|by| by.into_iter().flatten().collect::<Vec<_>>().join(" "))),
    ]
}
