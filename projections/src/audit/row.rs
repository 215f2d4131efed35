//! An entry as it is shown.

use aggregates::{
    grant::Missing,
    ids::{ClientId, CustomerId, DomainId, GrantId, SessionId, UserId},
    values::Timestamp,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

/// An entry as it is shown.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all(serialize = "camelCase"))]
pub struct AuditRow {
    /// Its place in the log, and the cursor.
    pub position: i64,
    /// When.
    #[schema(value_type = i64)]
    pub at: Timestamp,
    /// What.
    pub action: String,
    /// `granted`, `refused`, `revoked` or `done`.
    pub outcome: String,
    /// Why it was refused or revoked.
    pub reason: Option<String>,
    /// What a refusal missed, beside what its reason says.
    #[schema(value_type = Option<Value>)]
    pub missing: Option<Missing>,
    /// Who did it.
    pub actor: String,
    /// For whom.
    #[schema(value_type = Option<String>)]
    pub user_id: Option<UserId>,
    /// That user's name, unless erased.
    pub user_name: Option<String>,
    /// In which session.
    #[schema(value_type = Option<String>)]
    pub session_id: Option<SessionId>,
    /// With which API key: its prefix.
    pub api_key: Option<String>,
    /// Under which grant.
    #[schema(value_type = Option<String>)]
    pub grant_id: Option<GrantId>,
    /// For which client.
    #[schema(value_type = Option<String>)]
    pub client_id: Option<ClientId>,
    /// That client's short name.
    pub client_short_name: Option<String>,
    /// Under which version of its definition.
    pub client_version: Option<i64>,
    /// For which customer.
    #[schema(value_type = Option<String>)]
    pub customer_id: Option<CustomerId>,
    /// In which domain.
    #[schema(value_type = Option<String>)]
    pub domain_id: Option<DomainId>,
    /// What kind of definition was changed.
    pub object_type: Option<String>,
    /// Which one.
    #[schema(value_type = Option<String>)]
    pub object_id: Option<Uuid>,
    /// At which step: `authorize`, a `grant_type`, `use`, `introspect` or `revoke`; of a refused call its method and route.
    pub step: Option<String>,
    /// Which scopes were asked for.
    pub scopes_asked: Option<Vec<String>>,
    /// Which were given.
    pub scopes: Option<Vec<String>>,
    /// The functions that the token may use: what the user held at that moment, within the client's permission scope.
    pub functions: Option<Vec<String>>,
    /// From where.
    pub ip: Option<String>,
    /// By which of the client's address ranges.
    pub ip_range: Option<String>,
    /// The required function.
    pub required_function: Option<String>,
    /// The customer that it had to be held for; none: any.
    #[schema(value_type = Option<String>)]
    pub required_for: Option<CustomerId>,
    /// The permission that satisfied it.
    pub held_by: Option<Value>,
    /// How the user proved who they are.
    pub method: Option<String>,
    /// When.
    #[schema(value_type = Option<i64>)]
    pub authenticated_at: Option<Timestamp>,
    /// How many equal events the entry stands for.
    pub count: i64,
    /// In which request.
    pub request_id: Option<String>,
    /// What was given as reason for a change.
    pub note: Option<String>,
}

/// An entry of `audit a`, as JSON.
pub(super) const SELECT: &str = "
SELECT to_jsonb(a) || jsonb_build_object('ip', host(a.ip), 'user_name', u.user_name, 'client_short_name', k.short_name,
    'required_function', f.short_name,
    'functions', (SELECT jsonb_agg(e.short_name ORDER BY e.number) FROM functions e WHERE e.number = ANY(a.functions)))
FROM audit a LEFT JOIN users u ON u.id = a.user_id LEFT JOIN clients k ON k.id = a.client_id
LEFT JOIN functions f ON f.id = a.required_function";
