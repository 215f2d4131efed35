//! Loads streams: one statement for all that wait, begun after the last of them arrived, so each sees what was there when it
//! asked.

use super::{
    StorageError, StoredEvent,
    error::Fault,
    line::Line,
    queue::{Intake, Queue, queue},
    sql,
};
use sqlx::{
    PgConnection, Row,
    postgres::{PgConnectOptions, PgRow},
    types::Json,
};
use std::{collections::HashMap, time::Duration};

const CAPACITY: usize = 4096;
const MOST: usize = 256;
/// Loads are short; two lines keep one long stream from holding up all others.
const LOADERS: usize = 2;

/// How long a load waits for a server that is just restarting.
const PATIENCE: Duration = Duration::from_secs(1);

type Key = (&'static str, String);
type Answer = Result<Vec<StoredEvent>, Fault>;

/// Hands loads to the tasks that carry them out.
pub(super) struct Loader {
    queue: Queue<Key, Answer>,
}

impl Loader {
    /// Starts the tasks; they end when the loader is dropped.
    pub(super) fn start(options: &PgConnectOptions) -> Self {
        let (queue, intake) = queue(CAPACITY);
        for _ in 0..LOADERS {
            tokio::spawn(run(Line::new(options, "loader"), intake.clone()));
        }
        Self { queue }
    }

    /// All events of a stream; none when it does not exist.
    pub(super) async fn load(
        &self,
        aggregate_type: &'static str,
        id: String,
    ) -> Result<Vec<StoredEvent>, StorageError> {
        Ok(self.queue.ask((aggregate_type, id)).await??)
    }
}

async fn run(mut line: Line, intake: Intake<Key, Answer>) {
    while let Some(jobs) = intake.batch(MOST).await {
        let keys: Vec<_> = jobs.iter().map(|job| (job.work.0, job.work.1.as_str())).collect();
        let mut streams = line.run(async |connection| load(connection, &keys).await).await;
        if matches!(streams, Err(Fault::Lost(_))) && line.reconnected(Some(PATIENCE)).await.is_ok() {
            streams = line.run(async |connection| load(connection, &keys).await).await;
        }
        for (nth, job) in (1..).zip(jobs) {
            let answer = match &mut streams {
                Ok(streams) => Ok(streams.remove(&nth).unwrap_or_default()),
                Err(fault) => Err(fault.clone()),
            };
            job.answer.send(answer).ok();
        }
    }
    line.close().await;
}

/// The events of these streams, by the place (from 1) of the stream in `keys`.
pub(super) async fn load(
    connection: &mut PgConnection,
    keys: &[(&str, &str)],
) -> Result<HashMap<i64, Vec<StoredEvent>>, Fault> {
    let types: Vec<_> = keys.iter().map(|key| key.0).collect();
    let ids: Vec<_> = keys.iter().map(|key| key.1).collect();
    let rows = sqlx::query(sql::LOAD).bind(types).bind(ids).fetch_all(connection).await?;
    let mut streams: HashMap<i64, Vec<StoredEvent>> = HashMap::new();
    for row in rows {
        streams.entry(row.try_get("nth")?).or_default().push(stored(&row)?);
    }
    Ok(streams)
}

fn stored(row: &PgRow) -> Result<StoredEvent, sqlx::Error> {
    let Json(metadata) = row.try_get("metadata")?;
    Ok(StoredEvent {
        sequence: row.try_get("sequence")?,
        event_type: row.try_get("event_type")?,
        event_version: row.try_get("event_version")?,
        payload: row.try_get("payload")?,
        metadata,
    })
}
