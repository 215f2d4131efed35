//! Following to another system: every event at least once, in order, whatever it refuses and whoever delivers.

#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

use super::support::{Bench, Note, bench, context, id, open, write};
use argus::event_store::follow::{Sink, Undelivered, forget_sink, retry_sink, sink_names, sink_standing};
use projections::Recorded;
use serde_json::json;
use sqlx::{Executor, PgConnection};
use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::time::sleep;

/// Takes three events at a time, and refuses every other delivery. What it was told is shared by its instances.
#[derive(Clone, Default)]
struct Moody {
    told: Arc<Mutex<Vec<i64>>>,
    deliveries: usize,
}

impl Sink for Moody {
    fn name(&self) -> &'static str {
        "moody"
    }

    fn wants(&self, event: &Recorded) -> bool {
        event.payload != json!({"written": {"text": "dull"}})
    }

    async fn deliver(&mut self, events: &[Recorded]) -> Result<usize, Undelivered> {
        assert!(!events.is_empty());
        self.deliveries += 1;
        let count = events.len().min(3);
        self.told.lock().unwrap().extend(events.iter().take(count).map(|event| event.position));
        if self.deliveries % 2 == 1 {
            return Err(Undelivered::ForNow("not in the mood".to_owned()));
        }
        Ok(count)
    }
}

/// Refuses for good until it is told otherwise.
struct Closed(Arc<Mutex<Option<usize>>>);

impl Sink for Closed {
    fn name(&self) -> &'static str {
        "closed"
    }

    fn wants(&self, _: &Recorded) -> bool {
        true
    }

    async fn deliver(&mut self, events: &[Recorded]) -> Result<usize, Undelivered> {
        match self.0.lock().unwrap().as_mut() {
            Some(told) => {
                *told += events.len();
                Ok(events.len())
            }
            None => Err(Undelivered::ForGood("closed".to_owned())),
        }
    }
}

/// Fails once, and meanwhile another instance gets past everything: its statement waits for the cursor and is next.
struct Overtaken {
    other: Option<PgConnection>,
    deliveries: Arc<Mutex<usize>>,
}

impl Sink for Overtaken {
    fn name(&self) -> &'static str {
        "overtaken"
    }

    fn wants(&self, _: &Recorded) -> bool {
        true
    }

    async fn deliver(&mut self, events: &[Recorded]) -> Result<usize, Undelivered> {
        *self.deliveries.lock().unwrap() += 1;
        let Some(mut other) = self.other.take() else { return Ok(events.len()) };
        let past = "UPDATE cursors SET position = (SELECT max(position) FROM events) WHERE name = 'sink:overtaken'";
        tokio::spawn(async move { other.execute(past).await.unwrap() });
        sleep(Duration::from_millis(300)).await;
        Err(Undelivered::ForNow("somebody else does it".to_owned()))
    }
}

async fn status(bench: &Bench, sink: &str) -> (String, i64) {
    let standing = sink_standing(&mut bench.at.owner().await, sink, &[]).await.unwrap().unwrap();
    (standing.status, standing.behind)
}

async fn until(bench: &Bench, sink: &str, expected: (&str, i64)) {
    for _ in 0..1000 {
        let (status, behind) = status(bench, sink).await;
        if (status.as_str(), behind) == expected {
            return;
        }
        sleep(Duration::from_millis(20)).await;
    }
    panic!("{sink} is {:?}, not {expected:?}", status(bench, sink).await)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_moody_sink_on_two_instances_is_told_everything_in_order() {
    let bench = bench().await;
    let other = open(&bench.database).await;
    let sink = Moody::default();
    let _followers =
        [bench.store.follow_to(vec![sink.clone()]).await.unwrap(), other.follow_to(vec![sink.clone()]).await.unwrap()];
    let mut wanted = Vec::new();
    for n in 0..40 {
        let store = if n % 2 == 0 { &bench.store } else { &other };
        wanted.push(store.create::<Note>(id(), write("lively"), &context()).await.unwrap().position);
        store.create::<Note>(id(), write("dull"), &context()).await.unwrap();
    }
    until(&bench, "moody", ("live", 0)).await;
    let told = sink.told.lock().unwrap().clone();
    assert!(told.len() > wanted.len(), "without repetitions this proves nothing");
    let mut first = told.clone();
    let mut seen = BTreeSet::new();
    first.retain(|position| seen.insert(*position));
    assert_eq!(first, wanted);
}

#[tokio::test]
async fn a_sink_that_refuses_for_good_waits_for_an_operator() {
    let bench = bench().await;
    let open = Arc::new(Mutex::new(None));
    let _followers = bench.store.follow_to(vec![Closed(Arc::clone(&open))]).await.unwrap();
    bench.store.create::<Note>(id(), write("a"), &context()).await.unwrap();
    until(&bench, "closed", ("stopped", 1)).await;
    *open.lock().unwrap() = Some(0);
    sleep(Duration::from_millis(1500)).await;
    assert_eq!(*open.lock().unwrap(), Some(0), "nobody has let it go on");
    let mut owner = bench.at.owner().await;
    assert!(!retry_sink(&mut owner, "unknown").await.unwrap());
    assert!(retry_sink(&mut owner, "closed").await.unwrap());
    until(&bench, "closed", ("live", 0)).await;
    assert_eq!(*open.lock().unwrap(), Some(1));
}

#[tokio::test]
async fn who_fails_where_another_got_past_does_not_say_that_the_sink_fails() {
    let bench = bench().await;
    let deliveries = Arc::new(Mutex::new(0));
    bench.store.create::<Note>(id(), write("a"), &context()).await.unwrap();
    let sink = Overtaken { other: Some(bench.at.owner().await), deliveries: Arc::clone(&deliveries) };
    let _followers = bench.store.follow_to(vec![sink]).await.unwrap();
    until(&bench, "overtaken", ("live", 0)).await;
    sleep(Duration::from_millis(500)).await;
    assert_eq!((status(&bench, "overtaken").await, *deliveries.lock().unwrap()), (("live".to_owned(), 0), 1));
}

#[tokio::test]
async fn a_sink_that_is_forgotten_leaves_nothing_behind() {
    let bench = bench().await;
    drop(bench.store.follow_to(vec![Moody::default()]).await.unwrap());
    let mut owner = bench.at.owner().await;
    assert_eq!(sink_names(&mut owner).await.unwrap(), ["moody"]);
    assert!(forget_sink(&mut owner, "moody").await.unwrap());
    assert!(!forget_sink(&mut owner, "moody").await.unwrap());
    assert!(sink_names(&mut owner).await.unwrap().is_empty());
}
