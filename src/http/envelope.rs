//! The envelope of every reply of the Argus API.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

/// What stands around the data of every reply, and around the messages of an error, whose data is null.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Envelope<T> {
    /// The HTTP status, also outside of the registered ones (220, 221).
    pub(super) response_code: u16,
    /// The most that were asked for; of a single object 0.
    pub(super) limit: i64,
    /// How many were skipped.
    pub(super) offset: i64,
    /// How many the server has for this caller.
    pub(super) count: i64,
    /// How many are in this reply.
    pub(super) size: usize,
    /// Unstructured extras.
    #[schema(value_type = Object)]
    pub(super) meta_data: Value,
    /// What went wrong: one message per bad field.
    pub(super) messages: Vec<Message>,
    /// The object or the list.
    pub(super) data: T,
}

/// The data of an error: null.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct Nothing;

/// The data of a reply that has nothing to tell but its status: an empty object.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct Done {}

/// What the caller should know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Message {
    /// The text.
    pub message: String,
    /// The text before parameters were filled in; none of ours has any.
    pub message_template: String,
    /// What it is about.
    #[serde(rename = "type")]
    pub kind: MessageType,
    /// The bad field, for example `redirectURIs[0]`; empty when it is about none.
    pub field: String,
    /// Always empty.
    pub parameter: String,
}

/// What a message is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum MessageType {
    /// A field of the request.
    FieldError,
    /// The request as a whole.
    ActionError,
}

/// Which part of how much.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Page {
    /// The most that were asked for.
    pub limit: i64,
    /// How many were skipped.
    pub offset: i64,
    /// How many the server has for this caller.
    pub count: i64,
}

impl Page {
    /// All of a list that has no pages.
    #[must_use]
    pub fn whole(size: usize) -> Self {
        Self { count: i64::try_from(size).unwrap_or(i64::MAX), ..Self::default() }
    }
}

impl<T: Serialize> IntoResponse for Envelope<T> {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.response_code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        (status, [(header::CACHE_CONTROL, "no-store")], Json(self)).into_response()
    }
}

impl<T> Envelope<T> {
    pub(super) fn new(code: u16, (page, size): (Page, usize), messages: Vec<Message>, data: T) -> Self {
        let Page { limit, offset, count } = page;
        Self { response_code: code, limit, offset, count, size, meta_data: json!({}), messages, data }
    }
}

/// A successful reply.
#[derive(Debug, Clone)]
pub struct Reply {
    envelope: Envelope<Value>,
    cookie: Option<HeaderValue>,
}

impl Reply {
    /// 200 with one object.
    #[must_use]
    pub fn ok(data: impl Serialize) -> Self {
        Self::object(200, data)
    }

    /// 201: the object was created.
    #[must_use]
    pub fn created(data: impl Serialize) -> Self {
        Self::object(201, data)
    }

    /// 220: nothing had to be changed; the object as it is.
    #[must_use]
    pub fn unchanged(data: impl Serialize) -> Self {
        Self::object(220, data)
    }

    /// 221: there is a session, but all it can do is choose a new password.
    #[must_use]
    pub fn password_change_required(data: impl Serialize) -> Self {
        Self::object(221, data)
    }

    /// 200 with a page of a list.
    #[must_use]
    pub fn list<T: Serialize>(rows: &[T], page: Page) -> Self {
        Self { envelope: Envelope::new(200, (page, rows.len()), Vec::new(), json!(rows)), cookie: None }
    }

    /// 220 with a list: nothing had to be changed.
    #[must_use]
    pub fn unchanged_list<T: Serialize>(rows: &[T], page: Page) -> Self {
        Self { envelope: Envelope::new(220, (page, rows.len()), Vec::new(), json!(rows)), cookie: None }
    }

    /// With extras in `metaData`.
    #[must_use]
    pub fn with_meta(mut self, meta: Value) -> Self {
        self.envelope.meta_data = meta;
        self
    }

    /// With a `Set-Cookie` header.
    #[must_use]
    pub fn with_cookie(mut self, cookie: Option<HeaderValue>) -> Self {
        self.cookie = cookie;
        self
    }

    fn object(code: u16, data: impl Serialize) -> Self {
        let one = (Page { count: 1, ..Page::default() }, 1);
        Self { envelope: Envelope::new(code, one, Vec::new(), json!(data)), cookie: None }
    }
}

impl IntoResponse for Reply {
    fn into_response(self) -> Response {
        let mut response = self.envelope.into_response();
        if let Some(cookie) = self.cookie {
            response.headers_mut().insert(header::SET_COOKIE, cookie);
        }
        response
    }
}
