//! What a token is, told to the application that it was issued for: the body of RFC 7662 §2.2. Whatever is wrong with a token, the
//! answer has the same bytes.

use crate::tokens::presented::Live;
use aggregates::ids::{ClientId, UserId};
use serde::Serialize;
use utoipa::ToSchema;

/// What a token is.
#[derive(Debug, Serialize, ToSchema)]
pub struct Introspection {
    /// Whether it works now. When not, nothing else is said.
    active: bool,
    #[serde(flatten)]
    token: Option<ActiveToken>,
}

/// A token that works.
#[derive(Debug, Serialize, ToSchema)]
struct ActiveToken {
    /// The client that it was issued to, by its UUID.
    #[schema(value_type = String, required = false)]
    client_id: ClientId,
    /// The user's name.
    username: Option<String>,
    /// The user's UUID.
    #[schema(value_type = String, required = false)]
    sub: UserId,
    /// What it is for.
    #[schema(required = false)]
    scope: String,
    /// When it ends, in seconds.
    #[schema(required = false)]
    exp: i64,
    /// `Bearer`.
    #[schema(required = false)]
    token_type: &'static str,
}

/// A token that works, or anything else.
pub(super) fn described(live: Option<&Live<'_>>) -> Introspection {
    let token = live.map(|live| {
        let scopes: Vec<&str> = live.token.scopes.iter().map(|scope| scope.as_str()).collect();
        ActiveToken {
            client_id: live.grant.client,
            username: live.passed.user.user_name.clone(),
            sub: live.passed.user.id,
            scope: scopes.join(" "),
            exp: live.token.expires_at.seconds(),
            token_type: "Bearer",
        }
    });
    Introspection { active: token.is_some(), token }
}
