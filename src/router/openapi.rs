//! `GET /docs/api/openapi.json`: the API described, from the handlers and their types.
//!
//! A handler that belongs to the API has, below its doc comment (first line: summary; the rest: description),
//!
//! ```text
//! #[utoipa::path(put, path = "/useradmin/v2/group/{group}", params(("group" = String, Path, description = "Id or short name.")),
//!     request_body = GroupFields,
//!     responses((status = 200, description = "Changed.", body = Envelope<Group>), ArgusError))]
//! ```
//!
//! and stands in the list below. The path is the one of the route table; a query is a struct that derives `IntoParams`; `Envelope<T>`
//! is the reply with one object, `Envelope<Vec<T>>` a list; [`ArgusError`] or [`OAuthError`](crate::http::OAuthError) stands for
//! every error. Who may call is said once, here: a call that asks for something else says `security(...)`. Operation ids and tags
//! follow from the path. `tests/it/openapi.rs` compares the description with the route table.

use crate::{
    endpoints::{current_user, health, oauth, picture, session, sessions},
    http::{Envelope, OAuthErrorBody, envelope::Nothing},
};
use axum::Json;
use std::sync::LazyLock;
use utoipa::{
    Modify, OpenApi,
    openapi::{
        self, Paths, SecurityRequirement,
        security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme},
        tag::TagBuilder,
    },
};

#[derive(OpenApi)]
#[openapi(
    info(title = "Argus identity provider", description = "OAuth 2.0, OpenID Connect and the Argus API."),
    modifiers(&Credentials, &Names),
    components(schemas(Envelope<Nothing>, OAuthErrorBody)),
    paths(
        oauth::discovery::get,
        oauth::keys::get,
        picture::get,
        session::get,
        session::delete,
        session::constrain::post,
        session::customer::get,
        session::function::get,
        session::permission::any,
        session::permission::one,
        session::evict::delete,
        sessions::own,
        sessions::get,
        sessions::delete,
        current_user::user::get,
        current_user::groups::get,
        current_user::customers::get,
        current_user::functions::get,
        health::health,
        health::ready,
        health::metrics,
    )
)]
struct Description;

static DESCRIPTION: LazyLock<openapi::OpenApi> = LazyLock::new(Description::openapi);

/// The whole description.
pub(super) async fn get() -> Json<&'static openapi::OpenApi> {
    Json(&DESCRIPTION)
}

/// How callers prove who they are.
struct Credentials;

impl Modify for Credentials {
    fn modify(&self, description: &mut openapi::OpenApi) {
        let header =
            |name: &str, what: &str| SecurityScheme::ApiKey(ApiKey::Header(ApiKeyValue::with_description(name, what)));
        let http = |scheme, what: &str| {
            SecurityScheme::Http(HttpBuilder::new().scheme(scheme).description(Some(what)).build())
        };
        let cookie = ApiKeyValue::with_description("argus_session", "A session's token.");
        let components = description.components.get_or_insert_default();
        components.add_security_scheme("apiKey", header("Argus-API-Key", "A user's API key: `1ab/2c/secret`."));
        components.add_security_scheme("bearer", http(HttpAuthScheme::Bearer, "An access token or a session's token."));
        components.add_security_scheme("session", SecurityScheme::ApiKey(ApiKey::Cookie(cookie)));
        components.add_security_scheme(
            "csrf",
            header("Argus-Csrf-Token", "Signed with the session's key; needed to change something by cookie."),
        );
        components.add_security_scheme("client", http(HttpAuthScheme::Basic, "An OAuth client's id and secret."));
        let alone = |scheme: &str| SecurityRequirement::new::<_, [&str; 0], &str>(scheme, []);
        description.security =
            Some(vec![alone("apiKey"), alone("bearer"), alone("session").add::<_, [&str; 0], &str>("csrf", [])]);
    }
}

/// What the calls are about, by the beginning of their path; the first that fits counts.
const SUBJECTS: &[(&str, &str)] = &[
    ("/authentication/v1/oauth/client", "OAuth clients"),
    ("/authentication/v1/oauth/", "OAuth 2.0 and OpenID Connect"),
    ("/oauth2/", "OAuth 2.0 and OpenID Connect"),
    ("/.well-known/", "OAuth 2.0 and OpenID Connect"),
    ("/authentication/v1/", "Signing in, sessions and keys"),
    ("/users/", "People"),
    ("/audit/", "Audit trail"),
    ("/", "Operation of the server"),
];

/// Second paths of one handler: the path, and the one that is described.
const ALSO: &[(&str, &str)] = &[
    ("/.well-known/oauth-authorization-server", "/.well-known/openid-configuration"),
    (
        "/currentuser/v1/permission/{function}/{customer}",
        "/authentication/v1/session/permission/{function}/{customer}",
    ),
];

/// Operation ids and tags, which follow from method and path; and second paths.
struct Names;

impl Modify for Names {
    fn modify(&self, description: &mut openapi::OpenApi) {
        let paths = &mut description.paths;
        for (path, described) in ALSO {
            if let Some(item) = paths.paths.get(*described).cloned() {
                paths.paths.insert((*path).to_owned(), item);
            }
        }
        name_operations(paths);
        let mut subjects: Vec<_> = SUBJECTS.iter().map(|(_, subject)| *subject).collect();
        subjects.dedup();
        description.tags = Some(subjects.iter().map(|subject| TagBuilder::new().name(*subject).build()).collect());
    }
}

fn name_operations(paths: &mut Paths) {
    for (path, item) in &mut paths.paths {
        let subject = SUBJECTS.iter().find(|(beginning, _)| path.starts_with(beginning));
        let methods =
            [("get", &mut item.get), ("post", &mut item.post), ("put", &mut item.put), ("delete", &mut item.delete)];
        for (method, operation) in methods {
            let Some(operation) = operation else { continue };
            operation.operation_id = Some(operation_id(method, path));
            operation.tags = subject.map(|(_, subject)| vec![(*subject).to_owned()]);
        }
    }
}

/// `getUseradminV2GroupByGroup`.
fn operation_id(method: &str, path: &str) -> String {
    let mut id = method.to_owned();
    for segment in path.split('/') {
        if segment.starts_with('{') {
            id.push_str("By");
        }
        for word in segment.split(|c: char| !c.is_ascii_alphanumeric()) {
            let (first, rest) = word.split_at_checked(1).unwrap_or_default();
            id.push_str(&first.to_ascii_uppercase());
            id.push_str(rest);
        }
    }
    id
}
