//! One embedded Postgres for the whole test process, and in it a database of its own for each test.
//!
//! The cluster lives on a thread of its own, because every test has its own runtime. That thread also makes the databases,
//! one after the other, as copies of one that was migrated once. However the process ends, a watchdog stops the cluster and
//! removes its directory.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

use argus::{
    config::Config,
    database::{
        Connections, Database,
        embedded::{Embedded, Purpose},
    },
};
use sqlx::{ConnectOptions, PgConnection, postgres::PgConnectOptions};
use std::{
    fs,
    os::unix::{fs::PermissionsExt, process::CommandExt},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        LazyLock,
        atomic::{AtomicU32, Ordering},
        mpsc,
    },
    thread,
};

const TEMPLATE: &str = "migrated";

/// Waits until the test process is gone, which closes the pipe; then ends every cluster below the directory at once, also
/// those that a failed test left, and removes everything.
const WATCHDOG: &str = r#"
cat > /dev/null
running() { find "$0" -name postmaster.pid -path '*/data/*' -exec head -n 1 {} ';' 2> /dev/null; }
pids=$(running)
kill -QUIT $pids 2> /dev/null
tries=0
while [ -n "$(running)" ] && [ "$tries" -lt 30 ]; do sleep 0.1; tries=$((tries + 1)); done
rm -rf "$0"
"#;

static CLUSTER: LazyLock<Cluster> = LazyLock::new(Cluster::start);
static NEXT: AtomicU32 = AtomicU32::new(1);

struct Cluster {
    dir: PathBuf,
    server: PgConnectOptions,
    copies: mpsc::Sender<(String, mpsc::Sender<()>)>,
    /// Its standard input is the pipe; never dropped.
    _watchdog: Child,
}

/// A database of one test: migrated, empty.
pub(crate) struct TestDatabase {
    name: String,
    data_dir: PathBuf,
}

/// A fresh database; takes some ten milliseconds.
pub(crate) fn fresh() -> TestDatabase {
    let name = format!("test_{}", NEXT.fetch_add(1, Ordering::Relaxed));
    let data_dir = CLUSTER.dir.join(&name);
    fs::create_dir(&data_dir).unwrap();
    let (done, copied) = mpsc::channel();
    CLUSTER.copies.send((name.clone(), done)).expect("the cluster's thread runs");
    copied.recv().expect("the copy was made");
    TestDatabase { name, data_dir }
}

/// A new directory that lives as long as the test process; every account may pass through.
pub(crate) fn scratch() -> PathBuf {
    let dir = CLUSTER.dir.join(format!("scratch_{}", NEXT.fetch_add(1, Ordering::Relaxed)));
    fs::create_dir(&dir).unwrap();
    dir
}

/// Where the cluster's socket is.
pub(crate) fn socket_dir() -> &'static Path {
    CLUSTER.server.get_socket().expect("an embedded server has a socket")
}

impl TestDatabase {
    /// Settings that point to it; change what the test is about. Its data directory is this test's own.
    pub(crate) fn config(&self) -> Config {
        self.config_through(socket_dir())
    }

    /// The same by way of another socket directory, such as that of a [`Wire`](super::wire::Wire).
    pub(crate) fn config_through(&self, socket_dir: &Path) -> Config {
        config_of(socket_dir, &self.name, &self.data_dir)
    }

    /// Opened as a command would.
    pub(crate) async fn database(&self) -> Database {
        Database::open(&self.config()).await.expect("the test database opens")
    }

    /// A copy of it, which nobody may be connected to. Whoever is, is cut off.
    pub(crate) async fn copy(&self) -> Self {
        self.cut_connections().await;
        let name = format!("test_{}", NEXT.fetch_add(1, Ordering::Relaxed));
        let mut admin = CLUSTER.server.clone().database("postgres").connect().await.unwrap();
        copy(&mut admin, &name, &self.name).await;
        Self { name, data_dir: self.data_dir.clone() }
    }

    /// Connections that may do everything.
    pub(crate) fn connections(&self) -> Connections {
        Connections::new(CLUSTER.server.clone().database(&self.name), 4)
    }

    /// A connection that may do everything.
    pub(crate) async fn owner(&self) -> PgConnection {
        CLUSTER.server.clone().database(&self.name).connect().await.unwrap()
    }

    /// Takes all connections away, as a restart of the server would, and returns how many there were.
    pub(crate) async fn cut_connections(&self) -> i64 {
        let mut owner = CLUSTER.server.clone().database("postgres").connect().await.unwrap();
        sqlx::query_scalar("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = $1")
            .bind(&self.name)
            .fetch_one(&mut owner)
            .await
            .unwrap()
    }
}

impl Cluster {
    fn start() -> Self {
        let dir = tempfile::Builder::new().prefix("argus-it-").tempdir().unwrap().keep();
        // As root, the account that Postgres runs as has to pass through.
        fs::set_permissions(&dir, fs::Permissions::from_mode(0o755)).unwrap();
        let watchdog = watch(&dir);
        let (copies, requests) = mpsc::channel();
        let (ready, started) = mpsc::channel();
        let home = dir.clone();
        thread::spawn(move || run(&home, &ready, &requests));
        let server = started.recv().expect("the cluster starts");
        Self { dir, server, copies, _watchdog: watchdog }
    }
}

fn watch(dir: &Path) -> Child {
    Command::new("sh")
        .arg("-c")
        .arg(WATCHDOG)
        .arg(dir)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0) // Ctrl-C must reach the tests only
        .spawn()
        .unwrap()
}

/// The cluster's thread. Two workers: one waits for requests while the other supervises the server.
fn run(dir: &Path, ready: &mpsc::Sender<PgConnectOptions>, requests: &mpsc::Receiver<(String, mpsc::Sender<()>)>) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    runtime.block_on(async {
        let settings = "database.max_connections = 300\ndatabase.shared_buffers = '64MB'";
        let mut config = Config::from_sources(settings, []).unwrap();
        config.data_dir = dir.to_owned();
        let embedded = Embedded::open(&config, Purpose::Server).await.unwrap();
        let server = embedded.options();
        let mut admin = server.clone().database("postgres").connect().await.unwrap();
        make_template(&server, &mut admin, dir).await;
        ready.send(server).unwrap();
        while let Ok((name, done)) = requests.recv() {
            copy(&mut admin, &name, TEMPLATE).await;
            done.send(()).unwrap();
        }
    });
}

async fn make_template(server: &PgConnectOptions, admin: &mut PgConnection, dir: &Path) {
    copy(admin, TEMPLATE, "template1").await;
    let database =
        Database::open(&config_of(server.get_socket().unwrap(), TEMPLATE, dir)).await.expect("migrations run");
    database.close().await;
}

async fn copy(admin: &mut PgConnection, name: &str, template: &str) {
    sqlx::query(&format!("CREATE DATABASE {name} TEMPLATE {template}")).execute(admin).await.unwrap();
}

fn config_of(socket_dir: &Path, database: &str, data_dir: &Path) -> Config {
    let text = format!(
        "data_dir = '{}'\ndatabase.connections = 8\n\
         database.url = 'postgres://argus@localhost/{database}?host={}&sslmode=disable'",
        data_dir.display(),
        socket_dir.display(),
    );
    Config::from_sources(&text, []).unwrap()
}
