//! What a request to each route says: once for everybody, and valid when the administrator says it.

use super::{
    callers::{PASSWORD, Stage},
    objects::{self, CANARY},
    table::{Caller, Row},
};
use crate::support::{
    directory::BOB_PASSWORD,
    relying_party::REDIRECT_URI,
    server::{form, json as json_request},
};
use axum::{body::Body, http::Request};
use serde_json::{Value, json};

/// One transparent pixel.
const PIXEL: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

/// The request of a row to that path, without a credential.
pub(super) fn request(stage: &Stage, row: &Row, caller: Caller, path: &str) -> Request<Body> {
    let authorize = stage.app.authorize_url(&[]);
    let plain = |path: &str| Request::builder().method(row.method).uri(path).body(Body::empty()).unwrap();
    match (row.method, row.route) {
        ("POST", "/login") => form(path, &[("username", "bob"), ("password", BOB_PASSWORD)]),
        ("POST", "/password") => {
            let new = "nine lanterns above the quay";
            form(path, &[("current_password", PASSWORD), ("new_password", new), ("new_password_again", new)])
        }
        ("GET", "/oauth2/authorize") => plain(&authorize),
        ("POST", "/oauth2/authorize") => form(path, &[("client_id", &stage.app.client_id())]),
        ("POST", "/authentication/v1/oauth/token") => {
            form(path, &[("grant_type", "refresh_token"), ("refresh_token", "x")])
        }
        ("POST", "/authentication/v1/oauth/token/introspect" | "/authentication/v1/oauth/token/revoke") => {
            form(path, &[("token", "x")])
        }
        _ => body(row, caller).map_or_else(|| plain(path), |body| json_request(row.method, path, &body)),
    }
}

fn body(row: &Row, caller: Caller) -> Option<Value> {
    let body = match (row.method, row.route) {
        ("POST", "/authentication/v1/oauth/authorize") => {
            json!({ "clientID": "app", "redirectURI": REDIRECT_URI, "responseType": ["code"], "scope": ["openid"] })
        }
        ("POST", "/authentication/v1/oauth/client") => json!({
            "shortName": objects::fresh_name(CANARY), "name": "Fresh", "description": "", "mainURI": "https://app.example/",
            "clientIPRange": ["127.0.0.1"], "authenticationMethod": "none", "requiredFunction": "analyst",
            "permissionScope": "analyst", "customer": "acme",
        }),
        ("PUT", "/authentication/v1/oauth/client/{idOrShortname}")
        | ("POST", "/authentication/v1/oauth/client/{idOrShortname}/preview") => json!({ "name": "Renamed" }),
        ("POST", route) if route.contains("/client/{idOrShortname}/restore") => json!({ "to": 1 }),
        ("POST", "/authentication/v1/password/authentication" | "/authentication/v1/password/authenticate") => {
            json!({ "userName": "bob", "password": BOB_PASSWORD })
        }
        ("POST", "/authentication/v1/apikey" | "/authentication/v1/user/{user}/apikey") => {
            json!({ "description": "script", "validSources": ["127.0.0.1"] })
        }
        ("PUT", route) if route.ends_with("/apikey/{first}/{second}") => json!({ "expirationDays": 30 }),
        // One after the other, each from what the row before it left.
        ("PUT", "/authentication/v1/password") => {
            json!({ "oldPassword": "nine lanterns above the quay", "newPassword": "ten kites over the harbour" })
        }
        ("PUT", "/currentuser/v1/password") => {
            json!({ "oldPassword": "ten kites over the harbour", "newPassword": "eleven gulls on one mast" })
        }
        ("PUT", "/authentication/v1/password/test") => json!({ "password": "twelve ropes on a pier" }),
        ("POST", "/authentication/v1/session/constrain") => json!({ "readOnly": true }),
        ("POST", "/useradmin/v2/user" | "/useradmin/v2/group") => {
            json!({ "customer": "acme", "shortName": objects::fresh_name(CANARY), "name": "Fresh" })
        }
        ("PUT", "/useradmin/v2/user/{shortNameOrID}" | "/useradmin/v2/group/{shortNameOrID}") => {
            json!({ "name": "Renamed" })
        }
        ("PUT", route) if route.starts_with("/useradmin/") && route.ends_with("/move") => json!({ "customer": "main" }),
        ("PUT", route) if route.ends_with("/{shortNameOrID}/reenable") => json!({}),
        ("PUT", route) if route.ends_with("/picture") => json!({ "image": PIXEL, "mimeType": "image/png" }),
        ("POST", "/useradmin/v2/group/{shortNameOrID}/members") => json!({ "subject": ["audrey"] }),
        ("POST", "/useradmin/v2/subject/{shortNameOrId}/groups") => json!({ "parentGroups": ["acme-analysts"] }),
        ("POST", "/useradmin/v2/function") => {
            json!({ "name": objects::fresh_name("function"), "parent": "customerUser" })
        }
        ("PUT", "/useradmin/v2/function/{functionNameOrID}") => json!({ "description": "Changed" }),
        ("POST", "/useradmin/v2/function/{functionNameOrID}/children") => json!({ "children": ["viewUsers"] }),
        ("POST", "/useradmin/v2/permission") => {
            // The administrator has given the one when the script gives the other.
            let function = if caller == Caller::Script { "analyst" } else { "customerUser" };
            json!({ "subject": "audrey", "function": function, "customer": "acme" })
        }
        ("POST", "/useradmin/v2/permission/bulk") => {
            json!({ "permissions": [{ "subject": "audrey", "function": "viewUsers", "customer": "acme" }] })
        }
        ("POST", "/customeradmin/v2/customer") => {
            json!({ "parent": "acme", "shortName": objects::fresh_name(CANARY), "name": "Fresh" })
        }
        ("PUT", "/customeradmin/v2/customer/{idOrShortName}") => json!({ "name": "Changed" }),
        ("PUT", "/customeradmin/v2/customer/{idOrShortName}/move") => json!({ "parent": "globex" }),
        ("PUT", route) if route.ends_with("/disable") || route.ends_with("/reenable") => json!({}),
        ("POST", route) if route.ends_with("/search") => json!({}),
        _ => return None,
    };
    Some(body)
}
