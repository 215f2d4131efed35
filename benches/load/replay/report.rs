//! The figures as Markdown.

use super::Served;
use std::{
    fmt::{self, Display, Formatter},
    time::Duration,
};

pub(crate) struct Report {
    pub(super) machine: String,
    pub(super) entries: i64,
    pub(super) took: Duration,
    pub(super) before: Served,
    pub(super) during: Served,
    /// Rows, after the replay and after the one that was interrupted.
    pub(super) differing: [i64; 2],
    pub(super) killed_at: i64,
    /// Bytes for each event: log, trail, evidence.
    pub(super) growth: [f64; 3],
}

impl Display for Report {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let seconds = self.took.as_secs_f64();
        let [log, trail, evidence] = self.growth;
        writeln!(f, "{}; `make replay`.\n\n| | |\n|---|--:|", self.machine)?;
        writeln!(f, "| entries of the audit trail | {} |", self.entries)?;
        writeln!(f, "| time to replay them | {seconds:.1} s |")?;
        writeln!(f, "| entries per second | {:.0} |", self.entries as f64 / seconds)?;
        writeln!(f, "| rows that differ from those of the follower | {} |", self.differing[0])?;
        writeln!(
            f,
            "| killed with so many entries made, then run again: rows that differ | {}: {} |",
            self.killed_at, self.differing[1]
        )?;
        for (when, served) in [("before", &self.before), ("meanwhile", &self.during)] {
            writeln!(f, "| requests {when}, of which failed | {}, 0 |", served.latency.len())?;
            writeln!(f, "| requests per second {when} | {:.0} |", served.rate())?;
            writeln!(f, "| p50, p95, p99, longest {when} | {} |", served.quantiles())?;
        }
        writeln!(f, "| bytes of an event: log, audit trail, evidence | {log:.0}, {trail:.0}, {evidence:.0} |")
    }
}
