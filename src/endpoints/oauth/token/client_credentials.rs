//! `grant_type=client_credentials` (RFC 6749 §4.4) as the Argus API means it: a script comes with the API key of a user, which
//! authenticates it, and gets a token for a client. The client's secret is not asked for, since the script is not the client; and
//! its address is checked against the key's sources, not against the client's range.

use super::{TokenRequest, proven::Proven, reply};
use crate::{
    http::{OAuthError, api_key::PresentedApiKey},
    tokens::{AuthorizedGrant, Kind, parse_scopes},
};
use aggregates::{
    grant::{GrantCommand, Refusal, ScriptIssue},
    ids::GrantId,
    values::{Scope, TokenHash},
};
use axum::{http::HeaderMap, response::Response};
use std::collections::BTreeSet;

pub(super) async fn issue(request: TokenRequest, headers: &HeaderMap) -> Result<Response, OAuthError> {
    let key = PresentedApiKey::read(headers).ok().flatten().ok_or(OAuthError::InvalidClient)?;
    let scopes = parse_scopes(request.form.get("scope").unwrap_or_default())?;
    let idp = request.idp.clone();
    let proven = request.by_script(&key).await?;
    let id = idp.new_id();
    let access = idp.tokens.fresh(Kind::Access, id, 1, idp.entropy.as_ref());
    let command = match permitted(&proven, scopes, access.hash()) {
        Ok(issue) => GrantCommand::IssueToScript(issue),
        Err(reason) => return Err(proven.refuse(None, reason, None).await),
    };
    let grant = GrantId::new(id);
    match idp.store.create_while(proven.guard().as_ref(), id, command, &proven.context()).await {
        Ok(done) => {
            let issued = reply::Issued { access, refresh: None, nonce: None };
            reply::tokens(&proven, (grant, &done.aggregate), &issued)
        }
        Err(error) => Err(proven.failed(grant, error).await),
    }
}

/// What is granted, after the full check. The script's own address is the one that the token is bound to.
fn permitted(proven: &Proven, scopes: BTreeSet<Scope>, access: TokenHash) -> Result<ScriptIssue, Refusal> {
    let (passed, key) = AuthorizedGrant::by_script(&proven.standing, proven.now)?;
    if passed.permitted(&scopes) != scopes {
        return Err(Refusal::InvalidScope);
    }
    let (idp, caller) = (&proven.request.idp, proven.request.forwarded.caller);
    let address = idp.seal_address(Some(passed.user.id), proven.standing.personal_key.as_deref(), caller.0);
    idp.api_key_uses.note(&key.prefix, proven.now, &address);
    Ok(ScriptIssue {
        user: passed.user.id,
        api_key: key.prefix.clone(),
        client: passed.client.id,
        basis: passed.basis(None),
        epochs: passed.epochs(),
        scopes,
        access,
        access_lifetime: proven.access_lifetime(),
        address,
        now: proven.now,
    })
}
