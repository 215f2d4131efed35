//! From [`Filter`] to the condition of a statement on `audit a`. Every value is bound, none is written into the text.

use super::{Filter, Test};
use sqlx::{Encode, Postgres, QueryBuilder, Type};
use std::collections::BTreeMap;
use uuid::Uuid;

impl Filter {
    /// Adds ` AND …` for every key that is asked for and every term that is excluded.
    pub(crate) fn narrow(&self, sql: &mut QueryBuilder<'_, Postgres>) {
        let mut any_of: BTreeMap<&str, Vec<&Test>> = BTreeMap::new();
        for term in &self.terms {
            if term.excluded {
                // What an entry does not have, it does not have: an unknown value is not excluded.
                sql.push(" AND (");
                condition(&term.test, sql);
                sql.push(") IS NOT TRUE");
            } else {
                any_of.entry(term.test.key()).or_default().push(&term.test);
            }
        }
        for tests in any_of.values() {
            for (nth, test) in tests.iter().enumerate() {
                sql.push(if nth == 0 { " AND (" } else { " OR " });
                condition(test, sql);
            }
            sql.push(")");
        }
    }
}

fn condition(test: &Test, sql: &mut QueryBuilder<'_, Postgres>) {
    match test {
        Test::Actor(name) => actor(name, sql),
        Test::User(name) => named("a.user_id", "users", "user_name", name, sql),
        Test::Client(name) => named("a.client_id", "clients", "short_name", name, sql),
        Test::Customer(name) => named("a.customer_id", "customers", "short_name", name, sql),
        Test::Function(name) => named("a.required_function", "functions", "short_name", name, sql),
        Test::Action(action) => match action.strip_suffix('*') {
            Some(start) => bound("starts_with(a.action, ", start.to_owned(), ")", sql),
            None => bound("a.action = ", action.clone(), "", sql),
        },
        Test::Outcome(outcome) => bound("a.outcome = ", outcome.clone(), "", sql),
        Test::Reason(reason) => bound("a.reason = ", reason.clone(), "", sql),
        Test::Ip(range) => bound("a.ip <<= ", *range, "", sql),
        Test::After(time) => bound("a.at >= ", time.millis(), "", sql),
        Test::Before(time) => bound("a.at < ", time.millis(), "", sql),
        Test::Session(id) => bound("a.session_id = ", *id, "", sql),
        Test::Grant(id) => bound("a.grant_id = ", *id, "", sql),
        Test::Object(id) => bound("a.object_id = ", *id, "", sql),
        Test::Request(id) => bound("a.request_id = ", id.clone(), "", sql),
    }
}

fn bound<'q, T>(before: &str, value: T, after: &str, sql: &mut QueryBuilder<'q, Postgres>)
where
    T: 'q + Encode<'q, Postgres> + Type<Postgres>,
{
    sql.push(before).push_bind(value).push(after);
}

/// An id means itself, a name whoever has it, deleted ones included.
fn named(column: &str, table: &str, name_column: &str, name: &str, sql: &mut QueryBuilder<'_, Postgres>) {
    if let Ok(id) = name.parse::<Uuid>() {
        return bound(&format!("{column} = "), id, "", sql);
    }
    let among = format!("{column} IN (SELECT id FROM {table} WHERE lower({name_column}) = lower(");
    bound(&among, name.to_owned(), "))", sql);
}

/// Whole names (`system:cli`, `user:<id>`) mean themselves.
fn actor(name: &str, sql: &mut QueryBuilder<'_, Postgres>) {
    if name.parse::<Uuid>().is_ok() {
        return bound("a.actor = 'user:' || ", name.to_lowercase(), "", sql);
    }
    bound("a.actor = ", name.to_owned(), "", sql);
    let among = " OR a.actor IN (SELECT 'user:' || id FROM users WHERE lower(user_name) = lower(";
    bound(among, name.to_owned(), "))", sql);
}
