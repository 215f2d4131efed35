//! The client object of the API.

use aggregates::{
    client::ClientAuthentication,
    ids::ClientId,
    values::{
        AccessTokenFormat, ClaimName, ClaimSource, ClaimValue, ClientDescription, ClientName, CustomClaim, IpRanges,
        MainUri, RedirectUri, Scope, SecurityLevel, ShortName, Timestamp, UserAttribute,
    },
};
use projections::{
    clients::ClientView,
    infos::{CustomerInfo, DomainInfo, FunctionInfo, SubjectInfo},
};
use serde::Serialize;
use utoipa::ToSchema;

/// An OAuth client. The secret is never shown.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ClientObject {
    /// The id.
    #[schema(value_type = String)]
    id: ClientId,
    /// How often it was changed: the version that grants and the audit trail name, and that `expectVersion` takes.
    version: i64,
    /// The name in references, unique among the domain's live clients.
    #[schema(value_type = String)]
    short_name: ShortName,
    /// The name on portal pages.
    #[schema(value_type = String)]
    name: ClientName,
    /// A sentence for people.
    #[schema(value_type = String)]
    description: ClientDescription,
    /// The application's landing page.
    #[serde(rename = "mainURI")]
    #[schema(value_type = String)]
    main_uri: MainUri,
    /// `none` or `password`.
    authentication_method: &'static str,
    /// The customer that it is bound to.
    customer: Option<CustomerInfo>,
    /// The domain whose users it serves.
    domain: DomainInfo,
    /// What a user must hold to be let in.
    required_function: FunctionInfo,
    /// The cap on delegated sessions: `external`, `standard` or `administrative`.
    #[schema(value_type = String)]
    max_security_level: SecurityLevel,
    /// `deleted`, `disabled`, `hidden`, `requireSameClientIP`, `enableStandardOpenIDClaims`, `enableStringGroupClaim`.
    flags: Vec<&'static str>,
    /// By which user it was defined; null: by the command line.
    created_by_user: Option<SubjectInfo>,
    /// When it was defined, in milliseconds.
    #[schema(value_type = i64)]
    created_timestamp: Timestamp,
    /// By which user it was changed last; null: by the command line.
    last_updated_by_user: Option<SubjectInfo>,
    /// When it was changed last, in milliseconds.
    #[schema(value_type = i64)]
    last_updated_timestamp: Timestamp,
    #[serde(flatten)]
    details: Option<ClientDetails>,
}

/// What of a client is shown to holders of `viewOAuthClientsDetails` only.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ClientDetails {
    /// The first of `redirectURIs`.
    #[serde(rename = "redirectURI")]
    #[schema(value_type = Option<String>)]
    redirect_uri: Option<RedirectUri>,
    /// Where the authorization endpoint may send the browser.
    #[serde(rename = "redirectURIs")]
    #[schema(value_type = Vec<String>, required = false)]
    redirect_uris: Vec<RedirectUri>,
    /// Where the client itself may call from.
    #[serde(rename = "clientIPRange")]
    #[schema(value_type = Vec<String>, required = false)]
    client_ip_range: IpRanges,
    /// What the client may do on behalf of a user, at most.
    #[schema(required = false)]
    permission_scope: FunctionInfo,
    /// The scopes that it may be granted; empty: any.
    #[schema(value_type = Vec<String>, required = false)]
    permitted_scopes: Vec<Scope>,
    /// Extra claims.
    #[serde(rename = "openIDCustomClaims")]
    #[schema(required = false)]
    custom_claims: Vec<ShownClaim>,
    /// Whether a code is only given for a PKCE challenge.
    #[schema(required = false)]
    require_pkce: bool,
    /// Whether scripts may use it.
    #[schema(required = false)]
    client_credentials: bool,
    /// Whether each use of a token must come with the address of the user's browser.
    #[serde(rename = "requireSameClientIP")]
    #[schema(required = false)]
    require_same_client_ip: bool,
    /// What its access tokens look like: `argus` or `jwt`.
    #[schema(value_type = String, required = false)]
    access_token_format: AccessTokenFormat,
}

/// An extra claim, with exactly one of `value`, `source` and `function`.
#[derive(Debug, Clone, Serialize, ToSchema)]
struct ShownClaim {
    /// Its name in the token.
    #[schema(value_type = String)]
    claim: ClaimName,
    /// The scope that asks for it.
    #[schema(value_type = String)]
    scope: Scope,
    /// The same for everybody: a text, a whole number or a truth value.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    value: Option<ClaimValue>,
    /// Which attribute of the user it is copied from.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    source: Option<UserAttribute>,
    /// True for users who hold this function.
    #[serde(skip_serializing_if = "Option::is_none")]
    function: Option<String>,
}

/// The client as the API shows it; `details` to those who hold `viewOAuthClientsDetails`.
#[must_use]
pub fn shown(view: &ClientView, details: bool) -> ClientObject {
    let definition = view.client.definition.clone();
    ClientObject {
        id: view.client.id,
        version: view.client.sequence,
        short_name: definition.short_name,
        name: definition.name,
        description: definition.description,
        main_uri: definition.main_uri,
        authentication_method: method(&definition.authentication),
        customer: view.customer.clone(),
        domain: view.domain.clone(),
        required_function: view.required_function.clone(),
        max_security_level: definition.max_security_level,
        flags: flags(view),
        created_by_user: view.created_by.clone(),
        created_timestamp: view.created_at,
        last_updated_by_user: view.updated_by.clone(),
        last_updated_timestamp: view.updated_at,
        details: details.then(|| shown_details(view)),
    }
}

fn shown_details(view: &ClientView) -> ClientDetails {
    let definition = view.client.definition.clone();
    ClientDetails {
        redirect_uri: definition.redirect_uris.first().cloned(),
        redirect_uris: definition.redirect_uris,
        client_ip_range: definition.ip_ranges,
        permission_scope: view.permission_scope.clone(),
        permitted_scopes: definition.permitted_scopes.list().cloned().collect(),
        custom_claims: definition.custom_claims.into_iter().map(|claim| shown_claim(claim, view)).collect(),
        require_pkce: definition.require_pkce,
        client_credentials: definition.client_credentials,
        require_same_client_ip: definition.require_same_client_ip,
        access_token_format: definition.access_token_format,
    }
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
        ("disabled", definition.disabled),
    ]
    .into_iter()
    .filter_map(|(flag, set)| set.then_some(flag))
    .collect()
}

fn shown_claim(custom: CustomClaim, view: &ClientView) -> ShownClaim {
    let CustomClaim { claim, scope, from } = custom;
    let bare = ShownClaim { claim, scope, value: None, source: None, function: None };
    match from {
        ClaimSource::Value(value) => ShownClaim { value: Some(value), ..bare },
        ClaimSource::Attribute(attribute) => ShownClaim { source: Some(attribute), ..bare },
        ClaimSource::Function(function) => {
            ShownClaim { function: view.claim_functions.get(&function).cloned(), ..bare }
        }
    }
}
