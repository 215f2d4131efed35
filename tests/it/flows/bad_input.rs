//! Bad input on every route: a 4xx in the form that belongs to the route, never a 5xx, and nothing is recorded.

use crate::support::server::{Answer, TestServer, with};
use axum::{body::Body, http::Request};
use std::collections::BTreeSet;

/// How a route tells that something is wrong.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    /// RFC 6749 §5.2, RFC 6750 §3.
    OAuth,
    /// The Argus envelope.
    Argus,
    /// A page.
    Page,
    /// It reads nothing of a request.
    Static,
}

/// What a `POST` to the route makes of a body.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reads {
    Form,
    Json,
    Nothing,
}

/// Every route, what may be posted there, and the names of the fields that it knows.
const ROUTES: &[(&str, Kind, Reads, &[&str])] = &[
    ("/", Kind::Page, Reads::Nothing, &[]),
    ("/login", Kind::Page, Reads::Form, &["username", "password", "domain", "resume"]),
    ("/logout", Kind::Page, Reads::Nothing, &[]),
    ("/password", Kind::Page, Reads::Form, &["current_password", "new_password", "new_password_again", "resume"]),
    (
        "/oauth2/authorize",
        Kind::Page,
        Reads::Form,
        &["client_id", "redirect_uri", "response_type", "scope", "state", "nonce"],
    ),
    ("/static/{*name}", Kind::Static, Reads::Nothing, &[]),
    ("/.well-known/openid-configuration", Kind::Static, Reads::Nothing, &[]),
    ("/.well-known/oauth-authorization-server", Kind::Static, Reads::Nothing, &[]),
    ("/oauth2/keys", Kind::Static, Reads::Nothing, &[]),
    (
        "/authentication/v1/oauth/token",
        Kind::OAuth,
        Reads::Form,
        &[
            "grant_type",
            "code",
            "client_id",
            "client_secret",
            "redirect_uri",
            "refresh_token",
            "code_verifier",
            "scope",
        ],
    ),
    ("/authentication/v1/oauth/token/introspect", Kind::OAuth, Reads::Form, &["token", "client_id", "client_secret"]),
    ("/authentication/v1/oauth/token/revoke", Kind::OAuth, Reads::Form, &["token", "client_id", "client_secret"]),
    ("/authentication/v1/oauth/userinfo", Kind::OAuth, Reads::Nothing, &[]),
    (
        "/authentication/v1/oauth/authorize",
        Kind::Argus,
        Reads::Json,
        &["clientID", "redirectURI", "responseType", "scope", "state", "nonce", "codeChallenge", "codeChallengeMethod"],
    ),
    ("/authentication/v1/oauth/client", Kind::Argus, Reads::Json, CLIENT),
    (
        "/authentication/v1/oauth/client/search",
        Kind::Argus,
        Reads::Json,
        &["keywords", "customer", "limit", "sortBy", "subCriteria"],
    ),
    ("/authentication/v1/oauth/client/{idOrShortname}", Kind::Argus, Reads::Json, CLIENT),
    ("/authentication/v1/oauth/client/{idOrShortname}/history", Kind::Argus, Reads::Nothing, &[]),
    ("/authentication/v1/oauth/client/{idOrShortname}/history/{moment}", Kind::Argus, Reads::Nothing, &[]),
    ("/authentication/v1/oauth/client/{idOrShortname}/diff", Kind::Argus, Reads::Nothing, &[]),
    ("/authentication/v1/oauth/client/{idOrShortname}/who-can", Kind::Argus, Reads::Nothing, &[]),
    ("/authentication/v1/oauth/client/{idOrShortname}/preview", Kind::Argus, Reads::Json, CLIENT),
    ("/authentication/v1/oauth/client/{idOrShortname}/restore", Kind::Argus, Reads::Json, &["to"]),
    ("/authentication/v1/oauth/client/{idOrShortname}/restore/preview", Kind::Argus, Reads::Json, &["to"]),
    ("/authentication/v1/password/authentication", Kind::Argus, Reads::Json, &["userName", "password", "domain"]),
    ("/authentication/v1/session", Kind::Argus, Reads::Nothing, &[]),
    ("/authentication/v1/logout", Kind::Argus, Reads::Nothing, &[]),
    ("/authentication/v1/client", Kind::Argus, Reads::Nothing, &[]),
    ("/authentication/v1/methods", Kind::Argus, Reads::Nothing, &[]),
    ("/authentication/v1/password", Kind::Argus, Reads::Json, &["newPassword", "oldPassword"]),
    ("/authentication/v1/password/test", Kind::Argus, Reads::Json, &["password"]),
    ("/authentication/v1/password/authenticate", Kind::Argus, Reads::Json, &["userName", "password", "domain"]),
    ("/currentuser/v1/password", Kind::Argus, Reads::Json, &["newPassword", "oldPassword"]),
    ("/authentication/v1/session/authmethods", Kind::Argus, Reads::Nothing, &[]),
    ("/currentuser/v1/authmethods", Kind::Argus, Reads::Nothing, &[]),
    ("/authentication/v1/user/{user}/methods", Kind::Argus, Reads::Nothing, &[]),
    ("/authentication/v1/events", Kind::Argus, Reads::Nothing, EVENTS),
    ("/authentication/v1/user/{user}/events", Kind::Argus, Reads::Nothing, EVENTS),
    ("/authentication/v1/customer/events", Kind::Argus, Reads::Nothing, &["customer", "domain", "limit"]),
    ("/authentication/v1/apikey", Kind::Argus, Reads::Json, API_KEY),
    ("/authentication/v1/apikey/{first}/{second}", Kind::Argus, Reads::Json, &["expirationDays", "password"]),
    ("/authentication/v1/user/{user}", Kind::Argus, Reads::Nothing, &["domain"]),
    ("/authentication/v1/user/{user}/block", Kind::Argus, Reads::Nothing, &["domain"]),
    ("/authentication/v1/user/{user}/unblock", Kind::Argus, Reads::Nothing, &["domain"]),
    ("/authentication/v1/user/{user}/apikey", Kind::Argus, Reads::Json, API_KEY),
    ("/authentication/v1/user/{user}/apikey/{first}/{second}", Kind::Argus, Reads::Json, &["expirationDays"]),
    (
        "/authentication/v1/session/constrain",
        Kind::Argus,
        Reads::Json,
        &["function", "functionID", "customer", "customerID", "readOnly"],
    ),
    ("/authentication/v1/session/customer", Kind::Argus, Reads::Nothing, &[]),
    ("/authentication/v1/session/function", Kind::Argus, Reads::Nothing, &[]),
    ("/authentication/v1/session/permission/{function}", Kind::Argus, Reads::Nothing, &[]),
    ("/authentication/v1/session/permission/{function}/{customer}", Kind::Argus, Reads::Nothing, &[]),
    ("/authentication/v1/session/{sessionIdentifier}", Kind::Argus, Reads::Nothing, &[]),
    ("/authentication/v1/sessions", Kind::Argus, Reads::Nothing, &[]),
    ("/authentication/v1/user/{user}/sessions", Kind::Argus, Reads::Nothing, &[]),
    ("/currentuser/v1/user", Kind::Argus, Reads::Nothing, &[]),
    ("/currentuser/v1/groups", Kind::Argus, Reads::Nothing, &[]),
    ("/currentuser/v1/customers", Kind::Argus, Reads::Nothing, &[]),
    ("/currentuser/v1/functions", Kind::Argus, Reads::Nothing, &[]),
    ("/currentuser/v1/permissions", Kind::Argus, Reads::Nothing, &[]),
    ("/currentuser/v1/permission/{function}/{customer}", Kind::Argus, Reads::Nothing, &[]),
    ("/users/v2/user/{shortNameOrID}/picture", Kind::Static, Reads::Nothing, &[]),
    ("/useradmin/v2/user", Kind::Argus, Reads::Json, USER),
    ("/useradmin/v2/user/search", Kind::Argus, Reads::Json, SUBJECT_SEARCH),
    ("/useradmin/v2/user/{shortNameOrID}", Kind::Argus, Reads::Json, USER),
    ("/useradmin/v2/user/{shortNameOrID}/move", Kind::Argus, Reads::Json, &["customer"]),
    ("/useradmin/v2/user/{shortNameOrID}/permissions", Kind::Argus, Reads::Nothing, &[]),
    ("/useradmin/v2/group/{shortNameOrID}/permissions", Kind::Argus, Reads::Nothing, &[]),
    ("/useradmin/v2/user/{shortNameOrID}/picture", Kind::Argus, Reads::Json, &["image", "mimeType"]),
    ("/currentuser/v1/picture", Kind::Argus, Reads::Json, &["image", "mimeType"]),
    ("/useradmin/v2/user/{shortNameOrID}/reenable", Kind::Argus, Reads::Json, &["domain"]),
    ("/useradmin/v2/group", Kind::Argus, Reads::Json, &["shortName", "name", "description", "customer", "domain"]),
    ("/useradmin/v2/group/search", Kind::Argus, Reads::Json, SUBJECT_SEARCH),
    ("/useradmin/v2/group/{shortNameOrID}", Kind::Argus, Reads::Json, &["shortName", "name", "description"]),
    ("/useradmin/v2/group/{shortNameOrID}/move", Kind::Argus, Reads::Json, &["customer"]),
    ("/useradmin/v2/group/{shortNameOrID}/reenable", Kind::Argus, Reads::Json, &["domain"]),
    ("/useradmin/v2/group/{shortNameOrID}/members", Kind::Argus, Reads::Json, &["subject", "comment"]),
    ("/useradmin/v2/membership", Kind::Argus, Reads::Nothing, &["subject", "membershipID", "comment", "limit"]),
    ("/useradmin/v2/membership/search", Kind::Argus, Reads::Json, &["subject", "customer", "sortBy", "subCriteria"]),
    ("/useradmin/v2/subject", Kind::Argus, Reads::Nothing, &["subject", "customer", "keyword", "limit"]),
    ("/useradmin/v2/subject/search", Kind::Argus, Reads::Json, SUBJECT_SEARCH),
    ("/useradmin/v2/subject/{shortNameOrId}", Kind::Argus, Reads::Nothing, &["domain"]),
    ("/useradmin/v2/subject/{shortNameOrId}/groups", Kind::Argus, Reads::Json, &["parentGroups", "comment"]),
    ("/users/v2/user", Kind::Argus, Reads::Nothing, &["subject", "customer", "keyword", "limit"]),
    ("/users/v2/user/search", Kind::Argus, Reads::Json, SUBJECT_SEARCH),
    ("/users/v2/user/{shortNameOrID}", Kind::Argus, Reads::Nothing, &["domain"]),
    ("/users/v2/group", Kind::Argus, Reads::Nothing, &["subject", "customer", "keyword", "limit"]),
    ("/users/v2/group/search", Kind::Argus, Reads::Json, SUBJECT_SEARCH),
    ("/users/v2/group/{shortNameOrID}", Kind::Argus, Reads::Nothing, &["domain"]),
    ("/users/v2/subject", Kind::Argus, Reads::Nothing, &["subject", "customer", "keyword", "limit"]),
    ("/users/v2/subject/search", Kind::Argus, Reads::Json, SUBJECT_SEARCH),
    ("/users/v2/subject/{shortNameOrID}", Kind::Argus, Reads::Nothing, &["domain"]),
    ("/users/v2/subject/{shortNameOrID}/groups", Kind::Argus, Reads::Nothing, &["includeInherited", "limit", "offset"]),
    ("/useradmin/v2/function", Kind::Argus, Reads::Json, FUNCTION),
    ("/useradmin/v2/function/search", Kind::Argus, Reads::Json, FUNCTION_SEARCH),
    ("/useradmin/v2/function/{functionNameOrID}", Kind::Argus, Reads::Json, FUNCTION),
    ("/useradmin/v2/function/{functionNameOrID}/children", Kind::Argus, Reads::Json, &["children"]),
    ("/useradmin/v2/function/{functionNameOrID}/parents", Kind::Argus, Reads::Nothing, &[]),
    ("/useradmin/v2/functionmapping", Kind::Argus, Reads::Nothing, &["parent", "child", "sortBy", "limit"]),
    ("/useradmin/v2/functionmapping/search", Kind::Argus, Reads::Json, &["parent", "child", "sortBy", "limit"]),
    ("/users/v2/function", Kind::Argus, Reads::Nothing, &["function", "keywords", "sortBy", "limit"]),
    ("/users/v2/function/search", Kind::Argus, Reads::Json, FUNCTION_SEARCH),
    ("/users/v2/function/{idOrShortname}", Kind::Argus, Reads::Nothing, &[]),
    ("/useradmin/v2/permission", Kind::Argus, Reads::Json, &["subject", "function", "customer", "comment"]),
    ("/useradmin/v2/permission/bulk", Kind::Argus, Reads::Json, &["permissions"]),
    (
        "/useradmin/v2/permission/search",
        Kind::Argus,
        Reads::Json,
        &["subject", "function", "customer", "keywords", "startTimestamp", "sortBy", "limit", "subCriteria"],
    ),
    ("/useradmin/v2/permission/{permissionID}", Kind::Argus, Reads::Nothing, &["comment"]),
    ("/customeradmin/v2/customer", Kind::Argus, Reads::Json, &["shortName", "name", "parent", "domain", "type"]),
    (
        "/customeradmin/v2/customer/search",
        Kind::Argus,
        Reads::Json,
        &["customer", "parent", "ancestor", "type", "keywords", "sortBy", "limit", "subCriteria"],
    ),
    ("/customeradmin/v2/customer/{idOrShortName}", Kind::Argus, Reads::Json, &["shortName", "name", "language"]),
    ("/customeradmin/v2/customer/{idOrShortName}/disable", Kind::Argus, Reads::Json, &["domain"]),
    ("/customeradmin/v2/customer/{idOrShortName}/reenable", Kind::Argus, Reads::Json, &["domain"]),
    ("/customeradmin/v2/customer/{idOrShortName}/move", Kind::Argus, Reads::Json, &["parent"]),
    ("/customeradmin/v2/domain", Kind::Argus, Reads::Nothing, &["limit", "offset"]),
    ("/audit/v1/entries", Kind::Argus, Reads::Nothing, &["query", "after", "limit", "format"]),
    ("/audit/v1/entries/export", Kind::Argus, Reads::Nothing, &["query", "format"]),
    ("/audit/v1/entries/{position}", Kind::Argus, Reads::Nothing, &[]),
    ("/audit/v1/entries/{position}/proof", Kind::Argus, Reads::Nothing, &[]),
    ("/audit/v1/checkpoint", Kind::Argus, Reads::Nothing, &[]),
    ("/audit/v1/checkpoints", Kind::Argus, Reads::Nothing, &["after", "limit"]),
    ("/audit/v1/consistency", Kind::Argus, Reads::Nothing, &["from", "to"]),
    ("/health", Kind::Static, Reads::Nothing, &[]),
    ("/ready", Kind::Static, Reads::Nothing, &[]),
    ("/metrics", Kind::Static, Reads::Nothing, &[]),
    ("/docs/api", Kind::Static, Reads::Nothing, &[]),
    ("/docs/api/openapi.json", Kind::Static, Reads::Nothing, &[]),
    ("/docs/api/{file}", Kind::Static, Reads::Nothing, &[]),
];

const EVENTS: &[&str] = &["startTimestamp", "endTimestamp", "limit", "offset"];
const USER: &[&str] =
    &["shortName", "name", "customer", "domain", "email", "phone", "phoneNumber", "description", "role"];
const FUNCTION: &[&str] = &["name", "parent", "description", "localizedNames", "role", "roleType"];
const FUNCTION_SEARCH: &[&str] =
    &["function", "ancestors", "descendants", "keywords", "sortBy", "limit", "subCriteria"];
const SUBJECT_SEARCH: &[&str] = &["keywords", "customer", "subject", "ancestor", "limit", "sortBy", "subCriteria"];
const API_KEY: &[&str] = &["description", "validSources", "source", "expirationDays", "sessionConstraints"];

const CLIENT: &[&str] = &[
    "shortName",
    "name",
    "description",
    "mainURI",
    "redirectURIs",
    "clientIPRange",
    "authenticationMethod",
    "clientSecret",
    "requiredFunction",
    "permissionScope",
    "customer",
    "permittedScopes",
    "hidden",
    "openIDCustomClaims",
    "maxSecurityLevel",
];

const FORM: &str = "application/x-www-form-urlencoded";
const JSON: &str = "application/json";
const MEGABYTE: usize = 1024 * 1024;

/// A route that is not in the table was added without thinking of bad input.
#[test]
fn the_table_has_every_route() {
    let source = include_str!("../../../src/router.rs");
    let known: BTreeSet<&str> = ROUTES.iter().map(|(path, ..)| *path).collect();
    let routes = source.split(".route(").skip(1).filter_map(|rest| rest.trim_start().split(',').next());
    for route in routes {
        let path = if route == "assets::ROUTE" { argus::pages::assets::ROUTE } else { route.trim_matches('"') };
        let named =
            known.iter().any(|known| *known == path || (known.starts_with("/static/") && path.starts_with("/static/")));
        assert!(named, "{path}");
    }
}

fn url(path: &str) -> String {
    path.replace("{*name}", "argus.css")
        .replace("{name}", "argus.css")
        .replace("{file}", "swagger-ui.css")
        .replace("{user}", "7")
        .replace("{idOrShortname}", "app")
        .replace("{moment}", "1")
        .replace("{first}", "1ab")
        .replace("{second}", "2c")
}

#[track_caller]
fn refused(answer: &Answer, kind: Kind, what: &str) {
    assert!(
        (400..500).contains(&answer.status),
        "{} for {what}: {}",
        answer.status,
        String::from_utf8_lossy(&answer.body)
    );
    match kind {
        Kind::OAuth => assert!(!answer.oauth_error().1.is_empty(), "{what}"),
        Kind::Argus => {
            let body = answer.json();
            assert_eq!(body["responseCode"], answer.status, "{what}");
            let messages = body["messages"].as_array().unwrap();
            assert!(!messages.is_empty(), "{what}");
            let mut fields = BTreeSet::new();
            for message in messages {
                assert!(message["type"].is_string() && message["message"].is_string(), "{what}");
                assert!(fields.insert(message["field"].as_str().unwrap()), "one message per field: {what}");
            }
        }
        Kind::Page | Kind::Static => assert_eq!(answer.header("location"), None, "{what}"),
    }
}

fn bad_forms(fields: &[&str]) -> Vec<Vec<u8>> {
    let first = fields.first().copied().unwrap_or("a");
    let mut bodies: Vec<Vec<u8>> =
        ["a=1&a=2", "%61=1&a=2", "a=%zz", "a=%", "a=%f", "a=%ff", "a=%00", "%00=1", "a=%c3%28", "a=\0", "=%ed%a0%80"]
            .iter()
            .map(|text| format!("{first}=x&{text}").into_bytes())
            .collect();
    bodies.push(format!("{first}=1&{first}=2").into_bytes());
    bodies.push(b"a=\xff\xfe".to_vec());
    bodies.push(format!("{first}={}", "a".repeat(MEGABYTE)).into_bytes());
    bodies
}

fn bad_json(fields: &[&str]) -> Vec<Vec<u8>> {
    let first = fields.first().copied().unwrap_or("a");
    let mut bodies: Vec<Vec<u8>> = [
        "",
        "{",
        "[]",
        "null",
        "1",
        "\"x\"",
        "{} {}",
        "{}x",
        "{\"a\":}",
        "{\"a\":1e400}",
        "{\"a\":\"\\ud800\"}",
        "{\"a\":\"\0\"}",
        "{\"a\":\"\\u0000\"}",
        "\u{feff}{}",
        "{'a':1}",
        "{\"a\":1,}",
        "{\"unknown\":1}",
    ]
    .iter()
    .map(|text| (*text).to_owned().into_bytes())
    .collect();
    bodies.push(format!("{{\"{first}\":\"a\",\"{first}\":\"b\"}}").into_bytes());
    bodies.push(format!("{{\"{first}\":null}}").into_bytes());
    bodies.push(format!("{{\"{first}\":{{\"a\":1}}}}").into_bytes());
    bodies.push(b"{\"a\":\"\xff\xfe\"}".to_vec());
    bodies.push(format!("{{\"a\":{}1{}}}", "[".repeat(100_000), "]".repeat(100_000)).into_bytes());
    bodies.push(format!("{{\"{first}\":\"{}\"}}", "a".repeat(MEGABYTE)).into_bytes());
    bodies
}

/// Whether a body is sent to the route with PUT.
fn is_put(path: &str) -> bool {
    ["{idOrShortname}", "{second}", "v1/password", "/password/test"].iter().any(|end| path.ends_with(end))
}

struct Bench {
    server: TestServer,
    bearer: String,
    before: i64,
}

impl Bench {
    /// A server and somebody who may reach what asks for a credential first.
    async fn new() -> Self {
        let server = TestServer::start().await;
        server.confidential("app").await;
        let admin = server.admin();
        admin.sign_in().await;
        let bearer = format!("Bearer {}", admin.session_token());
        let before = server.count_events().await;
        Self { server, bearer, before }
    }

    async fn post(&self, path: &str, content_type: Option<&str>, body: Vec<u8>) -> Answer {
        let method = if is_put(path) { "PUT" } else { "POST" };
        let mut request = Request::builder().method(method).uri(url(path)).body(Body::from(body)).unwrap();
        if let Some(content_type) = content_type {
            request = with("content-type", content_type, request);
        }
        let wants_caller =
            ["/oauth/authorize", "/oauth/client", "/apikey", "v1/password"].iter().any(|part| path.contains(part));
        self.server.call(if wants_caller { with("authorization", &self.bearer, request) } else { request }).await
    }

    async fn nothing_was_recorded(&self) {
        assert_eq!(self.server.count_events().await, self.before);
    }
}

#[tokio::test]
async fn malformed_bodies_are_refused() {
    let bench = Bench::new().await;
    for (path, kind, reads, fields) in ROUTES {
        let (content_type, bodies) = match reads {
            Reads::Form => (FORM, bad_forms(fields)),
            Reads::Json => (JSON, bad_json(fields)),
            Reads::Nothing => continue,
        };
        // The authorization endpoint tells repetitions to a proven client; here none is proven, one step later.
        let goes_on = |answer: &Answer| *path == "/oauth2/authorize" && answer.status == 303;
        for body in bodies {
            let what = format!("{path} {:?}", String::from_utf8_lossy(&body).chars().take(80).collect::<String>());
            let mut answer = bench.post(path, Some(content_type), body).await;
            if goes_on(&answer) {
                answer = bench.server.get(answer.location()).await;
            }
            refused(&answer, *kind, &what);
        }
    }
    bench.nothing_was_recorded().await;
}

#[tokio::test]
async fn other_content_types_are_refused() {
    let bench = Bench::new().await;
    for (path, kind, reads, _) in ROUTES.iter().filter(|(_, _, reads, _)| *reads != Reads::Nothing) {
        let own = if *reads == Reads::Form { FORM } else { JSON };
        let other = if *reads == Reads::Form { JSON } else { FORM };
        let body = if *reads == Reads::Form { "a=1" } else { "{}" };
        let (seven, wide) = (format!("{own}; charset=utf-7"), format!("{own};charset=\"utf-16\""));
        for content_type in [
            None,
            Some(""),
            Some("text/plain"),
            Some("multipart/form-data; boundary=x"),
            Some(other),
            Some("*/*"),
            Some(&seven),
            Some(&wide),
        ] {
            let answer = bench.post(path, content_type, body.into()).await;
            refused(&answer, *kind, &format!("{path} {content_type:?}"));
        }
        if is_put(path) {
            continue;
        }
        let twice = Request::post(url(path)).header("content-type", own).header("content-encoding", "gzip");
        let packed = with("authorization", &bench.bearer, twice.body(body.into()).unwrap());
        refused(&bench.server.call(packed).await, *kind, &format!("{path} gzip"));
    }
    bench.nothing_was_recorded().await;
}

#[tokio::test]
async fn fields_of_ten_thousand_characters_are_refused() {
    let bench = Bench::new().await;
    for (path, kind, reads, fields) in ROUTES.iter().filter(|(_, _, reads, _)| *reads != Reads::Nothing) {
        for field in *fields {
            let long = "a".repeat(10_000);
            let body = match reads {
                Reads::Json => serde_json::json!({ *field: long }).to_string(),
                _ => format!("{field}={long}"),
            };
            let content_type = if *reads == Reads::Json { JSON } else { FORM };
            let mut answer = bench.post(path, Some(content_type), body.into_bytes()).await;
            if *path == "/oauth2/authorize" && answer.status == 303 {
                answer = bench.server.get(answer.location()).await;
            }
            // Without a sign-in, a password cannot be changed, whatever was typed.
            if *path == "/password" && answer.status == 303 {
                assert_eq!(answer.location(), "/login");
                continue;
            }
            refused(&answer, *kind, &format!("{path} {field}"));
        }
    }
    bench.nothing_was_recorded().await;
}

#[tokio::test]
async fn no_query_string_breaks_anything() {
    let bench = Bench::new().await;
    let long = "a".repeat(10_000);
    for (path, _, _, fields) in ROUTES {
        let mut queries: Vec<String> =
            ["a=1&a=2", "a=%zz", "a=%", "a=%ff", "a=%00", "%00", "&&&", "=", "a[]=1&a[x]=2", "a;b", "%2e%2e/"]
                .map(str::to_owned)
                .into();
        for field in *fields {
            queries.extend([
                format!("{field}={long}"),
                format!("{field}=1&{field}=2"),
                format!("{field}=%ff"),
                format!("{field}=%27%3B--"),
            ]);
        }
        for query in queries {
            for authorized in [false, true] {
                let request = Request::get(format!("{}?{query}", url(path))).body(Body::empty()).unwrap();
                let request = if authorized { with("authorization", &bench.bearer, request) } else { request };
                let answer = bench.server.call(request).await;
                assert!(
                    answer.status < 500,
                    "{} for {path}?{}",
                    answer.status,
                    query.chars().take(80).collect::<String>()
                );
                let harmless = answer
                    .header("location")
                    .is_none_or(|location| location.starts_with('/') && !location.starts_with("//"));
                assert!(harmless, "{path}?{query}");
            }
        }
    }
    bench.nothing_was_recorded().await;
}

#[tokio::test]
async fn no_method_or_path_breaks_anything() {
    let bench = Bench::new().await;
    for (path, ..) in ROUTES {
        for method in ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "X"] {
            let request = Request::builder().method(method).uri(url(path)).body(Body::empty()).unwrap();
            let answer = bench.server.call(request).await;
            assert!((400..500).contains(&answer.status), "{method} {path}: {}", answer.status);
        }
    }
    for path in [
        "/nowhere",
        "//login",
        "/login/",
        "/./login",
        "/x/../login",
        "/login%00",
        "/%ff",
        "/%2e%2e/login",
        "/login;x",
        "/LOGIN",
        "/authentication/v1/oauth/token/",
        "/static/..%2fCargo.toml",
        "/static/%00",
        "/users/v2/user/%ff/picture/x",
    ] {
        let answer = bench.server.get(path).await;
        assert_eq!(answer.status, 404, "{path}");
    }
    assert!(bench.server.get("/users/v2/user/%ff/picture").await.status < 500);
    bench.nothing_was_recorded().await;
}

#[tokio::test]
async fn headers_that_cannot_be_read_are_nobodys() {
    let bench = Bench::new().await;
    let long = "a".repeat(10_000);
    for (path, ..) in ROUTES {
        for (name, value) in [
            ("authorization", &b"Bearer \xff\xfe"[..]),
            ("authorization", b"Bearer"),
            ("authorization", long.as_bytes()),
            ("cookie", b"argus_session=\xff; __Host-argus_browser=\xff"),
            ("cookie", b"argus_session; =; ;;;"),
            ("argus-api-key", b"\xff/\xff/\xff"),
            ("argus-api-key", b"///"),
            ("argus-csrf-token", b"\xff"),
            ("x-forwarded-for", b"\xff"),
            ("x-forwarded-for", b",,,"),
        ] {
            for method in ["GET", "POST"] {
                let mut request = Request::builder().method(method).uri(url(path)).body(Body::empty()).unwrap();
                request.headers_mut().insert(name, axum::http::HeaderValue::from_bytes(value).unwrap());
                let answer = bench.server.call(request).await;
                assert!(answer.status < 500, "{} for {method} {path} {name}", answer.status);
            }
        }
    }
    bench.nothing_was_recorded().await;
}
