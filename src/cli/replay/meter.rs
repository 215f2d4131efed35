//! How far a replay is, on standard error: one line that changes on a terminal, otherwise a line every five seconds.

use crate::event_store::replay::Step;
use std::{
    io::{IsTerminal, Write, stderr},
    time::{Duration, Instant},
};

const ON_A_TERMINAL: Duration = Duration::from_millis(100);
const IN_A_FILE: Duration = Duration::from_secs(5);

/// Of one run, which may be of several read models.
pub(super) struct Meter {
    terminal: bool,
    /// Of the read model at hand: its first step and when that was.
    first: Option<(Step, Instant)>,
    shown: Option<Instant>,
}

impl Meter {
    pub(super) fn new() -> Self {
        Self { terminal: stderr().is_terminal(), first: None, shown: None }
    }

    /// Takes a step, and shows it if the last one that was shown is old enough, or this is the first or the last.
    pub(super) fn show(&mut self, step: Step) {
        let now = Instant::now();
        let (first, began) = match self.first {
            Some((first, began)) if first.model == step.model => (first, began),
            _ => {
                self.shown = None;
                *self.first.insert((step, now))
            }
        };
        let pause = if self.terminal { ON_A_TERMINAL } else { IN_A_FILE };
        if step.done < step.total && self.shown.is_some_and(|shown| now.duration_since(shown) < pause) {
            return;
        }
        self.shown = Some(now);
        let line = line(step, step.done - first.done, now.duration_since(began));
        // Nobody may be reading; that is no reason to stop.
        if self.terminal {
            write!(stderr(), "\r{line}\x1b[K").ok();
        } else {
            writeln!(stderr(), "{line}").ok();
        }
    }

    /// Leaves the last line standing.
    pub(super) fn end(&mut self) {
        if self.terminal && self.first.take().is_some() {
            writeln!(stderr()).ok();
        }
    }
}

/// `done` of them in this run, in so long.
fn line(step: Step, done: i64, elapsed: Duration) -> String {
    let Step { model, done: all, total } = step;
    let millis = i64::try_from(elapsed.as_millis()).unwrap_or(i64::MAX).max(1);
    let rate = done.saturating_mul(1000) / millis;
    let left = match rate {
        _ if all >= total => String::new(),
        0 => ", time left unknown".to_owned(),
        rate => format!(", {} s left", (total - all) / rate + 1),
    };
    format!("{model}: {all} of {total} events, {rate}/s{left}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rate_and_time_left_are_those_of_this_run() {
        let step = Step { model: "audit", done: 500_000, total: 1_000_000 };
        let said = line(step, 100_000, Duration::from_secs(10));
        assert_eq!(said, "audit: 500000 of 1000000 events, 10000/s, 51 s left");
    }

    #[test]
    fn nothing_is_promised_before_anything_was_done_nor_after_the_end() {
        let step = Step { model: "audit", done: 0, total: 10 };
        assert_eq!(line(step, 0, Duration::ZERO), "audit: 0 of 10 events, 0/s, time left unknown");
        let step = Step { done: 10, ..step };
        assert_eq!(line(step, 10, Duration::from_secs(1)), "audit: 10 of 10 events, 10/s");
    }
}
