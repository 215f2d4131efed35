//! `argus audit tail`: the audit trail as it grows.

use super::{
    Query,
    shown::{Form, Shown},
};
use crate::{
    cli::{Session, moment::moment},
    read,
};
use clap::Args;
use projections::audit::{self, Asked, Page, Visible};
use std::time::Duration;
use tokio::{signal::ctrl_c, time::sleep};

/// Between two looks at a trail that had nothing new.
const PAUSE: Duration = Duration::from_millis(250);
const PAGE: i64 = 1000;

/// From where on.
#[derive(Debug, Args)]
pub struct Tail {
    /// Begins with entries of this time: 2026-01-31, 2026-01-31T12:00:00Z, or a span back from now such as 90m, 12h, 7d. Else with
    /// what comes next.
    #[arg(long)]
    since: Option<String>,
    #[command(flatten)]
    form: Form,
    #[command(flatten)]
    query: Query,
}

impl Tail {
    pub(super) async fn run(self, session: &Session) -> anyhow::Result<()> {
        tokio::select! {
            outcome = self.follow(session) => outcome,
            interrupted = ctrl_c() => Ok(interrupted?),
        }
    }

    async fn follow(self, session: &Session) -> anyhow::Result<()> {
        let filter = self.query.filter(session)?;
        let since = self.since.as_deref().map(|text| moment(text, session.clock.now())).transpose()?;
        let connections = session.database.connections();
        let mut asked = read!(connections, |c| Asked::from_now_on(c, &filter, &Visible::All))?;
        let mut after = match since {
            Some(since) => read!(connections, |c| audit::position_before(c, since))?,
            None => read!(connections, |c| audit::last_position(c))?,
        };
        let mut shown = Shown::new(self.form);
        loop {
            let last = read!(connections, |c| audit::last_position(c))?;
            asked.extend_to(last);
            while after < last {
                let rows = read!(connections, |c| asked.page(c, Page { after, limit: PAGE }))?;
                after = rows.last().filter(|_| i64::try_from(rows.len()) == Ok(PAGE)).map_or(last, |row| row.position);
                for row in rows {
                    shown.show(row)?;
                }
            }
            shown.flush()?;
            sleep(PAUSE).await;
        }
    }
}
