//! Stock cqrs-es and postgres-es on the same table.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use super::support::{Bench, Note, bench, context, id, write};
use cqrs_es::{CqrsFramework, EventStore as _, persist::PersistedEventStore};
use postgres_es::{PostgresEventRepository, default_postgress_pool};
use std::collections::HashMap;

async fn stock(bench: &Bench) -> PersistedEventStore<PostgresEventRepository, Note> {
    let socket = crate::support::postgres::socket_dir().display().to_string();
    let options = bench.database.owner_options();
    let name = options.get_database().unwrap();
    let user = options.get_username();
    let pool =
        default_postgress_pool(&format!("postgres://{user}@localhost/{name}?host={socket}&sslmode=disable")).await;
    PersistedEventStore::new_event_store(PostgresEventRepository::new(pool))
}

#[tokio::test]
async fn stock_postgres_es_reads_what_we_wrote_and_we_what_it_wrote() {
    let bench = bench().await;
    let id = id();
    bench.store.create::<Note>(id, write("ours"), &context()).await.unwrap();
    let framework = CqrsFramework::new(stock(&bench).await, vec![], ());
    framework.execute(&id.to_string(), write("theirs")).await.unwrap();
    bench.store.execute::<Note>(id, write("ours again"), &context()).await.unwrap();
    let theirs = stock(&bench).await.load_aggregate(&id.to_string()).await.unwrap().aggregate;
    assert_eq!(theirs.texts, ["ours", "theirs", "ours again"]);
    assert_eq!(bench.store.load::<Note>(id).await.unwrap().aggregate, theirs);
}

#[tokio::test]
async fn cqrs_es_drives_our_store_as_its_own() {
    let bench = bench().await;
    let id = id().to_string();
    let framework = CqrsFramework::new(bench.store.view::<Note>(), vec![], ());
    let metadata = HashMap::from([("actor".to_owned(), "system:test".to_owned())]);
    framework.execute(&id, write("one")).await.unwrap();
    framework.execute_with_metadata(&id, write("two"), metadata).await.unwrap();
    let events = bench.store.view::<Note>().load_events(&id).await.unwrap();
    assert_eq!(events.iter().map(|event| event.sequence).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(events[1].metadata["actor"], "system:test");
    assert!(events[1].metadata.contains_key("command_id"));
}
