//! What must still hold while something is appended: for tokens that are believed without asking, so that none is issued after what
//! it hangs on was taken away.

use crate::standing::Standing;
use aggregates::{
    ids::{ClientId, SessionId, UserId},
    values::ApiKeyPrefix,
};
use serde::Serialize;

/// What a decision rested on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Guard {
    /// The user, who is active and of this epoch.
    pub user: UserId,
    /// That epoch.
    pub user_epoch: i64,
    /// The client, which is active and of this epoch.
    pub client: ClientId,
    /// That epoch.
    pub client_epoch: i64,
    /// The session and those that it was narrowed from: none of them has ended.
    pub sessions: Vec<SessionId>,
    /// The API key, which is not revoked.
    pub api_key: Option<ApiKeyPrefix>,
}

impl Guard {
    /// That things stand as they were read; none when there is no user or no client.
    #[must_use]
    pub fn of(standing: &Standing) -> Option<Self> {
        let (user, client) = (standing.user.as_ref()?, standing.client.as_ref()?);
        let session = standing.session.iter();
        Some(Self {
            user: user.id,
            user_epoch: user.epoch,
            client: client.id,
            client_epoch: client.epoch,
            sessions: session.flat_map(|session| [&[session.id], session.ancestors.as_slice()].concat()).collect(),
            api_key: standing.api_key.as_ref().map(|key| key.prefix.clone()),
        })
    }
}

/// `broken`: the streams among the guards in `$9` (a JSON array: each guard with the `aggregate_type` and `aggregate_id` that it is
/// for) whose guard does not hold. The rows that it looks at stay locked until the end of the statement's transaction, so that
/// whoever changes one of them comes either before, and is seen, or after.
pub const BROKEN: &str = r#"
guards AS MATERIALIZED (
    SELECT * FROM jsonb_to_recordset($9) AS g (aggregate_type text, aggregate_id text, "user" uuid, user_epoch bigint, client uuid,
        client_epoch bigint, sessions uuid[], api_key text)
), holding AS MATERIALIZED (
    SELECT g.aggregate_id FROM guards g
    JOIN clients k ON k.id = g.client AND k.epoch = g.client_epoch AND NOT k.deleted
    JOIN users u ON u.id = g."user" AND u.epoch = g.user_epoch AND u.status = 'active'
    WHERE cardinality(g.sessions) = (SELECT count(*) FROM (
            SELECT FROM sessions s WHERE s.id = ANY (g.sessions) AND s.ended_at IS NULL ORDER BY s.id FOR SHARE) alive)
        AND (g.api_key IS NULL OR EXISTS (SELECT FROM api_keys a WHERE a.prefix = g.api_key AND NOT a.revoked FOR SHARE))
    ORDER BY k.id, u.id
    FOR SHARE OF k, u
), broken AS MATERIALIZED (
    SELECT aggregate_type, aggregate_id FROM guards g
    WHERE NOT EXISTS (SELECT FROM holding h WHERE h.aggregate_id = g.aggregate_id)
)"#;
