//! What is left when every grant and session has left the log: the audit trail, and whatever still makes it anew.

#![expect(clippy::unwrap_used, reason = "tests")]

use super::{node::world, replayed::in_place, tables::tables, workload::work};
use aggregates::values::{Seconds, Timestamp};
use argus::{
    clock::{Clock, SystemClock},
    event_store::{
        replay::{Until, fill_side, known},
        retention::{Terms, run},
    },
};

const LOG: &str = "SELECT count(*) FROM events WHERE aggregate_type IN ('grant', 'session')";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_audit_trail_outlives_the_events_that_made_it() {
    let (world, node) = world().await;
    work(&world, &node).await;
    world.is_told_once().await;
    let mut owner = world.at.owner().await;
    let before = tables(&world.at).await;
    let covers = "INSERT INTO checkpoints (tree_size, last_position, root, signed_at, note)
        SELECT max(position) + 1000000, max(position) + 1000000, decode(repeat('00', 32), 'hex'), 0, '' FROM events";
    sqlx::query(covers).execute(&mut owner).await.unwrap();
    let events: i64 = sqlx::query_scalar(LOG).fetch_one(&mut owner).await.unwrap();
    let later: Timestamp = SystemClock.now().max(node.idp.clock.now()).after(Seconds(400 * 86_400));
    let options = node.idp.database.owner_options();
    let gone = run(&options, Terms { keep_months: 1, now: later }, &|_| String::new()).await.unwrap();
    assert_eq!(gone.iter().map(|month| month.events).sum::<i64>(), events);
    assert_eq!(sqlx::query_scalar::<_, i64>(LOG).fetch_one(&mut owner).await.unwrap(), 0);
    let sessions: i64 = sqlx::query_scalar("SELECT count(*) FROM sessions").fetch_one(&mut owner).await.unwrap();
    assert_eq!(sessions, 0, "they are over by then");
    for model in ["sessions", "audit", "users"] {
        in_place(&node.idp, known(model).unwrap()).await;
    }
    let trail: Vec<String> =
        sqlx::query_scalar("SELECT to_jsonb(t)::text FROM audit AS t ORDER BY 1").fetch_all(&mut owner).await.unwrap();
    assert!(before.get("audit").unwrap().ends_with(&trail), "every entry is as it was");
    let last: i64 =
        sqlx::query_scalar("SELECT max(last_position) - 1 FROM dropped_ranges").fetch_one(&mut owner).await.unwrap();
    let refused = fill_side(&options, &[*known("audit").unwrap()], Until::Position(last), &node.idp.keys).await;
    assert!(refused.is_err(), "what it was then cannot be told any more");
    node.stop().await;
}
