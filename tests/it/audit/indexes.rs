//! Questions are answered from an index, also where the trail is long.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use super::{ENTRIES, ask};
use crate::support::server::TestServer;
use sqlx::PgConnection;
use std::{collections::BTreeMap, time::Duration};
use tokio::time::sleep;

/// The id of a number, in SQL.
fn id_of(number: &str) -> String {
    format!("('00000000-0000-0000-0000-' || lpad(({number})::text, 12, '0'))::uuid")
}

/// A hundred thousand entries: of ten thousand users from as many addresses, of few clients, customers and functions, hardly one
/// refused.
fn long() -> String {
    let (user, session, grant) = (id_of("n % 10000"), id_of("n % 30000"), id_of("n % 40000"));
    let (client, customer, object) = (id_of("n % 500"), id_of("n % 700"), id_of("n % 3000"));
    let function = id_of("n % 900");
    format!(
        "INSERT INTO audit (position, at, action, outcome, actor, user_id, session_id, grant_id, client_id, customer_id,
            domain_id, object_id, ip, count, request_id, required_function, reason)
         SELECT 1000000 + n, n * 1000::bigint, CASE WHEN n % 5000 = 0 THEN 'token.revoked' ELSE 'token.refreshed' END,
            CASE n % 1000 WHEN 0 THEN 'refused' WHEN 1 THEN 'revoked' ELSE 'granted' END, 'user:' || {user}, {user}, {session}, {grant},
            {client}, {customer}, $1, CASE WHEN n % 100 = 0 THEN {object} END, '10.0.0.0'::inet + n % 10000, 1,
            'request-' || n, {function}, CASE WHEN n % 1000 = 0 THEN 'reason_' || n % 9 END
         FROM generate_series(1, 100000) n"
    )
}

/// How often each index was used.
async fn scans(owner: &mut PgConnection) -> BTreeMap<String, i64> {
    let sql = "SELECT indexrelname::text, idx_scan FROM pg_stat_user_indexes WHERE relname = 'audit'";
    sqlx::query_as::<_, (String, i64)>(sql).fetch_all(owner).await.unwrap().into_iter().collect()
}

fn questions() -> Vec<(String, &'static str)> {
    let id = |n: u32| format!("00000000-0000-0000-0000-{n:012}");
    vec![
        (format!("user:{}", id(77)), "audit_by_user"),
        (format!("user:{} action:token.refreshed after:1970-01-01", id(78)), "audit_by_user"),
        (format!("actor:{}", id(79)), "audit_by_actor"),
        (format!("session:{}", id(80)), "audit_by_session"),
        (format!("grant:{}", id(81)), "audit_by_grant"),
        (format!("client:{}", id(82)), "audit_by_client"),
        (format!("customer:{}", id(83)), "audit_by_customer"),
        (format!("object:{}", id(100)), "audit_by_object"),
        ("request:request-4711".to_owned(), "audit_by_request"),
        ("ip:10.0.0.7".to_owned(), "audit_by_ip"),
        ("ip:10.0.1.0/28".to_owned(), "audit_by_ip"),
        ("action:token.revoked".to_owned(), "audit_by_action"),
        ("action:code.*".to_owned(), "audit_by_action"),
        (format!("function:{}", id(84)), "audit_by_function"),
        ("reason:reason_7".to_owned(), "audit_by_reason"),
        ("outcome:refused".to_owned(), "audit_by_outcome"),
        ("outcome:revoked".to_owned(), "audit_by_outcome"),
        ("after:1970-01-02T03:00:00Z before:1970-01-02T03:01:00Z".to_owned(), "audit_by_time"),
        ("position:1000500..1000600".to_owned(), "audit_pkey"),
    ]
}

/// A server with the long trail, and statistics about it.
async fn with_long_trail() -> (TestServer, PgConnection) {
    let server = TestServer::start().await;
    server.admin().sign_in().await;
    server.audit().await;
    let mut owner = server.at.owner().await;
    sqlx::query(&long()).bind(server.directory.domain.uuid()).execute(&mut owner).await.unwrap();
    sqlx::query("VACUUM ANALYZE audit").execute(&mut owner).await.unwrap();
    (server, owner)
}

/// Asks each question and waits until its index was used; Postgres counts with a delay.
async fn answered_from(server: &TestServer, owner: &mut PgConnection, questions: Vec<(String, &'static str)>) {
    let admin = server.admin();
    admin.sign_in().await;
    server.audit().await;
    let mut expected = scans(owner).await;
    for (filter, index) in questions {
        assert_eq!(ask(&admin, ENTRIES, &[("query", &filter)]).await.status, 200, "{filter}");
        *expected.get_mut(index).unwrap() += 1;
    }
    let mut found = BTreeMap::new();
    for _ in 0..300 {
        found = scans(owner).await;
        if expected.iter().all(|(index, count)| found[index] >= *count) {
            return;
        }
        sleep(Duration::from_millis(100)).await;
    }
    unreachable!("expected at least {expected:?}, found {found:?}");
}

#[tokio::test]
async fn a_question_by_any_key_is_answered_from_an_index() {
    let (server, mut owner) = with_long_trail().await;
    answered_from(&server, &mut owner, questions()).await;
}

#[tokio::test]
async fn a_small_domain_is_found_in_the_long_trail_of_another() {
    let (server, mut owner) = with_long_trail().await;
    let sql = format!("UPDATE audit SET domain_id = {} WHERE position > 1000000", id_of("1"));
    sqlx::query(&sql).execute(&mut owner).await.unwrap();
    sqlx::query("VACUUM ANALYZE audit").execute(&mut owner).await.unwrap();
    answered_from(&server, &mut owner, vec![(String::new(), "audit_by_domain")]).await;
}
