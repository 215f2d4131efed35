//! The words of a filter: `[-]key:value` with white space between. A value stands as it is, or in `"…"` with each quotation mark in it
//! doubled.

use super::parse::{FilterError, Problem};
use std::iter::Peekable;

/// A word that has the form of a term.
pub(super) struct Word {
    /// Where it begins; the first character of the filter is 1.
    pub(super) at: usize,
    /// It begins with `-`.
    pub(super) excluded: bool,
    /// What stands before the first colon.
    pub(super) key: String,
    /// What stands behind it, without quotation marks.
    pub(super) value: String,
}

/// Takes a text apart.
pub(super) fn words(text: &str) -> Result<Vec<Word>, FilterError> {
    let mut rest = text.chars().enumerate().map(|(at, c)| (at + 1, c)).peekable();
    let mut words = Vec::new();
    while let Some(&(at, c)) = rest.peek() {
        if c.is_whitespace() {
            rest.next();
        } else {
            words.push(word(at, &mut rest)?);
        }
    }
    Ok(words)
}

fn word(at: usize, rest: &mut Peekable<impl Iterator<Item = (usize, char)>>) -> Result<Word, FilterError> {
    let excluded = rest.next_if(|(_, c)| *c == '-').is_some();
    let mut key = String::new();
    while let Some((_, c)) = rest.next_if(|(_, c)| *c != ':' && !c.is_whitespace()) {
        key.push(c);
    }
    if rest.next_if(|(_, c)| *c == ':').is_none() {
        return Err(FilterError { at, problem: Problem::NotATerm });
    }
    let value = match rest.next_if(|(_, c)| *c == '"') {
        Some((opened, _)) => inside(opened, rest)?,
        None => bare(rest)?,
    };
    Ok(Word { at, excluded, key, value })
}

fn bare(rest: &mut Peekable<impl Iterator<Item = (usize, char)>>) -> Result<String, FilterError> {
    let mut value = String::new();
    while let Some((at, c)) = rest.next_if(|(_, c)| !c.is_whitespace()) {
        if c == '"' {
            return Err(FilterError { at, problem: Problem::Quotation });
        }
        value.push(c);
    }
    Ok(value)
}

/// `a ""b"" c"` means `a "b" c`.
fn inside(opened: usize, rest: &mut Peekable<impl Iterator<Item = (usize, char)>>) -> Result<String, FilterError> {
    let mut value = String::new();
    while let Some((_, c)) = rest.next() {
        if c != '"' {
            value.push(c);
        } else if rest.next_if(|(_, c)| *c == '"').is_some() {
            value.push('"');
        } else {
            return match rest.peek() {
                Some((at, c)) if !c.is_whitespace() => Err(FilterError { at: *at, problem: Problem::Quotation }),
                _ => Ok(value),
            };
        }
    }
    Err(FilterError { at: opened, problem: Problem::Unclosed })
}

/// A value as it can stand in a filter.
pub(super) fn quoted(value: &str) -> String {
    if value.contains(|c: char| c.is_whitespace() || c == '"') {
        format!("\"{}\"", value.replace('"', "\"\""))
    } else {
        value.to_owned()
    }
}
