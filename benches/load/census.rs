//! What is there before and after: events, bytes, and the processor time of everybody who shares the machine.

use super::server::Server;
use sqlx::{PgConnection, Row};
use std::{
    fs,
    time::{Duration, Instant},
};
use tokio::{sync::Mutex, time::sleep};

/// Of the kernel, in which processor time is counted: always 100 on Linux.
const TICKS_A_SECOND: f64 = 100.0;
/// The audit trail and the evidence follow the log; their bytes belong to the operations that they follow.
const FOLLOWED_WITHIN: Duration = Duration::from_secs(30);

/// Who is counted.
pub(crate) struct Census {
    server: u32,
    postmaster: Option<(u32, Mutex<PgConnection>)>,
}

/// What was counted. Times are in seconds.
#[derive(Debug, Clone, Default)]
pub(crate) struct Cost {
    pub(crate) events: i64,
    pub(crate) bytes: i64,
    pub(crate) wal: i64,
    pub(crate) server: f64,
    pub(crate) postgres: f64,
    pub(crate) generator: f64,
}

impl Census {
    /// A server and one of the databases of its Postgres.
    pub(crate) async fn of_database(server: &Server, database: &str) -> Self {
        let postmaster = (server.postmaster().0, Mutex::new(server.owner(database).await));
        Self { server: server.pid(), postmaster: Some(postmaster) }
    }

    /// A process without a database.
    pub(crate) const fn of_process(pid: u32) -> Self {
        Self { server: pid, postmaster: None }
    }

    /// Counts; a server's followers have caught up by then.
    pub(crate) async fn take(&self) -> Cost {
        let mut cost = match &self.postmaster {
            Some((_, owner)) => stored(&mut *owner.lock().await).await,
            None => Cost::default(),
        };
        cost.server = times(self.server).iter().take(2).sum();
        cost.postgres = self.postmaster.as_ref().map_or(0.0, |(pid, _)| of_family(*pid));
        cost.generator = times(std::process::id()).iter().sum();
        cost
    }
}

impl Cost {
    pub(crate) fn since(mut self, before: &Self) -> Self {
        self.events -= before.events;
        self.bytes -= before.bytes;
        self.wal -= before.wal;
        self.server -= before.server;
        self.postgres -= before.postgres;
        self.generator -= before.generator;
        self
    }

    pub(crate) fn add(&mut self, other: &Self) {
        self.events += other.events;
        self.bytes += other.bytes;
        self.wal += other.wal;
        self.server += other.server;
        self.postgres += other.postgres;
        self.generator += other.generator;
    }
}

async fn stored(owner: &mut PgConnection) -> Cost {
    let began = Instant::now();
    let behind = "SELECT EXISTS (SELECT FROM cursors WHERE name IN ('audit', 'evidence')
        AND position < (SELECT coalesce(max(position), 0) FROM events))";
    while sqlx::query_scalar(behind).fetch_one(&mut *owner).await.unwrap() {
        assert!(began.elapsed() < FOLLOWED_WITHIN, "the followers do not catch up");
        sleep(Duration::from_millis(20)).await;
    }
    let sizes = "SELECT (SELECT count(*) FROM events), pg_database_size(current_database()),
        (pg_current_wal_insert_lsn() - '0/0')::bigint";
    let row = sqlx::query(sizes).fetch_one(owner).await.unwrap();
    Cost { events: row.get(0), bytes: row.get(1), wal: row.get(2), ..Cost::default() }
}

/// Processor time of a process in user and kernel mode, and the same of its children that have ended.
fn times(pid: u32) -> [f64; 4] {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let fields = stat.rsplit_once(") ").map(|(_, fields)| fields.split(' ').collect::<Vec<_>>()).unwrap_or_default();
    std::array::from_fn(|n| {
        fields.get(11 + n).and_then(|ticks| ticks.parse::<f64>().ok()).unwrap_or(0.0) / TICKS_A_SECOND
    })
}

/// Of a process with all its children, those that have ended too.
fn of_family(pid: u32) -> f64 {
    let parent = |stat: &str| stat.rsplit_once(") ")?.1.split(' ').nth(1)?.parse::<u32>().ok();
    let children = fs::read_dir("/proc").unwrap().flatten().filter_map(|entry| {
        let child: u32 = entry.file_name().to_str()?.parse().ok()?;
        let stat = fs::read_to_string(entry.path().join("stat")).ok()?;
        (parent(&stat)? == pid).then_some(child)
    });
    times(pid).iter().sum::<f64>() + children.map(|child| times(child).iter().take(2).sum::<f64>()).sum::<f64>()
}
