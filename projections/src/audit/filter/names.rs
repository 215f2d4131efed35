//! Whom the names in a filter mean: looked up once, before the entries are.

use super::{Filter, Test};
use sqlx::PgConnection;
use std::collections::HashMap;
use uuid::Uuid;

/// Of each kind and name the ids of whoever has it, deleted ones included.
#[derive(Debug, Default)]
pub(in super::super) struct Names(HashMap<(String, String), Vec<Uuid>>);

const SQL: &str = "
SELECT w.kind, w.name, o.id FROM unnest($1::text[], $2::text[]) w (kind, name) CROSS JOIN LATERAL (
    SELECT id FROM users WHERE w.kind = 'user' AND user_name = lower(w.name)
    UNION ALL SELECT id FROM clients WHERE w.kind = 'client' AND lower(short_name) = lower(w.name)
    UNION ALL SELECT id FROM customers WHERE w.kind = 'customer' AND lower(short_name) = lower(w.name)
    UNION ALL SELECT id FROM functions WHERE w.kind = 'function' AND lower(short_name) = lower(w.name)) o";

impl Names {
    /// Looks up every name of the filter.
    pub(in super::super) async fn of(c: &mut PgConnection, filter: &Filter) -> Result<Self, sqlx::Error> {
        let (kinds, names): (Vec<&str>, Vec<&str>) =
            filter.terms.iter().filter_map(|term| named(&term.test)).filter(|(_, name)| id(name).is_none()).unzip();
        let mut found = HashMap::<_, Vec<Uuid>>::new();
        if !names.is_empty() {
            let rows: Vec<(String, String, Uuid)> = sqlx::query_as(SQL).bind(kinds).bind(names).fetch_all(c).await?;
            for (kind, name, id) in rows {
                found.entry((kind, name)).or_default().push(id);
            }
        }
        Ok(Self(found))
    }

    /// An id means itself.
    pub(super) fn ids(&self, kind: &str, name: &str) -> Vec<Uuid> {
        let found = || self.0.get(&(kind.to_owned(), name.to_owned())).cloned().unwrap_or_default();
        id(name).map_or_else(found, |id| vec![id])
    }
}

fn named(test: &Test) -> Option<(&'static str, &str)> {
    match test {
        Test::Actor(name) | Test::User(name) => Some(("user", name)),
        Test::Client(name) => Some(("client", name)),
        Test::Customer(name) => Some(("customer", name)),
        Test::Function(name) => Some(("function", name)),
        _ => None,
    }
}

fn id(name: &str) -> Option<Uuid> {
    name.parse().ok()
}
