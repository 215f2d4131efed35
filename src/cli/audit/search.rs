//! `argus audit search`: a page of the audit trail.

use super::{
    Query,
    shown::{Form, Shown},
};
use crate::{cli::Session, read};
use clap::Args;
use projections::audit::{Asked, Page, Visible};

/// Which page.
#[derive(Debug, Args)]
pub struct Search {
    /// The position after which to begin: the last one of the page before.
    #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(i64).range(0..))]
    after: i64,
    /// The most entries.
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(i64).range(1..=100_000))]
    limit: i64,
    #[command(flatten)]
    form: Form,
    #[command(flatten)]
    query: Query,
}

impl Search {
    pub(super) async fn run(self, session: &Session) -> anyhow::Result<()> {
        let filter = self.query.filter(session)?;
        let connections = session.database.connections();
        let asked = read!(connections, |c| Asked::so_far(c, &filter, &Visible::All))?;
        let page = Page { after: self.after, limit: self.limit };
        let mut shown = Shown::new(self.form);
        for row in read!(connections, |c| asked.page(c, page))? {
            shown.show(row)?;
        }
        shown.flush()
    }
}
