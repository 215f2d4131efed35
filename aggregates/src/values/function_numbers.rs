//! A set of functions by their numbers, in few bytes: it is recorded with every token.

use serde::{Deserialize, Serialize};
use std::{collections::BTreeSet, fmt, str::FromStr};
use thiserror::Error;

/// More functions than any installation has, so that a text cannot stand for more memory than it is worth.
const MOST: usize = 100_000;

/// Numbers of functions, which are given once and never again. Written as `1-4,17`; nothing is the empty text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct FunctionNumbers(BTreeSet<i64>);

/// Why a text is not a set of numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("must be numbers and ranges of numbers like 1-4,17, in order")]
pub struct InvalidFunctionNumbers;

impl FunctionNumbers {
    /// In ascending order.
    pub fn iter(&self) -> impl Iterator<Item = i64> {
        self.0.iter().copied()
    }
}

impl FromIterator<i64> for FunctionNumbers {
    fn from_iter<T: IntoIterator<Item = i64>>(numbers: T) -> Self {
        Self(numbers.into_iter().collect())
    }
}

impl fmt::Display for FunctionNumbers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut numbers = self.iter().peekable();
        let mut comma = "";
        while let Some(first) = numbers.next() {
            let mut last = first;
            while let Some(next) = numbers.next_if_eq(&last.saturating_add(1)) {
                last = next;
            }
            if first == last {
                write!(f, "{comma}{first}")?
            } else {
                write!(f, "{comma}{first}-{last}")?
            }
            comma = ",";
        }
        Ok(())
    }
}

impl FromStr for FunctionNumbers {
    type Err = InvalidFunctionNumbers;

    fn from_str(text: &str) -> Result<Self, InvalidFunctionNumbers> {
        let mut numbers = BTreeSet::new();
        for part in text.split(',').filter(|_| !text.is_empty()) {
            let (first, last) = part.split_once('-').unwrap_or((part, part));
            let (first, last) = (number(first)?, number(last)?);
            let room = MOST.saturating_sub(numbers.len());
            let many = usize::try_from(last.saturating_sub(first)).map_err(|_| InvalidFunctionNumbers)?;
            if many >= room || numbers.last().is_some_and(|before| first <= *before) {
                return Err(InvalidFunctionNumbers);
            }
            numbers.extend(first..=last);
        }
        Ok(Self(numbers))
    }
}

fn number(text: &str) -> Result<i64, InvalidFunctionNumbers> {
    text.parse().ok().filter(|number: &i64| number.to_string() == text && *number > 0).ok_or(InvalidFunctionNumbers)
}

impl TryFrom<String> for FunctionNumbers {
    type Error = InvalidFunctionNumbers;

    fn try_from(text: String) -> Result<Self, InvalidFunctionNumbers> {
        text.parse()
    }
}

impl From<FunctionNumbers> for String {
    fn from(numbers: FunctionNumbers) -> Self {
        numbers.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_in_order_or_too_much_is_refused() {
        for text in [",", "1,", "a", "0", "-1", "01", "1-", "4-1", "1,1", "1-4,3", "2,1", "1 ,2", "1-99999999999"] {
            assert_eq!(text.parse::<FunctionNumbers>(), Err(InvalidFunctionNumbers), "{text}");
        }
    }

    #[test]
    fn neighbours_are_written_as_a_range() {
        for (numbers, text) in [(&[][..], ""), (&[7], "7"), (&[17, 2, 1, 4, 3], "1-4,17"), (&[1, 3, 4, 9], "1,3-4,9")] {
            let numbers: FunctionNumbers = numbers.iter().copied().collect();
            assert_eq!(numbers.to_string(), text);
            assert_eq!(text.parse(), Ok(numbers));
        }
    }
}
