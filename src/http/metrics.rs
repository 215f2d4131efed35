//! Counters that say how much of what is thrown away, and nothing about whom.

use crate::event_store::follow::Progress;
use std::{
    fmt::Write,
    sync::atomic::{AtomicU64, Ordering::Relaxed},
};

/// What is counted since the start of this process.
#[derive(Debug, Default)]
pub struct Metrics {
    /// Codes and tokens that were never ours: refused without a look at the database.
    pub junk_tokens: AtomicU64,
    /// Requests that name no client that exists.
    pub unknown_clients: AtomicU64,
    /// Refusals that name a real client, recorded or counted together.
    pub refusals: AtomicU64,
    /// Calls that were refused although the credential is real, recorded or counted together.
    pub refused_calls: AtomicU64,
}

impl Metrics {
    /// One more.
    pub fn count(&self, counter: impl Fn(&Self) -> &AtomicU64) {
        counter(self).fetch_add(1, Relaxed);
    }

    /// The text format of Prometheus, version 0.0.4.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        for (name, help, counter) in [
            ("argus_junk_tokens_total", "Codes and tokens that this server never issued.", &self.junk_tokens),
            ("argus_unknown_clients_total", "Requests that name no client.", &self.unknown_clients),
            ("argus_refusals_total", "Refusals that name a real client.", &self.refusals),
            ("argus_refused_calls_total", "Calls refused to a credential that is real.", &self.refused_calls),
        ] {
            // Writing to a String cannot fail.
            let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} counter\n{name} {}", counter.load(Relaxed));
        }
        text
    }
}

/// How far the log is settled and how far its followers are, in the same format.
#[must_use]
pub fn followed(settled: i64, followers: &[Progress]) -> String {
    let each = |value: fn(&Progress) -> i64| {
        followers.iter().map(move |follower| (format!("{{follower=\"{}\"}}", follower.name), value(follower)))
    };
    let log = [(String::new(), settled)].into_iter();
    gauge("argus_log_position", "Everything up to here is in the log for good.", log)
        + &gauge("argus_follower_position", "Everything up to here is in it.", each(|follower| follower.position))
        + &gauge(
            "argus_follower_stands_still",
            "1 while something keeps it from going on.",
            each(|follower| i64::from(follower.stands_still)),
        )
}

fn gauge(name: &str, help: &str, values: impl Iterator<Item = (String, i64)>) -> String {
    let values = values.map(|(labels, value)| format!("{name}{labels} {value}\n"));
    format!("# HELP {name} {help}\n# TYPE {name} gauge\n{}", values.collect::<String>())
}
