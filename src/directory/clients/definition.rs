//! From what was typed to a definition: references looked up, defaults filled in.

use super::{ClaimInput, ClientInput, Method, NewSecret, references::References};
use crate::{database::QueryError, event_store::DefinitionLane, http::ArgusError};
use aggregates::{
    client::{ClientAuthentication, Definition},
    ids::{CustomerId, DomainId},
    values::{CustomClaim, PermittedScopes},
};
use projections::lookup;

/// Where a client is defined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The domain.
    pub domain: DomainId,
    /// The customer, when it is bound to one.
    pub customer: Option<CustomerId>,
}

/// The place that a new client asks for, `own` being the caller's domain. The inner error is the name of the field that names
/// nothing there.
///
/// # Errors
/// When the database cannot answer.
pub async fn find_place(
    lane: &mut DefinitionLane,
    input: &ClientInput,
    own: DomainId,
) -> Result<Result<Place, &'static str>, QueryError> {
    let domain = match &input.domain {
        None => own,
        Some(reference) => match lookup::domain(lane.connection(), reference).await?.map(|domain| domain.id) {
            Some(domain) => domain,
            None => return Ok(Err("domain")),
        },
    };
    let Some(reference) = &input.customer else { return Ok(Ok(Place { domain, customer: None })) };
    let customer = lookup::customer(lane.connection(), domain, reference).await?.map(|customer| customer.id);
    Ok(customer.map(|customer| Place { domain, customer: Some(customer) }).ok_or("customer"))
}

/// A new definition.
///
/// # Errors
/// 412 for what names nothing; 503.
pub async fn defined(
    lane: &mut DefinitionLane,
    input: ClientInput,
    place: Place,
    secret: Option<NewSecret>,
) -> Result<Definition, ArgusError> {
    let found = References::find(lane, &input).await?;
    let authentication =
        secret.map_or(ClientAuthentication::None, |new| ClientAuthentication::Password { secret: new.fresh() });
    let custom_claims = claims(lane, input.custom_claims.unwrap_or_default()).await?;
    let missing = || ArgusError::field("shortName", "is required");
    Ok(Definition {
        short_name: input.short_name.ok_or_else(missing)?,
        name: input.name.ok_or_else(missing)?,
        description: input.description.ok_or_else(missing)?,
        main_uri: input.main_uri.ok_or_else(missing)?,
        redirect_uris: input.redirect_uris.unwrap_or_default(),
        ip_ranges: input.ip_ranges.ok_or_else(missing)?,
        require_pkce: input.require_pkce.unwrap_or(authentication == ClientAuthentication::None),
        authentication,
        domain: place.domain,
        customer: place.customer,
        required_function: found.required_function.ok_or_else(missing)?,
        permission_scope: found.permission_scope.ok_or_else(missing)?,
        permitted_scopes: input.permitted_scopes.unwrap_or(PermittedScopes::Any),
        hidden: input.hidden.unwrap_or_default(),
        custom_claims,
        max_security_level: input.max_security_level.unwrap_or_default(),
        client_credentials: input.client_credentials.unwrap_or(true),
        require_same_client_ip: input.require_same_client_ip.unwrap_or_default(),
        access_token_format: input.access_token_format.unwrap_or_default(),
        disabled: input.disabled.unwrap_or_default(),
    })
}

/// The present definition with the given fields changed.
///
/// # Errors
/// 412 for what names nothing, and for a method that lacks its secret; 503.
pub async fn changed(
    lane: &mut DefinitionLane,
    input: ClientInput,
    present: &Definition,
    secret: Option<NewSecret>,
) -> Result<Definition, ArgusError> {
    let found = References::find(lane, &input).await?;
    let authentication = changed_authentication(&input, &present.authentication, secret)?;
    let became_public =
        authentication == ClientAuthentication::None && present.authentication != ClientAuthentication::None;
    let custom_claims = match input.custom_claims {
        Some(claimed) => claims(lane, claimed).await?,
        None => present.custom_claims.clone(),
    };
    let present = present.clone();
    Ok(Definition {
        short_name: input.short_name.unwrap_or(present.short_name),
        name: input.name.unwrap_or(present.name),
        description: input.description.unwrap_or(present.description),
        main_uri: input.main_uri.unwrap_or(present.main_uri),
        redirect_uris: input.redirect_uris.unwrap_or(present.redirect_uris),
        ip_ranges: input.ip_ranges.unwrap_or(present.ip_ranges),
        authentication,
        domain: present.domain,
        customer: present.customer,
        required_function: found.required_function.unwrap_or(present.required_function),
        permission_scope: found.permission_scope.unwrap_or(present.permission_scope),
        permitted_scopes: input.permitted_scopes.unwrap_or(present.permitted_scopes),
        hidden: input.hidden.unwrap_or(present.hidden),
        custom_claims,
        max_security_level: input.max_security_level.unwrap_or(present.max_security_level),
        require_pkce: input.require_pkce.unwrap_or(present.require_pkce || became_public),
        client_credentials: input.client_credentials.unwrap_or(present.client_credentials),
        require_same_client_ip: input.require_same_client_ip.unwrap_or(present.require_same_client_ip),
        access_token_format: input.access_token_format.unwrap_or(present.access_token_format),
        disabled: input.disabled.unwrap_or(present.disabled),
    })
}

fn changed_authentication(
    input: &ClientInput,
    present: &ClientAuthentication,
    secret: Option<NewSecret>,
) -> Result<ClientAuthentication, ArgusError> {
    match (input.method, present, secret) {
        (Some(Method::None), _, _) => Ok(ClientAuthentication::None),
        (_, ClientAuthentication::Password { secret }, Some(new)) => {
            Ok(ClientAuthentication::Password { secret: new.over(secret) })
        }
        (_, ClientAuthentication::None, Some(new)) => Ok(ClientAuthentication::Password { secret: new.fresh() }),
        (Some(Method::Password), ClientAuthentication::None, None) => {
            Err(ArgusError::field("clientSecret", "is required to change to password authentication"))
        }
        (_, present, None) => Ok(present.clone()),
    }
}

async fn claims(lane: &mut DefinitionLane, claimed: Vec<ClaimInput>) -> Result<Vec<CustomClaim>, ArgusError> {
    let mut claims = Vec::new();
    for (at, claim) in claimed.into_iter().enumerate() {
        let unknown = || ArgusError::field(format!("openIDCustomClaims[{at}].function"), "names no function");
        claims.push(claim.resolve(lane).await?.ok_or_else(unknown)?);
    }
    Ok(claims)
}
