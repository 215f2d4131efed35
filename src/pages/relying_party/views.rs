//! The three pages of the relying party.

use super::{RelyingParty, sessions::SignedIn, trouble::Trouble};
use crate::pages::{headers::FormTargets, views::page};
use askama::Template;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use chrono::DateTime;
use serde_json::Value;

/// Nobody is signed in.
#[derive(Template)]
#[template(path = "relying_party/welcome.html")]
pub(super) struct Welcome<'a> {
    app: &'a str,
    issuer: &'a str,
}

impl<'a> Welcome<'a> {
    pub(super) fn new(app: &'a RelyingParty) -> Self {
        Self { app: &app.settings.name, issuer: app.provider.issuer() }
    }
}

impl IntoResponse for Welcome<'_> {
    fn into_response(self) -> Response {
        page(StatusCode::OK, FormTargets::Own, &self)
    }
}

/// One claim, and where it came from.
struct Row {
    claim: String,
    value: String,
    source: &'static str,
}

/// What the provider said about the person.
#[derive(Template)]
#[template(path = "relying_party/claims.html")]
pub(super) struct Claims<'a> {
    app: &'a str,
    name: &'a str,
    rows: Vec<Row>,
    refreshed: u32,
    may_refresh: bool,
}

impl<'a> Claims<'a> {
    pub(super) fn new(app: &'a RelyingParty, session: &'a SignedIn) -> Self {
        let name =
            ["name", "preferred_username", "sub"].iter().find_map(|claim| session.userinfo.get(*claim)?.as_str());
        Self {
            app: &app.settings.name,
            name: name.unwrap_or_default(),
            rows: rows(session),
            refreshed: session.refreshed,
            may_refresh: session.refresh_token.is_some(),
        }
    }
}

impl IntoResponse for Claims<'_> {
    /// Signing out leads to the provider, which is another origin.
    fn into_response(self) -> Response {
        page(StatusCode::OK, FormTargets::RelyingParties, &self)
    }
}

/// The sign-in or the refresh did not succeed.
#[derive(Template)]
#[template(path = "relying_party/failed.html")]
pub(super) struct Failed<'a> {
    app: &'a str,
    trouble: &'a Trouble,
}

impl<'a> Failed<'a> {
    pub(super) fn new(app: &'a RelyingParty, trouble: &'a Trouble) -> Self {
        Self { app: &app.settings.name, trouble }
    }
}

impl IntoResponse for Failed<'_> {
    fn into_response(self) -> Response {
        page(self.trouble.status(), FormTargets::Own, &self)
    }
}

/// All claims: first those of userinfo, then those of the `id_token` alone.
fn rows(session: &SignedIn) -> Vec<Row> {
    let row = |claim: &String, value: &Value, source| Row { claim: claim.clone(), value: shown(claim, value), source };
    let told = session.userinfo.iter().map(|(claim, value)| {
        let both = session.identity.get(claim) == Some(value);
        row(claim, value, if both { "id_token and userinfo" } else { "userinfo" })
    });
    let only_signed = session.identity.iter().filter(|(claim, value)| session.userinfo.get(*claim) != Some(value));
    told.chain(only_signed.map(|(claim, value)| row(claim, value, "id_token"))).collect()
}

fn shown(claim: &str, value: &Value) -> String {
    let time = value.as_i64().filter(|_| matches!(claim, "iat" | "exp" | "auth_time" | "nbf" | "updated_at"));
    match (value, time.and_then(|seconds| DateTime::from_timestamp(seconds, 0))) {
        (_, Some(time)) => time.format("%Y-%m-%d %H:%M:%S UTC").to_string(),
        (Value::String(text), None) => text.clone(),
        (Value::Array(items), None) => items.iter().map(|item| shown("", item)).collect::<Vec<_>>().join(", "),
        (other, None) => other.to_string(),
    }
}
