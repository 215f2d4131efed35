//! The traffic lane.

#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use super::support::{Enough, Note, Pinned, Write, bench, context, id, write, write_first};
use argus::event_store::{ExecuteError, StorageError};
use futures_util::future::join_all;
use sqlx::Executor;
use std::time::Duration;
use uuid::Uuid;

#[tokio::test]
async fn an_id_that_is_taken_is_a_conflict() {
    let bench = bench().await;
    let id = id();
    bench.store.create::<Note>(id, write("a"), &context()).await.unwrap();
    let again = bench.store.create::<Note>(id, write("b"), &context()).await;
    assert_eq!(again.unwrap_err(), ExecuteError::Conflict);
    assert_eq!(bench.log().await.len(), 1);
}

#[tokio::test]
async fn a_refusal_on_an_old_state_is_decided_again_on_the_new_one() {
    let bench = bench().await;
    let id = id();
    bench.store.create::<Note>(id, write("a"), &context()).await.unwrap();
    // "An empty stream" was true once; what was read says so, the log does not.
    let old = argus::event_store::Loaded::<Note>::new(id.to_string());
    let refused = bench.store.execute_on(old, write_first("b"), &context()).await;
    assert_eq!(refused.unwrap_err(), ExecuteError::Refused(Enough));
    let mut old = bench.store.load::<Note>(id).await.unwrap();
    old.aggregate.texts.push("never written".to_owned());
    let twice = Write { texts: vec!["b".to_owned()], most: Some(1) };
    let accepted = bench.store.execute_on(old, twice, &context()).await.unwrap();
    assert_eq!((accepted.sequence, accepted.aggregate.texts), (2, vec!["a".to_owned(), "b".to_owned()]));
}

#[tokio::test]
async fn only_one_of_twenty_first_writers_writes() {
    let bench = bench().await;
    let id = id();
    let outcomes = join_all((0..20).map(|n| {
        let store = bench.store.clone();
        async move { store.execute::<Note>(id, write_first(n.to_string()), &context()).await }
    }));
    let outcomes = outcomes.await;
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
    assert!(outcomes.into_iter().filter_map(Result::err).all(|error| error == ExecuteError::Refused(Enough)));
}

#[tokio::test]
async fn a_stream_may_not_be_continued_with_a_hole() {
    let bench = bench().await;
    let id = id();
    bench.store.create::<Note>(id, write("a"), &context()).await.unwrap();
    let mut ahead = bench.store.load::<Note>(id).await.unwrap();
    ahead.sequence = 6;
    bench.store.execute_on(ahead, write("b"), &context()).await.unwrap();
    assert_eq!(bench.store.load::<Note>(id).await.unwrap().sequence, 2);
}

#[tokio::test]
async fn what_postgres_cannot_store_is_refused_alone() {
    let bench = bench().await;
    let store = &bench.store;
    let one = |n: usize| async move {
        let text = if n == 20 { "\0".to_owned() } else { n.to_string() };
        store.create::<Note>(id(), write(text), &context()).await
    };
    let outcomes = join_all((0..52).map(one)).await;
    let errors: Vec<_> = outcomes.into_iter().filter_map(Result::err).collect();
    assert!(matches!(&errors[..], [ExecuteError::Storage(StorageError::Invalid(_))]), "{errors:?}");
    assert_eq!(bench.log().await.len(), 51);
}

#[tokio::test]
async fn an_id_of_a_month_that_has_no_partition_is_refused_alone() {
    let bench = bench().await;
    let old = Uuid::parse_str("01000000-0000-7000-8000-000000000000").unwrap();
    let context = context();
    let (refused, accepted) = tokio::join!(
        bench.store.create::<Note>(old, write("a"), &context),
        bench.store.create::<Note>(id(), write("b"), &context)
    );
    assert!(matches!(refused, Err(ExecuteError::Storage(StorageError::Invalid(_)))), "{refused:?}");
    accepted.unwrap();
}

#[tokio::test]
async fn two_appends_with_one_unique_key_in_a_batch_are_one_refusal() {
    let bench = bench().await;
    let store = &bench.store;
    let one = |n: usize| async move {
        let label = if n == 7 || n == 30 { "same".to_owned() } else { n.to_string() };
        store.create::<Pinned>(id(), write(label), &context()).await
    };
    let outcomes = join_all((0..52).map(one)).await;
    let errors: Vec<_> = outcomes.into_iter().filter_map(Result::err).collect();
    assert_eq!(errors, [ExecuteError::Storage(StorageError::Constraint { name: "sessions_label".to_owned() })]);
    let rows: i64 =
        sqlx::query_scalar("SELECT count(*) FROM sessions").fetch_one(&mut bench.at.owner().await).await.unwrap();
    assert_eq!((rows, bench.log().await.len()), (51, 51));
}

#[tokio::test]
async fn a_row_follows_its_aggregate_and_is_never_put_back() {
    let bench = bench().await;
    let id = id();
    bench.store.create::<Pinned>(id, write("first"), &context()).await.unwrap();
    bench.store.execute::<Pinned>(id, write("second"), &context()).await.unwrap();
    let mut owner = bench.at.owner().await;
    let row = "SELECT label, written, sequence FROM sessions";
    let now: (String, i32, i64) = sqlx::query_as(row).fetch_one(&mut owner).await.unwrap();
    assert_eq!(now, ("second".to_owned(), 2, 2));
    owner.execute("UPDATE sessions SET sequence = 99, label = 'newer'").await.unwrap();
    bench.store.execute::<Pinned>(id, write("third"), &context()).await.unwrap();
    let now: (String, i32, i64) = sqlx::query_as(row).fetch_one(&mut owner).await.unwrap();
    assert_eq!(now, ("newer".to_owned(), 2, 99));
}

#[tokio::test]
async fn commands_of_one_stream_queue_and_all_succeed() {
    let bench = bench().await;
    let id = id();
    let outcomes = join_all((0..40).map(|n| {
        let store = bench.store.clone();
        async move { store.execute::<Note>(id, write(n.to_string()), &context()).await }
    }));
    let mut sequences: Vec<_> = outcomes.await.into_iter().map(|outcome| outcome.unwrap().sequence).collect();
    sequences.sort_unstable();
    assert_eq!(sequences, (1..=40).collect::<Vec<_>>());
}

#[tokio::test]
async fn nodes_that_race_on_the_same_streams_lose_nothing() {
    let bench = bench().await;
    let other = super::support::open(&bench.database).await;
    let streams: Vec<_> = (0..4).map(|_| id()).collect();
    let tasks = (0..80).map(|n| {
        let store = if n % 2 == 0 { bench.store.clone() } else { other.clone() };
        let stream = streams[n % 4];
        tokio::spawn(async move {
            // A conflict is an honest answer to a race that was lost five times; here everybody insists.
            while let Err(error) = store.execute::<Note>(stream, write(n.to_string()), &context()).await {
                assert_eq!(error, ExecuteError::Conflict);
            }
        })
    });
    for task in join_all(tasks).await {
        task.unwrap();
    }
    for stream in streams {
        assert_eq!(bench.store.load::<Note>(stream).await.unwrap().sequence, 20);
    }
}

#[tokio::test]
async fn a_cancelled_request_cancels_nothing() {
    let bench = bench().await;
    let ids: Vec<_> = (0..30).map(|_| id()).collect();
    for id in &ids {
        let context = context();
        let command = bench.store.create::<Note>(*id, write("a"), &context);
        // Polled once, so that it is handed in, and dropped.
        tokio::time::timeout(Duration::ZERO, command).await.ok();
    }
    for _ in 0..100 {
        if bench.log().await.len() == ids.len() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("only {} of {} were recorded", bench.log().await.len(), ids.len());
}

#[tokio::test]
async fn several_events_of_a_command_go_in_together_and_the_last_position_is_told() {
    let bench = bench().await;
    let texts: Vec<_> = ["a", "b", "c"].map(str::to_owned).into();
    let command = Write { texts: texts.clone(), most: None };
    let committed = bench.store.create::<Note>(id(), command, &context()).await.unwrap();
    let log = bench.log().await;
    assert_eq!(committed.position, log.last().unwrap().0);
    assert_eq!((committed.sequence, committed.aggregate.texts), (3, texts));
}

#[tokio::test]
async fn a_command_with_nothing_to_change_records_nothing() {
    let bench = bench().await;
    let committed = bench.store.execute::<Note>(id(), Write::default(), &context()).await.unwrap();
    assert_eq!((committed.position, committed.sequence, bench.log().await.len()), (0, 0, 0));
}

#[tokio::test]
async fn a_restart_of_postgres_between_commands_is_not_noticed() {
    let bench = bench().await;
    let id = id();
    bench.store.create::<Note>(id, write("a"), &context()).await.unwrap();
    for n in 0..5 {
        bench.at.cut_connections().await;
        bench.store.execute::<Note>(id, write(n.to_string()), &context()).await.unwrap();
    }
    assert_eq!(bench.store.load::<Note>(id).await.unwrap().sequence, 6);
}
