//! How the API's description tells of errors: naming [`ArgusError`] or [`OAuthError`] among the responses of a call stands for all
//! that it may answer.

use super::{ArgusError, OAuthError};
use std::collections::BTreeMap;
use utoipa::{
    IntoResponses,
    openapi::{
        Content, Header, Object, Ref, RefOr, Type,
        response::{Response, ResponseBuilder},
    },
};

const ARGUS: [(&str, &str); 6] = [
    ("401", "No credential, or one that does not work from here or any more."),
    ("403", "Known, but not permitted."),
    ("404", "There is no such object, or none that the caller may know of."),
    ("412", "The request is not valid: one message per bad field."),
    ("429", "Too many attempts."),
    ("503", "Nothing was decided: try again."),
];

const OAUTH: [(&str, &str); 5] = [
    ("400", "The request is not valid, or what it presents is not."),
    ("401", "The client, or the token, is not proven."),
    ("403", "The token was not issued for this."),
    ("413", "The request is too large."),
    ("503", "Nothing was decided: try again."),
];

impl IntoResponses for ArgusError {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        described("Envelope_Nothing", &ARGUS)
    }
}

impl IntoResponses for OAuthError {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        described("OAuthErrorBody", &OAUTH)
    }
}

/// Each status, with the named schema as its body.
fn described(body: &str, errors: &[(&str, &str)]) -> BTreeMap<String, RefOr<Response>> {
    let each = |(status, description): &(&str, &str)| {
        let body = Content::new(Some(Ref::from_schema_name(body)));
        let response = ResponseBuilder::new().description(*description).content("application/json", body);
        let response = match *status {
            "429" | "503" => response.header("Retry-After", seconds()),
            _ => response,
        };
        ((*status).to_owned(), response.build().into())
    };
    errors.iter().map(each).collect()
}

fn seconds() -> Header {
    Header::new(Object::with_type(Type::Integer))
}
