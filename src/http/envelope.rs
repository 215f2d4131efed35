//! The envelope of every reply of the Argus API.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use serde_json::{Value, json};

/// What stands around `data`, or around the messages of an error.
#[derive(Debug, Clone)]
pub(super) struct Envelope {
    /// The HTTP status, also outside of the registered ones (220, 221).
    pub(super) code: u16,
    /// The page that was asked for, and how many there are in all; of a single object 0, 0 and 1.
    pub(super) page: Page,
    /// How many are in this reply.
    pub(super) size: usize,
    /// Unstructured extras.
    pub(super) meta: Value,
    /// Messages, of errors.
    pub(super) messages: Vec<Value>,
    /// The object or the list.
    pub(super) data: Value,
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

impl IntoResponse for Envelope {
    fn into_response(self) -> Response {
        let Self { code, page, size, meta, messages, data } = self;
        let Page { limit, offset, count } = page;
        let body = json!({
            "responseCode": code, "limit": limit, "offset": offset, "count": count, "size": size,
            "metaData": meta, "messages": messages, "data": data,
        });
        let status = StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        (status, [(header::CACHE_CONTROL, "no-store")], Json(body)).into_response()
    }
}

/// A successful reply.
#[derive(Debug, Clone)]
pub struct Reply {
    envelope: Envelope,
    cookie: Option<HeaderValue>,
}

impl Reply {
    /// 200 with one object.
    #[must_use]
    pub fn ok(data: Value) -> Self {
        Self::object(200, data)
    }

    /// 201: the object was created.
    #[must_use]
    pub fn created(data: Value) -> Self {
        Self::object(201, data)
    }

    /// 220: nothing had to be changed; the object as it is.
    #[must_use]
    pub fn unchanged(data: Value) -> Self {
        Self::object(220, data)
    }

    /// 221: there is a session, but all it can do is choose a new password.
    #[must_use]
    pub fn password_change_required(data: Value) -> Self {
        Self::object(221, data)
    }

    /// 200 with a page of a list.
    #[must_use]
    pub fn list<T: Serialize>(rows: &[T], page: Page) -> Self {
        let mut reply = Self::object(200, json!(rows));
        (reply.envelope.page, reply.envelope.size) = (page, rows.len());
        reply
    }

    /// With extras in `metaData`.
    #[must_use]
    pub fn with_meta(mut self, meta: Value) -> Self {
        self.envelope.meta = meta;
        self
    }

    /// With a `Set-Cookie` header.
    #[must_use]
    pub fn with_cookie(mut self, cookie: Option<HeaderValue>) -> Self {
        self.cookie = cookie;
        self
    }

    fn object(code: u16, data: Value) -> Self {
        let page = Page { count: 1, ..Page::default() };
        let envelope = Envelope { code, page, size: 1, meta: json!({}), messages: Vec::new(), data };
        Self { envelope, cookie: None }
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
