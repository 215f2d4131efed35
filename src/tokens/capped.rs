//! What one caller can make us write is capped: of equal things in a minute a few are recorded one by one, the rest as one with a
//! count.

use aggregates::values::{Seconds, Timestamp};
use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// So many equal things in one window are recorded one by one.
const ONE_BY_ONE: u32 = 10;
const WINDOW: Seconds = Seconds(60);

struct Window<T> {
    since: Timestamp,
    recorded: u32,
    /// Not recorded yet: what the last of them was, and how many.
    waiting: Option<(T, u32)>,
}

/// Counts equal things of the last minute. One entry per key.
pub struct Capped<K, T>(Mutex<HashMap<K, Window<T>>>);

impl<K, T> Default for Capped<K, T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Eq + Hash, T> Capped<K, T> {
    /// What is to be recorded now that this has happened: itself, itself and what had gathered before, or nothing yet; each with
    /// how many it stands for.
    pub fn admit(&self, key: K, what: T, now: Timestamp) -> Vec<(T, u32)> {
        let mut windows = self.windows();
        let window = windows.entry(key).or_insert_with(|| Window { since: now, recorded: 0, waiting: None });
        let mut due = Vec::new();
        if now >= window.since.after(WINDOW) {
            due.extend(window.waiting.take());
            (window.since, window.recorded) = (now, 0);
        }
        if window.recorded < ONE_BY_ONE {
            window.recorded += 1;
            due.push((what, 1));
        } else {
            let gathered = window.waiting.as_ref().map_or(0, |(_, count)| *count);
            window.waiting = Some((what, gathered.saturating_add(1)));
        }
        due
    }

    /// What gathered in windows that are over at `now`; all that gathered, when the server stops.
    pub fn due(&self, now: Option<Timestamp>) -> Vec<(T, u32)> {
        let mut windows = self.windows();
        let over = |window: &Window<T>| now.is_none_or(|now| now >= window.since.after(WINDOW));
        let due =
            windows.values_mut().filter(|window| over(window)).filter_map(|window| window.waiting.take()).collect();
        windows.retain(|_, window| !over(window));
        due
    }

    fn windows(&self) -> MutexGuard<'_, HashMap<K, Window<T>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
