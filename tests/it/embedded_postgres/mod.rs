//! The embedded Postgres: first start, restart, crashes, and who may use it.

#![expect(clippy::unwrap_used, reason = "tests")]

mod crashes;
mod life;
mod process;
mod refusals;
mod sharing;

use crate::support::postgres::scratch;
use argus::{
    config::Config,
    database::{
        DatabaseError,
        embedded::{Embedded, Purpose},
    },
};
use sqlx::{ConnectOptions, PgConnection};
use std::{
    fs,
    ops::{Deref, DerefMut},
    path::{Path, PathBuf},
    process::Command,
    sync::{LazyLock, Mutex},
    thread,
};

/// The data directory of a cluster that was started and stopped once, holding a table `kept`. Copying it is faster than
/// initdb, and using a copy again is faster still.
static ORIGINAL: LazyLock<PathBuf> = LazyLock::new(|| {
    let dir = scratch();
    let config = config(&dir);
    let make = move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let embedded = Embedded::open(&config, Purpose::Server).await.unwrap();
            let mut connection = embedded.options().connect().await.unwrap();
            sqlx::query("CREATE TABLE kept AS SELECT 1 AS value").execute(&mut connection).await.unwrap();
            drop(connection);
            embedded.stop().await;
        });
    };
    thread::spawn(make).join().unwrap();
    dir
});

/// Settings with this data directory, small enough to run many.
fn config(data_dir: &Path) -> Config {
    let text = "database.connections = 4\ndatabase.max_connections = 20\ndatabase.shared_buffers = '16MB'";
    let mut config = Config::from_sources(text, []).ok().unwrap();
    config.data_dir = data_dir.to_owned();
    config
}

/// Settings with a used cluster that no other test has at the moment.
struct Used(Config);

static FREE: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

fn used() -> Used {
    let free = FREE.lock().unwrap().pop();
    Used(config(&free.unwrap_or_else(|| copy(&scratch()))))
}

impl Deref for Used {
    type Target = Config;

    fn deref(&self) -> &Config {
        &self.0
    }
}

impl DerefMut for Used {
    fn deref_mut(&mut self) -> &mut Config {
        &mut self.0
    }
}

impl Drop for Used {
    fn drop(&mut self) {
        if !thread::panicking() {
            FREE.lock().unwrap().push(self.0.data_dir.clone());
        }
    }
}

fn copy(to: &Path) -> PathBuf {
    let done = Command::new("cp").arg("-a").arg(ORIGINAL.join("postgres")).arg(to).status().unwrap();
    assert!(done.success());
    to.to_owned()
}

fn data(config: &Config) -> PathBuf {
    config.data_dir.join("postgres/data")
}

fn postmaster(config: &Config) -> i32 {
    let text = fs::read_to_string(data(config).join("postmaster.pid")).unwrap();
    text.lines().next().unwrap().parse().unwrap()
}

async fn connect(embedded: &Embedded) -> PgConnection {
    embedded.options().connect().await.unwrap()
}

async fn kept(embedded: &Embedded) -> i32 {
    sqlx::query_scalar("SELECT value FROM kept").fetch_one(&mut connect(embedded).await).await.unwrap()
}

async fn setting(embedded: &Embedded, name: &str) -> String {
    let mut connection = connect(embedded).await;
    sqlx::query_scalar("SELECT current_setting($1)").bind(name).fetch_one(&mut connection).await.unwrap()
}

/// Why the cluster does not open.
async fn refusal(config: &Config, purpose: Purpose) -> DatabaseError {
    match Embedded::open(config, purpose).await {
        Err(error) => error,
        Ok(embedded) => {
            embedded.stop().await;
            DatabaseError::Embedded("it opened".to_owned())
        }
    }
}
