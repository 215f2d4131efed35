//! What relying parties are told about a person (OpenID Connect Core §5.1, §5.4): the requested claims appear in the `id_token`
//! and at userinfo alike.

use crate::{http::Idp, keys::half_hash};
use aggregates::{
    grant::Grant,
    values::{ClaimSource, ClaimValue, Scope, Timestamp, UserAttribute},
};
use projections::{
    Unseal,
    standing::{ClaimSources, Standing, StandingUser},
};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// Scopes that release claims, with the claims: what discovery lists.
pub const BY_SCOPE: &[(&str, &[&str])] = &[
    ("openid", &["sub"]),
    ("profile", &["username", "preferred_username", "name", "picture"]),
    ("email", &["email", "email_verified"]),
    ("phone", &["phone"]),
    ("groups", &["groups"]),
    ("groupstring", &["groupstring"]),
    ("customer", &["customer_id", "domain_id", "customer_shortname", "customer_name"]),
    ("clientip", &["client_ip"]),
];

/// What an `id_token` says beside the requested claims.
pub struct IdToken<'a> {
    /// The `aud` claim: the client, as it calls itself (by its id or its short name), since it compares with that.
    pub audience: &'a str,
    /// The access token that it is issued with, for `at_hash`.
    pub access_token: &'a str,
    /// The `nonce` of the request; none on refresh.
    pub nonce: Option<&'a str>,
    /// The `iat` claim.
    pub now: Timestamp,
}

/// The claims of an `id_token` (OpenID Connect Core §2). It lives as long as an access token.
#[must_use]
pub fn id_token(idp: &Idp, standing: &Standing, granted: (&Grant, &BTreeSet<Scope>), about: &IdToken<'_>) -> Value {
    let (grant, _) = granted;
    let mut claims = requested(idp, standing, granted);
    claims.insert("iss".to_owned(), idp.issuer().into());
    claims.insert("aud".to_owned(), about.audience.into());
    claims.insert("iat".to_owned(), about.now.seconds().into());
    claims.insert("exp".to_owned(), about.now.after(idp.config.lifetimes.access).seconds().into());
    claims.insert("auth_time".to_owned(), grant.authenticated_at.seconds().into());
    claims.insert("at_hash".to_owned(), half_hash(about.access_token).into());
    if let Some(nonce) = about.nonce {
        claims.insert("nonce".to_owned(), nonce.into());
    }
    if let Some(session) = &standing.session {
        if let Some(method) = session.method.amr() {
            claims.insert("amr".to_owned(), json!([method]));
        }
        claims.insert("sid".to_owned(), session.id.to_string().into());
    }
    Value::Object(claims)
}

/// The claims that the granted scopes release, for the client of `standing`.
#[must_use]
pub fn requested(idp: &Idp, standing: &Standing, (grant, scopes): (&Grant, &BTreeSet<Scope>)) -> Map<String, Value> {
    let (Some(user), Some(sources)) = (&standing.user, &standing.claims) else { return Map::new() };
    let facts = Facts { idp, standing, user, sources, grant };
    let mut claims = Map::new();
    for (scope, names) in BY_SCOPE {
        if scopes.iter().any(|granted| granted.as_str() == *scope) {
            claims.extend(names.iter().filter_map(|name| Some(((*name).to_owned(), facts.standard(name)?))));
        }
    }
    for custom in standing.client.iter().flat_map(|client| &client.definition.custom_claims) {
        if scopes.contains(&custom.scope)
            && let Some(value) = facts.custom(&custom.from)
        {
            claims.insert(custom.claim.as_str().to_owned(), value);
        }
    }
    claims
}

struct Facts<'a> {
    idp: &'a Idp,
    standing: &'a Standing,
    user: &'a StandingUser,
    sources: &'a ClaimSources,
    grant: &'a Grant,
}

impl Facts<'_> {
    fn standard(&self, name: &str) -> Option<Value> {
        let user = self.user;
        let customer = self.sources.customer.as_ref();
        Some(match name {
            "sub" => user.id.to_string().into(),
            "username" | "preferred_username" => user.user_name.clone()?.into(),
            "name" => user.name.clone()?.into(),
            "picture" => self.idp.url(&format!("/users/v2/user/{}/picture", user.id)).into(),
            "email" => user.email.clone()?.into(),
            "email_verified" => user.email.as_ref().map(|_| user.email_verified)?.into(),
            "phone" => user.phone.clone()?.into(),
            "groups" => self.sources.groups.clone().into(),
            "groupstring" => Value::from(self.sources.groups.clone()).to_string().into(),
            "customer_id" => customer?.number.into(),
            "domain_id" => customer?.domain_number.into(),
            "customer_shortname" => customer?.short_name.clone().into(),
            "customer_name" => customer?.name.clone().into(),
            "client_ip" => self.address()?.into(),
            _ => return None,
        })
    }

    fn custom(&self, from: &ClaimSource) -> Option<Value> {
        match from {
            ClaimSource::Value(ClaimValue::Text(text)) => Some(text.clone().into()),
            ClaimSource::Value(ClaimValue::Number(number)) => Some((*number).into()),
            ClaimSource::Value(ClaimValue::Flag(flag)) => Some((*flag).into()),
            ClaimSource::Attribute(attribute) => self.standard(standard_name(*attribute)),
            ClaimSource::Function(function) => Some(self.sources.functions.contains(function).into()),
        }
    }

    /// The address that the grant is bound to, opened with the user's key.
    fn address(&self) -> Option<String> {
        self.idp.keys.open(self.standing.personal_key.as_deref()?, &self.grant.address)
    }
}

/// Each user attribute is what one standard claim says.
const fn standard_name(attribute: UserAttribute) -> &'static str {
    match attribute {
        UserAttribute::Username => "username",
        UserAttribute::Name => "name",
        UserAttribute::Picture => "picture",
        UserAttribute::Email => "email",
        UserAttribute::Phone => "phone",
        UserAttribute::ClientIp => "client_ip",
        UserAttribute::CustomerId => "customer_id",
        UserAttribute::CustomerShortName => "customer_shortname",
        UserAttribute::CustomerName => "customer_name",
        UserAttribute::DomainId => "domain_id",
    }
}
