//! The errors of the Argus API: its status codes, with messages that always carry `type`, `field` and `message`, since its
//! SDK fails on their absence.

use super::{
    envelope::{Envelope, Message, MessageType, Nothing, Page},
    refused_calls::NotPermitted,
};
use crate::{
    database::QueryError,
    directory::DirectoryError,
    event_store::{ExecuteError, StorageError},
};
use aggregates::values::Seconds;
use axum::{
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use std::fmt::Display;
use thiserror::Error;

/// One bad field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// Which, for example `redirectURIs[0]`.
    pub field: String,
    /// What is wrong with it. Never repeats the value.
    pub message: String,
}

/// What is wrong with a password, as the API names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum PasswordProblem {
    /// Not enough characters.
    TooShort,
    /// Too easy to guess, or not a password at all.
    TooSimple,
    /// The present one.
    HistoricPassword,
    /// Not the present one, which was asked for.
    WrongPassword,
}

#[derive(Serialize)]
struct UnfitReply {
    reason: PasswordProblem,
    message: String,
}

/// Why an Argus endpoint refuses.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ArgusError {
    /// 401, the same for every cause.
    #[error("authentication failed")]
    NotAuthenticated,
    /// 403: a caller who is known asked for what they may not have, which is recorded.
    #[error("access denied")]
    Denied,
    /// 403, of which nothing more is recorded: to the question whether the caller may do something, which is no attempt, and where
    /// a client was refused, which its own entry tells.
    #[error("access denied")]
    NotHeld,
    /// 404, the same for what is not there and for what the caller may not know of.
    #[error("the object was not found")]
    NotFound,
    /// 412: at least one message per bad field.
    #[error("{}", .0.iter().map(|bad| format!("{}: {}", bad.field, bad.message)).collect::<Vec<_>>().join("; "))]
    Invalid(Vec<FieldError>),
    /// 412: a password that may not be chosen, or is not the present one; the data tells the reason once more.
    #[error("{message}")]
    Password {
        /// Which field.
        field: &'static str,
        /// Why, as the API names it.
        reason: PasswordProblem,
        /// Why, in words.
        message: String,
    },
    /// 412: the request as a whole, or a rule that belongs to no field.
    #[error("{0}")]
    Refused(String),
    /// 405.
    #[error("this call does not exist with this method")]
    MethodNotAllowed,
    /// 412, about the body as a whole.
    #[error("must not be larger than 300 kB")]
    TooLarge,
    /// 412, about the body as a whole.
    #[error("must be application/json in UTF-8")]
    NotJson,
    /// 429: wait that long.
    #[error("too many requests")]
    TooManyRequests(Seconds),
    /// 503: nothing was decided; try again.
    #[error("try again in a moment")]
    Unavailable,
}

impl ArgusError {
    /// 412 for one bad field.
    #[must_use]
    pub fn field(field: impl Into<String>, message: impl Display) -> Self {
        Self::Invalid(vec![FieldError { field: field.into(), message: message.to_string() }])
    }

    const fn code(&self) -> u16 {
        match self {
            Self::NotAuthenticated => 401,
            Self::Denied | Self::NotHeld => 403,
            Self::NotFound => 404,
            Self::MethodNotAllowed => 405,
            Self::Invalid(_) | Self::Password { .. } | Self::Refused(_) | Self::TooLarge | Self::NotJson => 412,
            Self::TooManyRequests(_) => 429,
            Self::Unavailable => 503,
        }
    }

    fn messages(&self) -> Vec<Message> {
        match self {
            Self::Invalid(bad) => bad.iter().map(|bad| about_field(&bad.field, bad.message.clone())).collect(),
            Self::Password { field, message, .. } => vec![about_field(field, message.clone())],
            Self::TooLarge | Self::NotJson => vec![about_field("body", self.to_string())],
            other => vec![message(MessageType::ActionError, "", other.to_string())],
        }
    }
}

fn about_field(field: &str, text: String) -> Message {
    message(MessageType::FieldError, field, text)
}

fn message(kind: MessageType, field: &str, text: String) -> Message {
    Message { message_template: text.clone(), message: text, kind, field: field.to_owned(), parameter: String::new() }
}

impl IntoResponse for ArgusError {
    fn into_response(self) -> Response {
        let (code, none, messages) = (self.code(), (Page::default(), 0), self.messages());
        let mut response = match &self {
            Self::Password { reason, message, .. } => {
                let data = UnfitReply { reason: *reason, message: message.clone() };
                Envelope::new(code, none, messages, data).into_response()
            }
            _ => Envelope::new(code, none, messages, Nothing).into_response(),
        };
        if self == Self::Denied {
            response.extensions_mut().insert(NotPermitted);
        }
        let wait = match self {
            Self::TooManyRequests(Seconds(wait)) => Some(wait),
            Self::Unavailable => Some(1),
            _ => None,
        };
        if let Some(wait) = wait {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(wait));
        }
        response
    }
}

impl From<QueryError> for ArgusError {
    /// Storage down means closed. The cause goes to the log, here and once.
    fn from(cause: QueryError) -> Self {
        StorageError::from(cause).into()
    }
}

impl From<StorageError> for ArgusError {
    /// The log gets the cause, the caller does not.
    fn from(cause: StorageError) -> Self {
        tracing::error!(%cause, "storage failed; the request was refused");
        Self::Unavailable
    }
}

impl From<DirectoryError> for ArgusError {
    /// A field keeps its name, as the API writes it; a reference in a body that leads nowhere is a bad field of that kind.
    fn from(error: DirectoryError) -> Self {
        match error {
            DirectoryError::Invalid { field, problem } => Self::field(camel_case(field), problem),
            DirectoryError::NotFound { kind, .. } => Self::field(kind, "names nothing here"),
            DirectoryError::Taken(problem) | DirectoryError::Refused(problem) => Self::Refused(problem),
            DirectoryError::Busy => Self::TooManyRequests(Seconds(1)),
            DirectoryError::Seal => Self::Unavailable,
            DirectoryError::Storage(cause) => cause.into(),
        }
    }
}

/// `short_name` as the API writes it: `shortName`.
fn camel_case(field: &str) -> String {
    let mut parts = field.split('_');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| {
        let (head, tail) = part.split_at_checked(1).unwrap_or((part, ""));
        text + &head.to_ascii_uppercase() + tail
    })
}

impl<E: Display> From<ExecuteError<E>> for ArgusError {
    fn from(error: ExecuteError<E>) -> Self {
        match error {
            ExecuteError::Refused(rule) => Self::Refused(rule.to_string()),
            ExecuteError::Conflict | ExecuteError::Overtaken => Self::Unavailable,
            ExecuteError::Unexplained => Self::field("reason", "is required, in the header Argus-Reason"),
            ExecuteError::Storage(cause) => cause.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_has_the_name_that_the_api_knows() {
        assert_eq!([camel_case("name"), camel_case("short_name"), camel_case("")], ["name", "shortName", ""]);
    }
}
