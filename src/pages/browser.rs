//! The browser at hand: its session, and its mark, which binds a sign-in to the browser that it began in.

use crate::{
    http::{
        Forwarded, Idp, OAuthError, RequestId, address::CallerIp, client_authentication::sha256_hex, cookies,
        refused_calls::call,
    },
    tokens::{
        Presented,
        address_rule::{Visit, is_signed_in_here},
    },
};
use aggregates::ids::SessionId;
use axum::{
    extract::FromRequestParts,
    http::{HeaderValue, header::SET_COOKIE, request::Parts},
    response::{IntoResponse, Response},
};
use projections::standing::{Standing, Subject};
use std::fmt::Write;

/// What a page knows of its caller.
pub struct Browser {
    /// The caller's address.
    pub caller: CallerIp,
    /// The request.
    pub request: RequestId,
    /// The session token of the cookie, if its tag is ours. Whether it is alive is for [`Browser::look_up`].
    pub presented: Option<Presented<SessionId>>,
    /// Method and route.
    call: String,
    mark: Option<String>,
}

impl Browser {
    /// How things stand with this browser's session, and with a client if one is named. One round trip.
    ///
    /// # Errors
    /// The database's.
    pub async fn look_up(&self, idp: &Idp, client: Option<&str>) -> Result<Standing, OAuthError> {
        let session = self.presented.as_ref().map(|presented| presented.id);
        let client = client.map(|text| idp.named(text));
        let subject = Subject { client, session, claims: client.is_none(), ..Subject::default() };
        let mut standing = idp.standings.find(subject).await?;
        let signed_in = self.presented.as_ref().is_some_and(|presented| {
            let visit = Visit { caller: self.caller, request: &self.request, call: self.call.clone() };
            is_signed_in_here(idp, presented, &standing, visit)
        });
        if !signed_in {
            (standing.session, standing.user, standing.held_by) = (None, None, None);
        }
        Ok(standing)
    }

    /// Recognises the browser later without telling anybody its mark.
    #[must_use]
    pub fn recognised_by(&self) -> Option<String> {
        self.mark.as_deref().map(sha256_hex)
    }

    /// A mark for a browser that has none: the value to recognise it by, and the cookie.
    #[must_use]
    pub fn marked(&self, idp: &Idp) -> (String, Option<HeaderValue>) {
        if let Some(known) = self.recognised_by() {
            return (known, None);
        }
        let mut random = [0; 32];
        idp.entropy.fill(&mut random);
        let mark = random.iter().fold(String::new(), |mut text, byte| {
            // Writing to a String cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        });
        (sha256_hex(&mark), cookies::set(idp, cookies::browser_mark(idp), &mark))
    }
}

impl FromRequestParts<Idp> for Browser {
    type Rejection = OAuthError;

    async fn from_request_parts(parts: &mut Parts, idp: &Idp) -> Result<Self, OAuthError> {
        let forwarded = Forwarded::from_request_parts(parts, idp).await?;
        let Ok(request) = RequestId::from_request_parts(parts, idp).await;
        let session = cookies::find(&parts.headers, cookies::SESSION);
        let mark = cookies::find(&parts.headers, cookies::browser_mark(idp));
        Ok(Self {
            caller: forwarded.caller,
            request,
            presented: session.and_then(|text| Presented::<SessionId>::session(&idp.tokens, text)),
            call: call(&parts.method, &parts.extensions),
            mark: mark.map(str::to_owned),
        })
    }
}

/// Adds cookies to a response.
#[must_use]
pub fn with_cookies(response: impl IntoResponse, cookies: impl IntoIterator<Item = Option<HeaderValue>>) -> Response {
    let mut response = response.into_response();
    for cookie in cookies.into_iter().flatten() {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}
