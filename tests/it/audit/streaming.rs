//! A large export: read while it is sent and no further, so that neither its length nor a reader that goes away costs anything.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use super::{EXPORT, ask};
use crate::support::{
    people::Person,
    server::{TestServer, with},
};
use axum::{
    body::Body,
    http::{Method, Request},
};
use http_body_util::BodyExt;
use sqlx::{Connection, PgConnection};
use std::time::Duration;
use tokio::{task::JoinSet, time::sleep};

const MANY: i64 = 30_000;

/// An auditor of a trail with many entries, and the owner of its table.
async fn start() -> (TestServer, Person, PgConnection) {
    let server = TestServer::start().await;
    let admin = server.admin();
    admin.sign_in().await;
    server.audit().await;
    let mut owner = server.at.owner().await;
    let more = "INSERT INTO audit (position, at, action, outcome, actor, domain_id, count)
        SELECT 1000000 + n, n, 'user.renamed', 'done', 'system:test', $1, 1 FROM generate_series(1, $2) n";
    sqlx::query(more).bind(server.directory.domain.uuid()).bind(MANY).execute(&mut owner).await.unwrap();
    (server, admin, owner)
}

fn request(person: &Person, method: Method) -> Request<Body> {
    let request = Request::builder().method(method).uri(format!("{EXPORT}?query=actor:system:test"));
    with("authorization", &format!("Bearer {}", person.session_token()), request.body(Body::empty()).unwrap())
}

async fn piece(body: &mut Body) -> Option<String> {
    let frame = body.frame().await?.unwrap();
    Some(String::from_utf8(frame.into_data().unwrap().to_vec()).unwrap())
}

#[tokio::test]
async fn an_export_is_read_while_it_is_sent_a_thousand_entries_at_a_time() {
    let (server, admin, mut owner) = start().await;
    let (status, mut body) = server.opened(request(&admin, Method::GET)).await;
    assert_eq!(status, 200);
    let mut lines = piece(&mut body).await.unwrap().lines().count();
    // Had it been read already, these would still be sent.
    sqlx::query("DELETE FROM audit WHERE position > 1020000").execute(&mut owner).await.unwrap();
    while let Some(text) = piece(&mut body).await {
        assert!(text.lines().count() <= 1001, "never more in memory than a page");
        lines += text.lines().count();
    }
    assert_eq!(lines, 20_001, "entries, and the line about them");
}

#[tokio::test]
async fn readers_that_go_away_or_wait_keep_nothing_from_others() {
    let (server, admin, _owner) = start().await;
    let mut waiting = Vec::new();
    // More than there are connections to the database.
    for nth in 0..60 {
        let (status, mut body) = server.opened(request(&admin, Method::GET)).await;
        assert_eq!((status, piece(&mut body).await.unwrap().lines().count()), (200, 1000));
        if nth % 2 == 0 {
            waiting.push(body);
        }
    }
    let answer = ask(&admin, EXPORT, &[("query", "actor:system:test")]).await;
    assert_eq!((answer.status, answer.text().lines().count()), (200, 30_001));
    assert_eq!(piece(&mut waiting[0]).await.unwrap().lines().count(), 1000, "and who waited goes on");
}

#[tokio::test]
async fn exports_that_wait_for_the_database_leave_connections_to_others() {
    let (server, admin, mut owner) = start().await;
    let mut bodies = Vec::new();
    for _ in 0..60 {
        let (_, mut body) = server.opened(request(&admin, Method::GET)).await;
        assert_eq!(piece(&mut body).await.unwrap().lines().count(), 1000);
        bodies.push(body);
    }
    let mut locked = owner.begin().await.unwrap();
    sqlx::query("LOCK TABLE audit IN ACCESS EXCLUSIVE MODE").execute(&mut *locked).await.unwrap();
    let mut exports = JoinSet::new();
    for mut body in bodies {
        exports.spawn(async move { piece(&mut body).await.unwrap().lines().count() });
    }
    let waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'audit'::regclass";
    while sqlx::query_scalar::<_, i64>(waiting).fetch_one(&mut *locked).await.unwrap() < 2 {
        sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(
        ask(&admin, "/authentication/v1/session", &[]).await.status,
        200,
        "who asks for something else is answered"
    );
    locked.commit().await.unwrap();
    while let Some(lines) = exports.join_next().await {
        assert_eq!(lines.unwrap(), 1000, "all go on");
    }
}

#[tokio::test]
async fn the_head_of_an_export_has_no_body() {
    let (server, admin, _owner) = start().await;
    let (status, mut body) = server.opened(request(&admin, Method::HEAD)).await;
    assert_eq!((status, piece(&mut body).await), (200, None));
    let nobody = Request::head(EXPORT).body(Body::empty()).unwrap();
    assert_eq!(server.opened(nobody).await.0, 401);
}
