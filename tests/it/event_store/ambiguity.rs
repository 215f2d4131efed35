//! Commits whose answer was lost.

#![expect(clippy::unwrap_used, reason = "tests")]

use super::support::{Defined, Note, bench, context, id, open, write, write_first};
use crate::support::wire::Wire;
use argus::{database::Database, event_store::EventStore};
use sqlx::Executor;

async fn through(wire: &Wire, bench: &super::support::Bench) -> EventStore {
    let database = Database::open(&bench.at.config_through(&wire.socket_dir)).await.unwrap();
    open(&database).await
}

#[tokio::test]
async fn a_first_write_whose_answer_was_lost_is_not_called_a_second_one() {
    let bench = bench().await;
    let wire = Wire::tap();
    let store = through(&wire, &bench).await;
    for n in 0..10 {
        let (id, text) = (id(), format!("answer lost {n}"));
        wire.cut_answer_to(&text);
        let committed = store.execute::<Note>(id, write_first(text), &context()).await.unwrap();
        assert!(wire.has_cut());
        assert_eq!((committed.sequence, committed.aggregate.texts.len()), (1, 1));
    }
    let log = bench.log().await;
    assert_eq!(log.len(), 10);
}

#[tokio::test]
async fn in_a_batch_each_gets_its_own_answer_after_the_connection_was_lost() {
    let bench = bench().await;
    let wire = Wire::tap();
    let store = through(&wire, &bench).await;
    wire.cut_answer_to("number 17.");
    let commands = (0..40).map(|n| {
        let store = store.clone();
        async move { store.create::<Note>(id(), write(format!("number {n}.")), &context()).await.unwrap() }
    });
    let committed = futures_util::future::join_all(commands).await;
    assert!(wire.has_cut());
    let positions: std::collections::BTreeSet<_> = committed.iter().map(|one| one.position).collect();
    assert_eq!((positions.len(), bench.log().await.len()), (40, 40));
}

#[tokio::test]
async fn a_definition_whose_commit_was_not_answered_is_found_to_be_recorded() {
    let bench = bench().await;
    let wire = Wire::tap();
    let store = through(&wire, &bench).await;
    let mut lane = store.definitions().await.unwrap();
    lane.execute::<Defined>(id(), write("a"), &context()).await.unwrap();
    wire.cut_answer_to("COMMIT");
    lane.commit().await.unwrap();
    assert!(wire.has_cut());
    assert_eq!(bench.log().await.len(), 1);
}

#[tokio::test]
async fn an_unanswered_commit_is_looked_up_until_it_is_known() {
    let bench = bench().await;
    let wire = Wire::tap();
    let store = through(&wire, &bench).await;
    let mut lane = store.definitions().await.unwrap();
    lane.execute::<Defined>(id(), write("a"), &context()).await.unwrap();
    wire.cut_answer_to("COMMIT");
    wire.cut_answer_to("pg_advisory_xact_lock");
    lane.commit().await.unwrap();
    assert!(wire.has_cut());
    assert_eq!(bench.log().await.len(), 1);
}

/// The second sending meets a full disk, so to say; what became of the first one is still what counts.
#[tokio::test]
async fn a_refused_repetition_does_not_pass_for_the_answer() {
    let bench = bench().await;
    let wire = Wire::tap();
    let store = through(&wire, &bench).await;
    let refuse_the_second = "
        CREATE SEQUENCE sendings; GRANT USAGE ON sendings TO argus_app;
        CREATE FUNCTION refuse_the_second() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            IF nextval('sendings') = 2 THEN RAISE EXCEPTION 'no space left' USING ERRCODE = '53100'; END IF;
            RETURN NULL;
        END $$;
        CREATE TRIGGER refuse_the_second BEFORE INSERT ON events FOR EACH STATEMENT EXECUTE FUNCTION refuse_the_second();";
    bench.at.owner().await.execute(refuse_the_second).await.unwrap();
    wire.cut_answer_to("full disk");
    let committed = store.execute::<Note>(id(), write_first("full disk"), &context()).await.unwrap();
    assert_eq!((committed.sequence, bench.log().await.len()), (1, 1));
}

#[tokio::test]
async fn the_round_trips_of_a_command_are_those_of_the_design() {
    let bench = bench().await;
    let wire = Wire::tap();
    let store = through(&wire, &bench).await;
    let id = id();
    store.create::<Note>(id, write("a"), &context()).await.unwrap();
    for _ in 0..4 {
        // Every writer and loader has prepared its statement by then.
        store.execute::<Note>(id, write("b"), &context()).await.unwrap();
    }
    for _ in 0..20 {
        let before = wire.round_trips();
        store.execute::<Note>(id, write("c"), &context()).await.unwrap();
        let turns = wire.turns_after(before);
        let who: Vec<_> = turns.iter().map(|turn| turn.who.as_str()).filter(|who| *who != "argus watcher").collect();
        assert_eq!(who, ["argus loader", "argus appender"]);
    }
}
