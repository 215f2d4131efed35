//! The client object of the API.

use aggregates::{
    client::{ClientAuthentication, Definition},
    values::{ClaimSource, CustomClaim},
};
use projections::clients::ClientView;
use serde_json::{Map, Value, json};

/// The client as the API shows it; `details` to those who hold `viewOAuthClientsDetails`. The secret is never shown.
#[must_use]
pub fn shown(view: &ClientView, details: bool) -> Value {
    let Definition { short_name, name, description, main_uri, authentication, max_security_level, .. } =
        &view.client.definition;
    let mut object = json!({
        "id": view.client.id,
        "shortName": short_name,
        "name": name,
        "description": description,
        "mainURI": main_uri,
        "authenticationMethod": method(authentication),
        "customer": view.customer,
        "domain": view.domain,
        "requiredFunction": view.required_function,
        "maxSecurityLevel": max_security_level,
        "flags": flags(view),
        "createdByUser": view.created_by,
        "createdTimestamp": view.created_at,
        "lastUpdatedByUser": view.updated_by,
        "lastUpdatedTimestamp": view.updated_at,
    });
    if let (true, Some(object)) = (details, object.as_object_mut()) {
        add_details(object, view);
    }
    object
}

fn add_details(object: &mut Map<String, Value>, view: &ClientView) {
    let definition = &view.client.definition;
    let claims = definition.custom_claims.iter().map(|claim| shown_claim(claim, view)).collect::<Vec<_>>();
    let details = [
        ("redirectURI", json!(definition.redirect_uris.first())),
        ("redirectURIs", json!(definition.redirect_uris)),
        ("clientIPRange", json!(definition.ip_ranges)),
        ("permissionScope", json!(view.permission_scope)),
        ("permittedScopes", json!(definition.permitted_scopes.list().collect::<Vec<_>>())),
        ("openIDCustomClaims", json!(claims)),
        ("requirePkce", json!(definition.require_pkce)),
        ("clientCredentials", json!(definition.client_credentials)),
        ("requireSameClientIP", json!(definition.require_same_client_ip)),
        ("accessTokenFormat", json!(definition.access_token_format)),
    ];
    object.extend(details.map(|(name, value)| (name.to_owned(), value)));
}

const fn method(authentication: &ClientAuthentication) -> &'static str {
    match authentication {
        ClientAuthentication::None => "none",
        ClientAuthentication::Password { .. } => "password",
    }
}

/// Standard claims and `groupstring` are served to every client, so that the flags that say so are always set.
fn flags(view: &ClientView) -> Vec<&'static str> {
    let definition = &view.client.definition;
    [
        ("deleted", view.client.deleted),
        ("requireSameClientIP", definition.require_same_client_ip),
        ("enableStandardOpenIDClaims", true),
        ("enableStringGroupClaim", true),
        ("hidden", definition.hidden),
    ]
    .into_iter()
    .filter_map(|(flag, set)| set.then_some(flag))
    .collect()
}

fn shown_claim(custom: &CustomClaim, view: &ClientView) -> Value {
    let CustomClaim { claim, scope, from } = custom;
    match from {
        ClaimSource::Value(value) => json!({ "claim": claim, "scope": scope, "value": value }),
        ClaimSource::Attribute(attribute) => json!({ "claim": claim, "scope": scope, "source": attribute }),
        ClaimSource::Function(function) => {
            json!({ "claim": claim, "scope": scope, "function": view.claim_functions.get(function) })
        }
    }
}
