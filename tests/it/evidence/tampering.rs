//! Somebody who is a superuser of the database changes the log, or the log and everything that proves it. What left the database before
//! tells, and names the place.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use super::{
    scene::Scene,
    support::{canonical, leaf, root},
};
use crate::support::postgres::TestDatabase;
use argus::{
    entropy::SeededEntropy,
    event_store::retention::Leaving,
    evidence::{Checkpoint, Finding, Kind},
    keys::{Keys, MasterKey},
};
use projections::evidence::{self, Hash};
use sqlx::{Executor, PgConnection};
use std::sync::Arc;

/// The same digits, another millennium.
const BEFORE_CHRIST: &str =
    "recorded_at = (to_char(recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') || '+00 BC')::timestamptz";

/// What retention says, said twice.
const COPIED: &str = "INSERT INTO dropped_ranges
    SELECT 'q', aggregate_type, first_position, last_position, events, tree_size, root, note, dropped_at FROM dropped_ranges";

/// What somebody does.
enum Deed {
    Sql(String),
    /// Changes the event of an entry, and makes its hash that of the change.
    Rehash(usize),
    /// The same, with every node and every checkpoint, signed by another key.
    Resign(usize),
}

impl Deed {
    async fn carry_out(&self, at: &TestDatabase, scene: &Scene) {
        let mut owner = at.owner().await;
        owner.execute("SET session_replication_role = replica").await.unwrap();
        match self {
            Self::Sql(sql) => drop(owner.execute(sql.as_str()).await.unwrap()),
            Self::Rehash(number) => drop(rehash(&mut owner, scene.positions[*number]).await),
            Self::Resign(number) => {
                let leaves = rehash(&mut owner, scene.positions[*number]).await;
                resign(&mut owner, &leaves).await;
            }
        }
    }
}

/// Returns what the leaves are then.
async fn rehash(owner: &mut PgConnection, position: i64) -> Vec<Hash> {
    let change = format!("UPDATE events SET payload = payload || '{{\"new\": true}}' WHERE position = {position}");
    owner.execute(change.as_str()).await.unwrap();
    let leaves: Vec<Hash> = canonical(owner).await.iter().map(|event| leaf(event.as_bytes())).collect();
    for (number, hash) in (0_i64..).zip(&leaves) {
        let update = sqlx::query("UPDATE evidence_leaves SET hash = $2 WHERE number = $1").bind(number).bind(hash);
        update.execute(&mut *owner).await.unwrap();
    }
    leaves
}

async fn resign(owner: &mut PgConnection, leaves: &[Hash]) {
    let entropy = Arc::new(SeededEntropy::new(666));
    let keys = Keys::new(&MasterKey::generate(entropy.as_ref()), entropy).unwrap();
    for row in evidence::list_checkpoints(owner, 0, 1000).await.unwrap() {
        let root = root(&leaves[..usize::try_from(row.tree_size).unwrap()]);
        let (origin, last_position) = ("idp.example".to_owned(), row.last_position);
        let checkpoint = Checkpoint { origin, tree_size: row.tree_size, root, last_position, signed_at: row.signed_at };
        sqlx::query("UPDATE checkpoints SET root = $2, note = $3 WHERE tree_size = $1")
            .bind(row.tree_size)
            .bind(root)
            .bind(checkpoint.sign(&keys))
            .execute(&mut *owner)
            .await
            .unwrap();
    }
}

/// What is done, and what must be said of it: what, at which entry, at which position.
type Case = (&'static str, Deed, Kind, usize, i64);

fn changes(scene: &Scene) -> Vec<Case> {
    let at = |number: usize| scene.positions[number];
    let update = |number, what: &str| Deed::Sql(format!("UPDATE events SET {what} WHERE position = {}", at(number)));
    let exchange = |what: &str| {
        let (one, other) = (at(10), at(15));
        Deed::Sql(format!(
            "ALTER TABLE events ALTER position DROP IDENTITY;
             UPDATE events AS e SET {what} FROM events AS o
             WHERE (e.position, o.position) IN (({one}, {other}), ({other}, {one}))"
        ))
    };
    let changed = |name, number, what| (name, update(number, what), Kind::Changed, number, at(number));
    vec![
        changed("payload of an event changed", 10, "payload = payload || '{\"x\": 1}'"),
        changed("one letter of a payload changed", 3, "payload = replace(payload::text, 'a', 'b')::jsonb"),
        changed("actor of an event changed", 11, "metadata = metadata || '{\"actor\": \"system:cli\"}'"),
        changed("time of an event changed by a microsecond", 12, "recorded_at = recorded_at + '1 microsecond'"),
        changed("year of an event put before Christ", 2, BEFORE_CHRIST),
        changed("sequence number changed", 13, "sequence = sequence + 1000"),
        changed("event given to another stream", 14, "aggregate_id = aggregate_id || 'x'"),
        changed("type of an event changed", 5, "event_type = 'client.deleted'"),
        changed("version of an event changed", 6, "event_version = '2'"),
        changed("first event changed", 0, "payload = '{}'"),
        ("payloads of two events exchanged", exchange("payload = o.payload"), Kind::Changed, 10, at(10)),
        (
            "positions of two events exchanged",
            exchange("position = o.position"),
            Kind::Moved { to: at(15) },
            10,
            at(10),
        ),
    ]
}

fn removals(scene: &Scene, session: (usize, &str)) -> Vec<Case> {
    let at = |number: usize| scene.positions[number];
    let (last, sql) = (scene.positions.len() - 1, |text: String| Deed::Sql(text));
    let since = |number: usize| {
        format!(
            "DELETE FROM events WHERE position >= {0}; DELETE FROM evidence_leaves WHERE position >= {0};
             DELETE FROM evidence_nodes; DELETE FROM checkpoints WHERE last_position >= {0}",
            at(number)
        )
    };
    let unsigned = |note| format!("{}; UPDATE dropped_ranges SET events = 2, note = {note}", taken(scene, (7, 9), 1));
    let delete = |number: usize| format!("DELETE FROM events WHERE position = {}", at(number));
    vec![
        ("one event deleted", sql(delete(12)), Kind::Removed, 12, at(12)),
        ("first event deleted", sql(delete(0)), Kind::Removed, 0, at(0)),
        ("last event before the checkpoint deleted", sql(delete(last)), Kind::Removed, last, at(last)),
        ("all sessions truncated", sql(format!("TRUNCATE {}", session.1)), Kind::Removed, session.0, at(session.0)),
        ("everything since an entry rolled back, evidence too", sql(since(20)), Kind::Removed, 20, at(20)),
        (
            "two deleted as if retention had taken one",
            sql(taken(scene, (7, 9), 1)),
            Kind::Unaccounted { more: 1 },
            7,
            at(7),
        ),
        (
            "three deleted where retention took two, its note copied",
            sql(format!("{}; {COPIED}; {}", taken(scene, (7, 9), 2), delete(8))),
            Kind::Unaccounted { more: 1 },
            7,
            at(7),
        ),
        ("two deleted, which retention says unsigned", sql(unsigned("'taken'")), Kind::Removed, 7, at(7)),
        (
            "two deleted, where a signed one was made two",
            sql(unsigned("replace(note, 'events 1', 'events 2')")),
            Kind::Removed,
            7,
            at(7),
        ),
    ]
}

/// Takes the first and the last event of a range away, as if retention had taken so many, and had signed that.
fn taken(scene: &Scene, (first, last): (usize, usize), events: i64) -> String {
    let positions @ (first, last) = (scene.positions[first], scene.positions[last]);
    let month = Leaving { partition: "p".to_owned(), positions, events, tree_size: 1, root: [0; 32] };
    let note = scene.notary.sign_removal(&month);
    format!(
        "DELETE FROM events WHERE position IN ({first}, {last});
         INSERT INTO dropped_ranges (partition, aggregate_type, first_position, last_position, events, tree_size, root, note)
         VALUES ('p', 'session', {first}, {last}, {events}, 1, '', '{note}')"
    )
}

fn insertions(scene: &Scene) -> Vec<Case> {
    let (at, hole, next) = (|number: usize| scene.positions[number], scene.hole, scene.after_hole());
    let insert = |position: i64| {
        Deed::Sql(format!(
            "INSERT INTO events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata, position)
             OVERRIDING SYSTEM VALUE
             SELECT aggregate_type, aggregate_id, 1000, event_type, event_version, payload, metadata, {position}
             FROM events WHERE position = {}",
            at(4)
        ))
    };
    let (moved, to) = (next + 5, Kind::Moved { to: hole });
    let moving = Deed::Sql(format!(
        "ALTER TABLE events ALTER position DROP IDENTITY; UPDATE events SET position = {hole} WHERE position = {}",
        at(moved)
    ));
    vec![
        ("event inserted where a transaction was rolled back", insert(hole), Kind::Inserted, next, hole),
        ("event inserted before everything", insert(-7), Kind::Inserted, 0, -7),
        ("second event at the position of another", insert(at(8)), Kind::Inserted, 8, at(8)),
        ("event moved to where a transaction was rolled back", moving, to, moved, at(moved)),
    ]
}

fn forgeries(scene: &Scene) -> Vec<Case> {
    let at = |number: usize| scene.positions[number];
    let hash = "UPDATE evidence_leaves SET hash = sha256('x') WHERE number = 9".to_owned();
    let all = "TRUNCATE evidence_leaves, evidence_nodes, checkpoints".to_owned();
    vec![
        ("hash of an event changed", Deed::Sql(hash), Kind::HashChanged, 9, at(9)),
        ("all evidence in the database removed", Deed::Sql(all), Kind::HashChanged, 0, at(0)),
        ("event rewritten and its hash recomputed", Deed::Rehash(16), Kind::Changed, 16, at(16)),
        ("event rewritten, all recomputed and signed by another key", Deed::Resign(17), Kind::Changed, 17, at(17)),
    ]
}

/// The entry of the first event of a session, and the partition that holds it.
async fn first_session(scene: &Scene) -> (usize, String) {
    let sql =
        "SELECT position, tableoid::regclass::text FROM events WHERE aggregate_type = 'session' ORDER BY 1 LIMIT 1";
    let (position, partition): (i64, String) =
        sqlx::query_as(sql).fetch_one(&mut scene.base.owner().await).await.unwrap();
    (scene.positions.iter().position(|known| *known == position).unwrap(), partition)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_tampering_is_found_and_its_place_is_named() {
    let scene = Scene::set().await;
    let (number, partition) = first_session(&scene).await;
    let removals = removals(&scene, (number, &partition));
    let cases = [changes(&scene), removals, insertions(&scene), forgeries(&scene)].into_iter().flatten();
    let (mut count, mut wrong) = (0, Vec::new());
    for (name, deed, kind, number, position) in cases {
        let copy = scene.base.copy().await;
        deed.carry_out(&copy, &scene).await;
        let expected = (kind, i64::try_from(number).unwrap(), position);
        for (place, report) in
            [("database", scene.verify(&copy, true).await), ("export", scene.verify_export(&copy).await)]
        {
            let found =
                report.finding.as_ref().map(|Finding { kind, number, position, .. }| (*kind, *number, *position));
            if found != Some(expected) {
                wrong.push(format!("{name}, {place}: {found:?} instead of {expected:?}"));
            }
            if place == "database" {
                let said = report.finding.map_or_else(|| "NOTHING".to_owned(), |finding| finding.to_string());
                println!("{name:<58} {said}");
            }
        }
        count += 1;
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    println!("{count} ways to tamper: each found, in the database and in an export, at the right place");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_exported_evidence_the_signed_roots_still_tell() {
    let scene = Scene::set().await;
    for (deed, said) in [
        (Deed::Rehash(16), "is not what was signed"),
        (Deed::Resign(17), "is not signed by the log's key"),
        (Deed::Sql("DELETE FROM evidence_leaves WHERE number > 20".to_owned()), "hashes that were signed are missing"),
        (Deed::Sql("UPDATE checkpoints SET signed_at = signed_at - 1".to_owned()), "does not say what its row says"),
    ] {
        let copy = scene.base.copy().await;
        deed.carry_out(&copy, &scene).await;
        let found = scene.verify(&copy, false).await.finding.unwrap().to_string();
        assert!(found.contains(said), "{found}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_not_touched_is_verified() {
    let scene = Scene::set().await;
    let copy = scene.base.copy().await;
    for report in [scene.verify(&copy, true).await, scene.verify(&copy, false).await, scene.verify_export(&copy).await]
    {
        assert_eq!(report.finding, None);
        let verified = report.verified.unwrap();
        assert_eq!(usize::try_from(verified.tree_size).unwrap(), scene.positions.len() + 20);
        assert_eq!((report.dropped, report.unsigned, report.waiting), (0, 0, 0));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_retention_took_is_known_by_its_hash() {
    let scene = Scene::set().await;
    let copy = scene.base.copy().await;
    Deed::Sql(taken(&scene, (7, 9), 2)).carry_out(&copy, &scene).await;
    for report in [scene.verify(&copy, true).await, scene.verify(&copy, false).await, scene.verify_export(&copy).await]
    {
        assert_eq!((report.finding, report.dropped), (None, 2));
    }
}
