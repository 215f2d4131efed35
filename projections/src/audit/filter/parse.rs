//! From text to [`Filter`].

use super::{
    Filter, Term, Test,
    words::{Word, words},
};
use aggregates::values::{IpRange, Timestamp};
use chrono::{DateTime, NaiveDate, NaiveTime};
use thiserror::Error;
use uuid::Uuid;

const KEYS: &str = "action, actor, after, before, client, customer, function, grant, ip, object, outcome, position, reason, request, \
                    session, user";
const OUTCOMES: [&str; 4] = ["granted", "refused", "revoked", "done"];
/// Longer ones are nobody's question.
const MOST_TERMS: usize = 50;
const LONGEST: usize = 4096;
/// The latest time that a filter can name: 9999-12-31T23:59:59.999Z.
const LAST: i64 = 253_402_300_799_999;

/// Where a filter cannot be understood, and why. Never repeats what was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("at character {at}: {problem}")]
pub struct FilterError {
    /// The first character is 1.
    pub at: usize,
    /// Why.
    pub problem: Problem,
}

/// Why a filter cannot be understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Problem {
    /// A word is not `key:value`.
    #[error("a term is key:value; the keys are {KEYS}")]
    NotATerm,
    /// There is no such key.
    #[error("there is no such key; the keys are {KEYS}")]
    UnknownKey,
    /// The value is not one of that key.
    #[error("{key} must be {expected}")]
    Value {
        /// Of which key.
        key: &'static str,
        /// What could have been.
        expected: &'static str,
    },
    /// A quotation mark stands in the middle.
    #[error("quotation marks stand around a whole value, and are doubled within it")]
    Quotation,
    /// A quotation mark has no partner.
    #[error("the quotation mark is not closed")]
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
            return Err(FilterError { at: LONGEST + 1, problem: Problem::TooLong });
        }
        let words = words(text)?;
        if let Some(word) = words.get(MOST_TERMS) {
            return Err(FilterError { at: word.at, problem: Problem::TooLong });
        }
        Ok(Self { terms: words.into_iter().map(|word| term(word, now)).collect::<Result<_, _>>()? })
    }
}

fn term(word: Word, now: Timestamp) -> Result<Term, FilterError> {
    let Word { at, excluded, key, value } = word;
    let test = test(&key, value, now).map_err(|problem| FilterError { at, problem })?;
    Ok(Term { excluded, test })
}

fn test(key: &str, value: String, now: Timestamp) -> Result<Test, Problem> {
    Ok(match key {
        "actor" => Test::Actor(name("actor", value)?),
        "user" => Test::User(name("user", value)?),
        "client" => Test::Client(name("client", value)?),
        "customer" => Test::Customer(name("customer", value)?),
        "function" => Test::Function(name("function", value)?),
        "request" => Test::Request(name("request", value)?),
        "action" => Test::Action(action(value)?),
        "outcome" => Test::Outcome(outcome(&value)?),
        "reason" => Test::Reason(reason(value)?),
        "ip" => Test::Ip(range(&value)?),
        "after" => Test::After(time("after", &value, now)?),
        "before" => Test::Before(time("before", &value, now)?),
        "session" => Test::Session(id("session", &value)?),
        "grant" => Test::Grant(id("grant", &value)?),
        "object" => Test::Object(id("object", &value)?),
        "position" => {
            let (first, last) = positions(&value)
                .ok_or(wrong("position", "a place such as 4711, or a range such as 4711..4720, 4711.. or ..4720"))?;
            Test::Position(first, last)
        }
        _ => return Err(Problem::UnknownKey),
    })
}

const fn wrong(key: &'static str, expected: &'static str) -> Problem {
    Problem::Value { key, expected }
}

fn name(key: &'static str, value: String) -> Result<String, Problem> {
    let fine = !value.is_empty() && value.len() <= 255 && !value.contains(|c: char| c.is_control());
    if fine { Ok(value) } else { Err(wrong(key, "a name or an id of at most 255 bytes")) }
}

/// Dotted words, the last of which may be `*`.
fn action(value: String) -> Result<String, Problem> {
    let start = value.strip_suffix(".*").unwrap_or(&value);
    let fine = start.split('.').all(is_word);
    if fine {
        Ok(value)
    } else {
        Err(wrong("action", "an action such as token.issued, or token.* for all that begin so"))
    }
}

fn outcome(value: &str) -> Result<&'static str, Problem> {
    let known = OUTCOMES.into_iter().find(|known| *known == value);
    known.ok_or(wrong("outcome", "granted, refused, revoked or done"))
}

fn reason(value: String) -> Result<String, Problem> {
    if is_word(&value) { Ok(value) } else { Err(wrong("reason", "a reason such as function_not_held")) }
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'_')
}

fn range(value: &str) -> Result<IpRange, Problem> {
    let expected = "an address, or a range such as 10.0.0.0/8 without bits set beyond the prefix";
    value.parse().map_err(|_| wrong("ip", expected))
}

fn id(key: &'static str, value: &str) -> Result<Uuid, Problem> {
    value.parse().map_err(|_| wrong(key, "an id (UUID)"))
}

/// A day (its beginning, UTC), a time (RFC 3339), or a span back from now.
fn time(key: &'static str, value: &str, now: Timestamp) -> Result<Timestamp, Problem> {
    let instant = || DateTime::parse_from_rfc3339(value).ok().map(|time| time.timestamp_millis());
    let day = || value.parse::<NaiveDate>().ok().map(|day| day.and_time(NaiveTime::MIN).and_utc().timestamp_millis());
    let millis = instant().or_else(day).or_else(|| Some(now.millis().saturating_sub(span(value)?)));
    let known = millis.filter(|millis| (0..=LAST).contains(millis));
    let expected = "a day (2026-01-31), a time (2026-01-31T12:00:00Z) or a span back from now (90m, 12h, 7d)";
    known.map(Timestamp::from_millis).ok_or(wrong(key, expected))
}

/// `90m` in milliseconds.
fn span(text: &str) -> Option<i64> {
    let minutes = match text.chars().next_back()? {
        'm' => 1,
        'h' => 60,
        'd' => 24 * 60,
        _ => return None,
    };
    number(text.get(..text.len() - 1)?)?.checked_mul(minutes * 60 * 1000)
}

/// One place, or the first and the last.
fn positions(text: &str) -> Option<(i64, i64)> {
    let (first, last) = match text.split_once("..") {
        None => number(text).map(|place| (place, place))?,
        Some(("", "")) => return None,
        Some((first, "")) => (number(first)?, i64::MAX),
        Some(("", last)) => (0, number(last)?),
        Some((first, last)) => (number(first)?, number(last)?),
    };
    (first <= last).then_some((first, last))
}

/// Digits alone: no sign.
fn number(text: &str) -> Option<i64> {
    text.bytes().all(|c| c.is_ascii_digit()).then(|| text.parse().ok())?
}
