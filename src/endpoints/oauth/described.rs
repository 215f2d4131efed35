//! What a token is, told to the application that it was issued for: the body of RFC 7662 §2.2. Whatever is wrong with a token, the
//! answer has the same bytes.

use crate::tokens::presented::Live;
use serde_json::{Value, json};

/// A token that works, or anything else.
pub(super) fn described(live: Option<&Live<'_>>) -> Value {
    let Some(live) = live else { return json!({ "active": false }) };
    let scopes: Vec<&str> = live.token.scopes.iter().map(|scope| scope.as_str()).collect();
    json!({
        "active": true,
        "client_id": live.grant.client,
        "username": live.passed.user.user_name,
        "sub": live.passed.user.id,
        "scope": scopes.join(" "),
        "exp": live.token.expires_at.seconds(),
        "token_type": "Bearer",
    })
}
