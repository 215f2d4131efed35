//! Our own error page: a plain sentence, what to do, and the reference to quote. It never redirects and repeats nothing of the request.

use super::{page, patience, span};
use crate::{
    http::{OAuthError, RequestId},
    pages::headers::FormTargets,
};
use aggregates::values::Seconds;
use askama::Template;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};

/// What went wrong, as far as the reader may know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The client or its redirect URI is not proven (RFC 6749 §4.1.2.1): the same bytes for unknown, deleted and not registered.
    UnprovenClient,
    /// The request cannot be read.
    BadRequest,
    /// The sealed request of a form is too old, was altered, or belongs to another browser.
    Expired,
    /// A form that came from another site.
    CrossSite,
    /// The person may not see this.
    Forbidden,
    /// There is no such page.
    NotFound,
    /// The page exists, the method does not.
    MethodNotAllowed,
    /// More than we read.
    TooLarge,
    /// A form in a media type that we do not read.
    UnsupportedMediaType,
    /// Too many requests; open again after this span.
    TooMany(Seconds),
    /// Our fault.
    Broken,
    /// Our fault too, and likely over soon.
    Unavailable,
}

impl Fault {
    /// What a form that could not be read tells a person.
    #[must_use]
    pub const fn of(error: OAuthError) -> Self {
        match error {
            OAuthError::TooLarge => Self::TooLarge,
            OAuthError::Unavailable => Self::Unavailable,
            _ => Self::BadRequest,
        }
    }

    /// The status that belongs to it.
    #[must_use]
    pub const fn status(self) -> StatusCode {
        match self {
            Self::UnprovenClient | Self::BadRequest | Self::Expired => StatusCode::BAD_REQUEST,
            Self::CrossSite | Self::Forbidden => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Broken => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    const fn heading(self) -> &'static str {
        match self {
            Self::UnprovenClient => "This sign-in cannot be trusted",
            Self::BadRequest | Self::UnsupportedMediaType | Self::TooLarge => "The request could not be read",
            Self::Expired => "This page has expired",
            Self::CrossSite => "The request came from another site",
            Self::Forbidden => "You may not see this page",
            Self::NotFound => "There is no such page",
            Self::MethodNotAllowed => "This page cannot do that",
            Self::TooMany(_) => "That was too fast",
            Self::Broken => "Something went wrong on our side",
            Self::Unavailable => "We cannot answer at the moment",
        }
    }

    const fn what_happened(self) -> &'static str {
        match self {
            Self::UnprovenClient => {
                "An application asked us to sign you in, but it did not prove who it is. To protect you, we stopped here."
            }
            Self::BadRequest => "The address, or what was sent with it, is incomplete or contradicts itself.",
            Self::UnsupportedMediaType => "What was sent is in a format that this page does not take.",
            Self::TooLarge => "What was sent is larger than this page takes.",
            Self::Expired => "It was open for too long, or was used before.",
            Self::CrossSite => "What you sent here was prepared by another web site, so we did nothing.",
            Self::Forbidden => "You are signed in, but your rights do not include it.",
            Self::NotFound => "The address may have been mistyped, or the page has moved.",
            Self::MethodNotAllowed => "It exists, but not for this kind of request.",
            Self::TooMany(_) => "There were too many requests in a short time.",
            Self::Broken => "Your request could not be completed, and the cause was recorded.",
            Self::Unavailable => "The service is starting, or cannot reach its database.",
        }
    }

    fn what_to_do(self) -> String {
        let advice = match self {
            Self::UnprovenClient => {
                "Close this page. If you trust the application, tell the people who run it, with the reference below."
            }
            Self::BadRequest | Self::TooLarge | Self::UnsupportedMediaType => {
                "Go back to the application and start again."
            }
            Self::Expired => "Go back to the application and sign in again.",
            Self::CrossSite => "Open this site yourself and try again from here.",
            Self::Forbidden => "Ask your administrator for access.",
            Self::NotFound | Self::MethodNotAllowed => "Check the address, or begin at the start page.",
            Self::TooMany(wait) => return format!("Wait {} and try again.", span(wait)),
            Self::Broken => "Try again. If it happens again, tell your administrator, with the reference below.",
            Self::Unavailable => "Try again in a minute.",
        };
        advice.to_owned()
    }

    const fn for_developers(self) -> Option<&'static str> {
        match self {
            Self::UnprovenClient => Some(
                "Either client_id names no client, or redirect_uri is missing or is not, byte for byte, one of those that are \
                 registered for it. The server's log has the details under the reference.",
            ),
            _ => None,
        }
    }
}

/// The error page.
#[derive(Template)]
#[template(path = "problem.html")]
pub struct Problem<'a> {
    /// What went wrong.
    pub fault: Fault,
    /// The id under which the log has the cause.
    pub request_id: &'a str,
}

impl<'a> Problem<'a> {
    /// The page for a request.
    #[must_use]
    pub fn new(fault: Fault, request: &'a RequestId) -> Self {
        Self { fault, request_id: request.as_str() }
    }
}

impl IntoResponse for Problem<'_> {
    fn into_response(self) -> Response {
        let page = page(self.fault.status(), FormTargets::Own, &self);
        match self.fault {
            Fault::TooMany(wait) => (patience(wait), page).into_response(),
            _ => page,
        }
    }
}
