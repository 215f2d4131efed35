//! From [`Filter`] to the condition of a statement on `audit a`. Every value is bound, none is written into the text.

use super::{Filter, Names, Test};
use sqlx::{Encode, Postgres, QueryBuilder, Type, postgres::PgHasArrayType};
use std::collections::BTreeMap;

impl Filter {
    /// Adds ` AND …` for every key that is asked for and every term that is excluded.
    pub(in super::super) fn narrow(&self, names: &Names, sql: &mut QueryBuilder<'_, Postgres>) {
        let mut any_of: BTreeMap<&str, Vec<&Test>> = BTreeMap::new();
        for term in &self.terms {
            if term.excluded {
                // What an entry does not have, it does not have: an unknown value is not excluded.
                sql.push(" AND (");
                condition(&term.test, names, sql);
                sql.push(") IS NOT TRUE");
            } else {
                any_of.entry(term.test.key()).or_default().push(&term.test);
            }
        }
        for tests in any_of.values() {
            for (nth, test) in tests.iter().enumerate() {
                sql.push(if nth == 0 { " AND (" } else { " OR " });
                condition(test, names, sql);
            }
            sql.push(")");
        }
    }
}

fn condition(test: &Test, names: &Names, sql: &mut QueryBuilder<'_, Postgres>) {
    match test {
        Test::Actor(name) => among("a.actor", actors(name, names), sql),
        Test::User(name) => among("a.user_id", names.ids("user", name), sql),
        Test::Client(name) => among("a.client_id", names.ids("client", name), sql),
        Test::Customer(name) => among("a.customer_id", names.ids("customer", name), sql),
        Test::Function(name) => among("a.required_function", names.ids("function", name), sql),
        Test::Action(action) => match action.strip_suffix('*') {
            Some(start) => bound("a.action ^@ ", start.to_owned(), "", sql),
            None => bound("a.action = ", action.clone(), "", sql),
        },
        Test::Outcome(outcome) => bound("a.outcome = ", *outcome, "", sql),
        Test::Reason(reason) => bound("a.reason = ", reason.clone(), "", sql),
        Test::Ip(range) => bound("a.ip <<= ", range.to_string(), "::inet", sql),
        Test::After(time) => bound("a.at >= ", time.millis(), "", sql),
        Test::Before(time) => bound("a.at < ", time.millis(), "", sql),
        Test::Session(id) => bound("a.session_id = ", *id, "", sql),
        Test::Grant(id) => bound("a.grant_id = ", *id, "", sql),
        Test::Object(id) => bound("a.object_id = ", *id, "", sql),
        Test::Request(id) => bound("a.request_id = ", id.clone(), "", sql),
        Test::Position(first, last) => {
            bound("a.position BETWEEN ", *first, " AND ", sql);
            sql.push_bind(*last);
        }
    }
}

/// Whole names (`system:cli`, `user:<id>`) mean themselves.
fn actors(name: &str, names: &Names) -> Vec<String> {
    let users = names.ids("user", name).into_iter().map(|id| format!("user:{id}"));
    users.chain([name.to_owned()]).collect()
}

fn bound<'q, T>(before: &str, value: T, after: &str, sql: &mut QueryBuilder<'q, Postgres>)
where
    T: 'q + Encode<'q, Postgres> + Type<Postgres>,
{
    sql.push(before).push_bind(value).push(after);
}

/// One value is compared as such, since only then an index gives its entries in log order.
fn among<'q, T>(column: &str, mut values: Vec<T>, sql: &mut QueryBuilder<'q, Postgres>)
where
    T: 'q + Encode<'q, Postgres> + Type<Postgres> + PgHasArrayType,
    Vec<T>: Encode<'q, Postgres>,
{
    match (values.pop(), values.is_empty()) {
        (None, _) => drop(sql.push("false")),
        (Some(value), true) => bound(&format!("{column} = "), value, "", sql),
        (Some(value), false) => {
            values.push(value);
            bound(&format!("{column} = ANY("), values, ")", sql);
        }
    }
}
