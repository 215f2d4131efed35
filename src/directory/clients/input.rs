//! What somebody typed about a client, each field parsed on its own.

use super::ClaimInput;
use crate::http::{ArgusError, Fields};
use aggregates::values::{
    AccessTokenFormat, ClientDescription, ClientName, IpRange, IpRanges, MainUri, PermittedScopes, RedirectUri,
    SecurityLevel, ShortName,
};
use serde::Deserialize;
use utoipa::ToSchema;
use zeroize::Zeroizing;

/// What a new client cannot be without.
pub(super) const REQUIRED: [&str; 7] =
    ["shortName", "name", "description", "mainURI", "clientIPRange", "requiredFunction", "permissionScope"];

/// How a client shall authenticate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Not at all.
    None,
    /// With a secret.
    Password,
}

/// The fields of a client that were given. References are as typed: number, short name or UUID.
pub struct ClientInput {
    /// `shortName`
    pub short_name: Option<ShortName>,
    /// `name`
    pub name: Option<ClientName>,
    /// `description`
    pub description: Option<ClientDescription>,
    /// `mainURI`
    pub main_uri: Option<MainUri>,
    /// `redirectURIs`, or the one `redirectURI`
    pub redirect_uris: Option<Vec<RedirectUri>>,
    /// `clientIPRange`
    pub ip_ranges: Option<IpRanges>,
    /// `authenticationMethod`; a `clientSecret` alone says `password`
    pub method: Option<Method>,
    /// `clientSecret`
    pub secret: Option<Zeroizing<String>>,
    /// `domain`, of a new client
    pub domain: Option<String>,
    /// `customer`, of a new client
    pub customer: Option<String>,
    /// `requiredFunction`
    pub required_function: Option<String>,
    /// `permissionScope`
    pub permission_scope: Option<String>,
    /// `permittedScopes`
    pub permitted_scopes: Option<PermittedScopes>,
    /// `hidden`
    pub hidden: Option<bool>,
    /// `openIDCustomClaims`
    pub custom_claims: Option<Vec<ClaimInput>>,
    /// `maxSecurityLevel`
    pub max_security_level: Option<SecurityLevel>,
    /// `requirePkce`
    pub require_pkce: Option<bool>,
    /// `clientCredentials`
    pub client_credentials: Option<bool>,
    /// `requireSameClientIP`
    pub require_same_client_ip: Option<bool>,
    /// `accessTokenFormat`
    pub access_token_format: Option<AccessTokenFormat>,
    /// `disabled`
    pub disabled: Option<bool>,
}

impl ClientInput {
    /// The fields of a new client.
    ///
    /// # Errors
    /// 412 with every field that is bad or missing.
    pub fn of_new(mut fields: Fields) -> Result<Self, ArgusError> {
        for name in REQUIRED {
            if !fields.has(name) {
                fields.refuse(name, "is required");
            }
        }
        let (domain, customer) = (fields.text("domain"), fields.text("customer"));
        let input = Self { domain, customer, ..Self::read(&mut fields) };
        match (input.method, &input.secret) {
            (None, _) => fields.refuse("authenticationMethod", "is required, unless a clientSecret is given"),
            (Some(Method::Password), None) => fields.refuse("clientSecret", "is required for password authentication"),
            _ => {}
        }
        fields.finish().map(|()| input)
    }

    /// The fields of an existing client that shall change.
    ///
    /// # Errors
    /// 412 with every field that is bad.
    pub fn of_change(mut fields: Fields) -> Result<Self, ArgusError> {
        let input = Self::read(&mut fields);
        fields.finish().map(|()| input)
    }

    fn read(fields: &mut Fields) -> Self {
        let (method, secret) = authentication(fields);
        let redirect_uris = redirect_uris(fields);
        if redirect_uris.as_ref().is_some_and(Vec::is_empty) {
            fields.refuse("redirectURIs", "must not be empty");
        }
        Self {
            short_name: fields.parsed("shortName"),
            name: fields.parsed("name"),
            description: fields.parsed("description"),
            main_uri: fields.parsed("mainURI"),
            redirect_uris,
            ip_ranges: ip_ranges(fields),
            method,
            secret,
            domain: None,
            customer: None,
            required_function: fields.text("requiredFunction"),
            permission_scope: fields.text("permissionScope"),
            permitted_scopes: permitted_scopes(fields),
            hidden: fields.flag("hidden"),
            custom_claims: fields.objects("openIDCustomClaims", ClaimInput::read),
            max_security_level: fields.word("maxSecurityLevel", &["external", "standard", "administrative"]),
            require_pkce: fields.flag("requirePkce"),
            client_credentials: fields.flag("clientCredentials"),
            require_same_client_ip: fields.flag("requireSameClientIP"),
            access_token_format: fields.word("accessTokenFormat", &["argus", "jwt"]),
            disabled: fields.flag("disabled"),
        }
    }
}

fn authentication(fields: &mut Fields) -> (Option<Method>, Option<Zeroizing<String>>) {
    let secret = fields.text("clientSecret").map(Zeroizing::new);
    if secret.as_ref().is_some_and(|secret| !(8..=500).contains(&secret.len())) {
        fields.refuse("clientSecret", "must be 8 to 500 characters");
    }
    let method = fields.word("authenticationMethod", &["none", "password"]);
    if method == Some(Method::None) && secret.is_some() {
        fields.refuse("clientSecret", "must not be given when the client does not authenticate");
    }
    (method.or(secret.as_ref().map(|_| Method::Password)), secret)
}

/// One list, whatever it is called: the deprecated single form may only repeat what the list begins with.
fn redirect_uris(fields: &mut Fields) -> Option<Vec<RedirectUri>> {
    let list = fields.parsed_list("redirectURIs");
    let single = fields.parsed("redirectURI");
    match (list, single) {
        (Some(list), Some(single)) if list.first() != Some(&single) => {
            fields.refuse("redirectURI", "contradicts redirectURIs");
            None
        }
        (Some(list), _) => Some(list),
        (None, single) => single.map(|single| vec![single]),
    }
}

fn ip_ranges(fields: &mut Fields) -> Option<IpRanges> {
    let ranges: Vec<IpRange> = fields.parsed_list("clientIPRange")?;
    IpRanges::try_from(ranges).map_err(|problem| fields.refuse("clientIPRange", problem)).ok()
}

fn permitted_scopes(fields: &mut Fields) -> Option<PermittedScopes> {
    fields.parsed_list("permittedScopes").map(|scopes| PermittedScopes::listed(scopes.into_iter().collect()))
}
