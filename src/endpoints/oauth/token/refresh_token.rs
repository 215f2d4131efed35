//! `grant_type=refresh_token`: RFC 6749 §6 with rotation. The next tokens are derived from the one that is presented, so a
//! confidential client that lost an answer gets the same answer again.

use super::{TokenRequest, reply};
use crate::{
    http::OAuthError,
    tokens::{Kind, parse_scopes},
};
use aggregates::{
    grant::{GrantCommand, GrantEvent, Refresh},
    ids::GrantId,
};
use axum::response::Response;

pub(super) async fn exchange(request: TokenRequest) -> Result<Response, OAuthError> {
    let idp = request.idp.clone();
    // The Argus API takes a refresh token in `code` as well.
    let text = request.form.get("refresh_token").or_else(|| request.form.get("code"));
    let presented = idp.tokens.decode(Kind::Refresh, text.ok_or(OAuthError::MissingParameter("refresh_token"))?);
    let id = presented.as_ref().map(|token| GrantId::new(token.aggregate));
    let proven = request.proven(id, "refresh_token").await?;
    let Some((presented, id)) = presented.zip(id) else {
        idp.metrics.count(|metrics| &metrics.junk_tokens);
        return Err(proven.unknown(None).await);
    };
    let grant = proven.grant(id).await?;
    let next = presented.generation.saturating_add(1);
    let access = idp.tokens.successor(&presented, Kind::Access, next);
    let refresh = idp.tokens.successor(&presented, Kind::Refresh, next);
    let lifetimes = &idp.config.lifetimes;
    let command = GrantCommand::RefreshTokens(Refresh {
        by: proven.client.id,
        confidential: proven.is_confidential(),
        generation: presented.generation,
        presented: presented.hash(),
        scopes: proven.request.form.get("scope").map(parse_scopes).transpose()?,
        door: proven.door(&grant.aggregate),
        access: access.hash(),
        refresh: refresh.hash(),
        access_lifetime: proven.access_lifetime(),
        grace: lifetimes.refresh_repeat,
        now: proven.now,
    });
    match idp.store.execute_on_while(proven.guard().as_ref(), grant, command, &proven.context()).await {
        // No event: a repeated request, whose successor is already recorded.
        Ok(done) if matches!(done.events.as_slice(), [] | [GrantEvent::TokensRefreshed { .. }]) => reply::tokens(
            &proven,
            (id, &done.aggregate),
            &reply::Issued { access, refresh: Some(refresh), nonce: None },
        ),
        Ok(_) => Err(OAuthError::InvalidGrant),
        Err(error) => Err(proven.failed(id, error).await),
    }
}
