//! What a caller sees of users and groups.

use crate::search::Query;
use aggregates::ids::CustomerId;

/// The customers whose users and groups a caller sees.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sight {
    /// Whose users.
    pub users: Vec<CustomerId>,
    /// Whose groups.
    pub groups: Vec<CustomerId>,
    /// Of whose users also the e-mail address and the telephone number.
    pub personal: Vec<CustomerId>,
}

impl Sight {
    /// Begins a statement: the three sets as `seen_users`, `seen_groups` and `seen_personal`, and the subjects in sight as `s`.
    pub(crate) fn begin<'q>(&self) -> Query<'q> {
        let mut q = Query::new("WITH ");
        for (name, customers) in
            [("seen_users", &self.users), ("seen_groups", &self.groups), ("seen_personal", &self.personal)]
        {
            let ids: Vec<_> = customers.iter().map(|customer| customer.uuid()).collect();
            q.push(name).push(" (id) AS (SELECT unnest(").push_bind(ids).push("::uuid[])), ");
        }
        q.push("s AS NOT MATERIALIZED (").push(SUBJECTS).push(") ");
        q
    }
}

/// Users and groups alike. `folded` is the short name as it is looked up.
const SUBJECTS: &str = "
    SELECT u.id, u.number, 'user' AS type, u.domain_id, u.customer_id, u.user_name AS short_name, u.user_name AS folded, u.name,
        u.description, CASE WHEN u.customer_id IN (SELECT id FROM seen_personal) THEN u.email END AS email,
        CASE WHEN u.customer_id IN (SELECT id FROM seen_personal) THEN u.phone END AS phone,
        u.status = 'deleted' AS deleted, u.status = 'blocked' AS blocked, u.must_change_password AS must_change,
        u.password_hash IS NULL AS passwordless, u.daemon, u.created_at, u.created_by, u.updated_at, u.updated_by,
        u.deleted_at, u.deleted_by
    FROM users u WHERE u.customer_id IN (SELECT id FROM seen_users)
    UNION ALL
    SELECT g.id, g.number, 'group', g.domain_id, g.customer_id, g.short_name, lower(g.short_name), g.name,
        g.description, NULL, NULL, g.deleted, FALSE, FALSE, FALSE, FALSE, g.created_at, g.created_by, g.updated_at, g.updated_by,
        g.deleted_at, g.deleted_by
    FROM groups g WHERE g.customer_id IN (SELECT id FROM seen_groups)";
