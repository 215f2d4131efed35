//! The figures as Markdown.

use super::{measure::Measured, operation::Operation, server::Starts};
use std::{
    collections::BTreeMap,
    fmt::{self, Display, Formatter},
};

/// A line of the table.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Row {
    /// The floor of whatever writes.
    Insert,
    /// The floor of whatever asks.
    EmptyRoute,
    /// What the server does.
    Ours(Operation),
}

/// All that was measured.
pub(crate) struct Report {
    pub(crate) machine: String,
    pub(crate) connections: usize,
    pub(crate) measured: BTreeMap<Row, Measured>,
    pub(crate) round_trips: BTreeMap<Operation, f64>,
    /// Bytes.
    pub(crate) loaded_memory: u64,
    pub(crate) starts: Starts,
}

const HEAD: &str = "\
| operation | per second | each round | of its floor | p50 ms | p95 ms | p99 ms | round trips | events | bytes stored | bytes of WAL \
| µs of CPU: server | Postgres | generator |
|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|";

impl Row {
    fn name(self) -> &'static str {
        match self {
            Self::Insert => "*floor of writes:* single-row `INSERT`, pgbench",
            Self::EmptyRoute => "*floor of reads:* empty route",
            Self::Ours(operation) => operation.name(),
        }
    }

    fn floor(self) -> Self {
        match self {
            Self::Ours(
                Operation::SignIn | Operation::CodeFlow(_) | Operation::Refresh(_) | Operation::ClientCredentials,
            )
            | Self::Insert => Self::Insert,
            Self::Ours(_) | Self::EmptyRoute => Self::EmptyRoute,
        }
    }
}

impl Report {
    fn line(&self, row: Row, measured: &Measured) -> String {
        let floor = self.measured[&row.floor()].rate();
        let rounds: Vec<_> = measured.rounds.iter().map(|rate| format!("{rate:.0}")).collect();
        let quantile = |q| measured.latency.value_at_quantile(q) as f64 / 1000.0;
        let each = |sum: f64| sum / measured.done as f64;
        let micros = |seconds: f64| each(seconds * 1e6);
        let round_trips = match row {
            Row::Ours(operation) => format!("{:.1}", self.round_trips[&operation]),
            Row::Insert | Row::EmptyRoute => String::new(),
        };
        let cost = &measured.cost;
        format!(
            "| {} | {:.0} | {} | {:.2} | {:.2} | {:.2} | {:.2} | {round_trips} | {:.2} | {:.0} | {:.0} | {:.0} | {:.0} | {:.0} |",
            row.name(),
            measured.rate(),
            rounds.join(", "),
            measured.rate() / floor,
            quantile(0.5),
            quantile(0.95),
            quantile(0.99),
            each(cost.events as f64),
            each(cost.bytes as f64),
            each(cost.wal as f64),
            micros(cost.server),
            micros(cost.postgres),
            micros(cost.generator),
        )
    }
}

impl Display for Report {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let megabytes = |bytes: u64| bytes as f64 / 1024.0 / 1024.0;
        let starts: Vec<_> = self.starts.ready_after.iter().map(|time| time.as_millis().to_string()).collect();
        writeln!(f, "{}; {} connections.\n\n{HEAD}", self.machine, self.connections)?;
        for (row, measured) in &self.measured {
            writeln!(f, "{}", self.line(*row, measured))?;
        }
        writeln!(f, "\n| | |\n|---|--:|")?;
        writeln!(f, "| memory, idle | {:.1} MB |", megabytes(self.starts.idle_memory))?;
        writeln!(f, "| memory, after all of this | {:.1} MB |", megabytes(self.loaded_memory))?;
        writeln!(f, "| start on an existing database, each | {} ms |", starts.join(", "))?;
        write!(f, "| program on disk | {:.1} MB |", megabytes(self.starts.binary))
    }
}
