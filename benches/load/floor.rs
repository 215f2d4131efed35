//! The floor of whatever writes: `INSERT` of one event, one commit each, by pgbench over the same cluster's socket. It goes to a
//! database of its own, with the same tables, where no server reads it.

use super::{
    census::Census,
    measure::Measured,
    plan::Plan,
    server::{Home, Server},
};
use argus::{config::Config, database::Database};
use hdrhistogram::Histogram;
use sqlx::{Executor, Row};
use std::{
    cell::Cell,
    fs,
    path::{Path, PathBuf},
    time::Duration,
};
use tokio::process::Command;

const DATABASE: &str = "floor";

/// Every client numbers its streams.
const SCRIPT: &str = r"
\set n :n + 1
\set id 100000000000 + :client_id * 1000000000 + :n
INSERT INTO events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata)
VALUES ('grant', :prefix || :id, 1, :event_type, '1', :payload, :metadata);
";

/// Planned as the server's own statements are.
const OPTIONS: &str = "-c plan_cache_mode=force_generic_plan -c jit=off";

/// A real event, to be written again and again.
pub(crate) struct Floor {
    directory: PathBuf,
    pgbench: PathBuf,
    socket_dir: PathBuf,
    id: String,
    event_type: String,
    payload: String,
    metadata: String,
    census: Census,
    run: Cell<u32>,
}

impl Floor {
    /// Makes the database, and takes the event from what a refresh has recorded.
    pub(crate) async fn make(home: &Home, server: &Server) -> Self {
        let (postmaster, socket_dir) = server.postmaster();
        let mut owner = server.owner("argus").await;
        owner.execute(format!("CREATE DATABASE {DATABASE}").as_str()).await.unwrap();
        migrate(&socket_dir).await;
        let sample = "SELECT aggregate_id, event_type, payload::text, metadata::text FROM events
            WHERE event_type = 'grant.tokens_refreshed' LIMIT 1";
        let row = sqlx::query(sample).fetch_one(&mut owner).await.unwrap();
        let (directory, census) = (home.directory("pgbench"), Census::of_database(server, DATABASE).await);
        fs::write(directory.join("insert.sql"), SCRIPT).unwrap();
        Self {
            directory,
            pgbench: fs::read_link(format!("/proc/{postmaster}/exe")).unwrap().with_file_name("pgbench"),
            socket_dir,
            id: row.get(0),
            event_type: row.get(1),
            payload: row.get(2),
            metadata: row.get(3),
            census,
            run: Cell::new(0),
        }
    }

    /// One round.
    pub(crate) async fn measure(&self, plan: &Plan) -> Measured {
        self.pgbench(plan, plan.warm.time.max(Duration::from_secs(1)), plan.warm.each).await;
        let before = self.census.take().await;
        let said = self.pgbench(plan, plan.run.time, plan.run.each).await;
        let cost = self.census.take().await.since(&before);
        let number = |before: &str, after: &str| -> f64 {
            let found = said.split_once(before).and_then(|(_, rest)| rest.split_once(after));
            found.and_then(|(number, _)| number.trim().parse().ok()).unwrap_or_else(|| panic!("pgbench said {said}"))
        };
        let rate = number("tps = ", " (without");
        let latency = self.latency();
        let done = cost.events.unsigned_abs();
        Measured::round(Duration::from_secs_f64(done as f64 / rate), latency, done, cost)
    }

    /// Runs pgbench and returns what it printed.
    async fn pgbench(&self, plan: &Plan, time: Duration, each: u32) -> String {
        for log in self.logs() {
            fs::remove_file(log).unwrap();
        }
        self.run.set(self.run.get() + 1);
        // Of the same month, thus in the same partition, and never the same twice.
        let prefix = format!("{}-7{:03x}-8000-", &self.id[..13], self.run.get());
        let mut command = Command::new(&self.pgbench);
        command.current_dir(&self.directory).env("PGOPTIONS", OPTIONS).arg("--host").arg(&self.socket_dir);
        command.args(["--username", "argus", "--no-vacuum", "--protocol", "prepared", "--file", "insert.sql"]);
        command.args(["--log", "--sampling-rate", "0.2", "--jobs", "2", "--client", &plan.connections.to_string()]);
        if each == u32::MAX {
            command.args(["--time", &time.as_secs().to_string()]);
        } else {
            command.args(["--transactions", &each.to_string()]);
        }
        for (name, value) in [
            ("n", "0"),
            ("prefix", &prefix),
            ("event_type", &self.event_type),
            ("payload", &self.payload),
            ("metadata", &self.metadata),
        ] {
            command.arg("--define").arg(format!("{name}={value}"));
        }
        let done = command.arg(DATABASE).kill_on_drop(true).output().await.unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8(done.stdout).unwrap()
    }

    fn logs(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(&self.directory).unwrap().map(|entry| entry.unwrap().path());
        entries.filter(|path| path.to_string_lossy().contains("pgbench_log")).collect()
    }

    /// Of a sample of the transactions: the third column of pgbench's log.
    fn latency(&self) -> Histogram<u64> {
        let mut latency = Histogram::new(3).unwrap();
        for log in self.logs() {
            for line in fs::read_to_string(log).unwrap().lines() {
                latency.record(line.split(' ').nth(2).unwrap().parse().unwrap()).unwrap();
            }
        }
        latency
    }
}

/// The server's own migrations.
async fn migrate(socket_dir: &Path) {
    let url = format!("postgres://argus@localhost/{DATABASE}?host={}&sslmode=disable", socket_dir.display());
    let config = Config::from_sources(&format!("database.url = '{url}'"), []).unwrap();
    Database::open(&config).await.unwrap().close().await;
}
