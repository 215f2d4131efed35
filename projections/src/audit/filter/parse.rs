//! From text to [`Filter`]. Words are separated by spaces; a value with spaces stands in `"…"`, a quotation mark in it is doubled.

use super::{Filter, Term, Test};
use aggregates::values::Timestamp;
use chrono::{DateTime, NaiveDate, NaiveTime};
use ipnet::IpNet;
use std::net::IpAddr;
use thiserror::Error;

const KEYS: &str = "actor, user, client, customer, function, action, outcome, reason, ip, after, before, session, grant, object, request";
const OUTCOMES: [&str; 4] = ["granted", "refused", "revoked", "done"];
/// Longer ones are nobody's question.
const MOST_TERMS: usize = 50;
const LONGEST: usize = 4096;
/// The latest time that a filter can name: 9999-12-31T23:59:59.999Z.
const LAST: i64 = 253_402_300_799_999;

/// Why a filter cannot be understood.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum FilterError {
    /// A word is not `key:value`.
    #[error("“{0}” is not key:value; the keys are {KEYS}")]
    NotATerm(String),
    /// There is no such key.
    #[error("“{0}” is not a key; the keys are {KEYS}")]
    UnknownKey(String),
    /// The value is not one of that key.
    #[error("{key}: “{value}” is not {expected}")]
    Value {
        /// Of which key.
        key: &'static str,
        /// What was given.
        value: String,
        /// What could have been.
        expected: &'static str,
    },
    /// A quotation mark has no partner.
    #[error("a quotation mark is not closed")]
    Unclosed,
    /// There is too much of it.
    #[error("a filter has at most {MOST_TERMS} terms in {LONGEST} bytes")]
    TooLong,
}

impl Filter {
    /// Reads a filter; spans such as `7d` count back from `now`.
    ///
    /// # Errors
    /// The first thing that cannot be understood.
    pub fn parse(text: &str, now: Timestamp) -> Result<Self, FilterError> {
        if text.len() > LONGEST {
            return Err(FilterError::TooLong);
        }
        let terms = words(text)?.iter().map(|word| term(word, now)).collect::<Result<Vec<_>, _>>()?;
        if terms.len() > MOST_TERMS { Err(FilterError::TooLong) } else { Ok(Self { terms }) }
    }
}

/// The words as they were written, with their quotation marks.
fn words(text: &str) -> Result<Vec<String>, FilterError> {
    let (mut words, mut word, mut quoted) = (Vec::new(), String::new(), false);
    for c in text.chars() {
        quoted ^= c == '"';
        if c.is_whitespace() && !quoted {
            words.extend((!word.is_empty()).then(|| std::mem::take(&mut word)));
        } else {
            word.push(c);
        }
    }
    words.extend((!word.is_empty()).then_some(word));
    if quoted { Err(FilterError::Unclosed) } else { Ok(words) }
}

fn term(word: &str, now: Timestamp) -> Result<Term, FilterError> {
    let (excluded, rest) = word.strip_prefix('-').map_or((false, word), |rest| (true, rest));
    let (key, value) = rest.split_once(':').ok_or_else(|| FilterError::NotATerm(word.to_owned()))?;
    Ok(Term { excluded, test: test(key, &unquoted(value), now)? })
}

/// `"a ""b"" c"` means `a "b" c`; what is not in quotation marks as a whole means itself.
fn unquoted(value: &str) -> String {
    let inside = value.strip_prefix('"').and_then(|value| value.strip_suffix('"'));
    inside.map_or_else(|| value.to_owned(), |inside| inside.replace("\"\"", "\""))
}

fn test(key: &str, value: &str, now: Timestamp) -> Result<Test, FilterError> {
    Ok(match key {
        "actor" => Test::Actor(name("actor", value)?),
        "user" => Test::User(name("user", value)?),
        "client" => Test::Client(name("client", value)?),
        "customer" => Test::Customer(name("customer", value)?),
        "function" => Test::Function(name("function", value)?),
        "request" => Test::Request(name("request", value)?),
        "action" => Test::Action(action(value)?),
        "outcome" => Test::Outcome(outcome(value)?),
        "reason" => Test::Reason(reason(value)?),
        "ip" => Test::Ip(range(value)?),
        "after" => Test::After(time("after", value, now)?),
        "before" => Test::Before(time("before", value, now)?),
        "session" => Test::Session(id("session", value)?),
        "grant" => Test::Grant(id("grant", value)?),
        "object" => Test::Object(id("object", value)?),
        _ => return Err(FilterError::UnknownKey(key.to_owned())),
    })
}

fn wrong(key: &'static str, value: &str, expected: &'static str) -> FilterError {
    FilterError::Value { key, value: value.to_owned(), expected }
}

fn name(key: &'static str, value: &str) -> Result<String, FilterError> {
    let fine = !value.is_empty() && value.len() <= 255 && !value.contains(|c: char| c.is_control());
    fine.then(|| value.to_owned()).ok_or_else(|| wrong(key, value, "a name or an id"))
}

/// Dotted words, the last of which may be `*`.
fn action(value: &str) -> Result<String, FilterError> {
    let start = value.strip_suffix(".*").unwrap_or(value);
    let fine = start.split('.').all(|word| !word.is_empty() && is_word(word));
    fine.then(|| value.to_owned()).ok_or_else(|| wrong("action", value, "an action such as token.issued or token.*"))
}

fn outcome(value: &str) -> Result<String, FilterError> {
    let known = OUTCOMES.contains(&value);
    known.then(|| value.to_owned()).ok_or_else(|| wrong("outcome", value, "granted, refused, revoked or done"))
}

fn reason(value: &str) -> Result<String, FilterError> {
    let fine = !value.is_empty() && is_word(value);
    fine.then(|| value.to_owned()).ok_or_else(|| wrong("reason", value, "a reason such as function_not_held"))
}

fn is_word(text: &str) -> bool {
    text.bytes().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'_')
}

fn range(value: &str) -> Result<IpNet, FilterError> {
    let address = || value.parse::<IpAddr>().map(|address| IpNet::from(address.to_canonical()));
    let range = value.parse::<IpNet>().or_else(|_| address());
    range.map(|range| range.trunc()).map_err(|_| wrong("ip", value, "an address or a range such as 10.0.0.0/8"))
}

fn id(key: &'static str, value: &str) -> Result<uuid::Uuid, FilterError> {
    value.parse().map_err(|_| wrong(key, value, "an id (UUID)"))
}

/// A day (its beginning, UTC), a time (RFC 3339), or a span back from now.
fn time(key: &'static str, value: &str, now: Timestamp) -> Result<Timestamp, FilterError> {
    let instant = || DateTime::parse_from_rfc3339(value).ok().map(|time| time.timestamp_millis());
    let day = || value.parse::<NaiveDate>().ok().map(|day| day.and_time(NaiveTime::MIN).and_utc().timestamp_millis());
    let millis = instant().or_else(day).or_else(|| Some(now.millis().saturating_sub(span(value)?)));
    let known = millis.filter(|millis| (0..=LAST).contains(millis));
    let expected = "a day (2026-01-31), a time (2026-01-31T12:00:00Z) or a span back from now (90m, 12h, 7d)";
    known.map(Timestamp::from_millis).ok_or_else(|| wrong(key, value, expected))
}

/// `90m` in milliseconds.
fn span(text: &str) -> Option<i64> {
    let minutes = match text.chars().next_back()? {
        'm' => 1,
        'h' => 60,
        'd' => 24 * 60,
        _ => return None,
    };
    let count = text.get(..text.len() - 1)?;
    let digits = !count.is_empty() && count.bytes().all(|c| c.is_ascii_digit());
    count.parse::<i64>().ok().filter(|_| digits)?.checked_mul(minutes * 60 * 1000)
}
