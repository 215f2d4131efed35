//! `argus serve` as a process of its own: where it lives, when it is ready, how much memory it takes.

use super::http::{Connection, get};
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use sqlx::{ConnectOptions, PgConnection, postgres::PgConnectOptions, postgres::PgSslMode};
use std::{
    env,
    fs::{self, File, Permissions},
    net::{Ipv4Addr, SocketAddr, TcpListener},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};
use tempfile::TempDir;
use tokio::{task::spawn_blocking, time::sleep};

/// The program that is measured.
const ARGUS: &str = env!("CARGO_BIN_EXE_argus");
const READY_WITHIN: Duration = Duration::from_secs(60);
/// After its start a server has done what it does at a start.
const SETTLED: Duration = Duration::from_secs(2);

/// A directory that is removed at the end.
pub(crate) struct Home(TempDir);

impl Home {
    pub(crate) fn make() -> Self {
        let dir = tempfile::Builder::new().prefix("argus-load-").tempdir().unwrap();
        // As root, the account that Postgres runs as has to pass through.
        fs::set_permissions(dir.path(), Permissions::from_mode(0o755)).unwrap();
        Self(dir)
    }

    /// Those of a server with a Postgres of its own: the defaults, except for where.
    pub(crate) fn settings(&self) -> Settings {
        Settings::write(self.0.path(), "server", "")
    }

    /// Those of a second server on the Postgres of the first, reached through another socket.
    pub(crate) fn settings_through(&self, socket_dir: &Path) -> Settings {
        let more = format!(
            "keys.master_key_file = '{}'\ndatabase.url = 'postgres://argus@localhost/argus?host={}&sslmode=disable'\n",
            self.0.path().join("server/master.key").display(),
            socket_dir.display(),
        );
        Settings::write(self.0.path(), "through", &more)
    }

    /// For a socket.
    pub(crate) fn directory(&self, name: &str) -> PathBuf {
        let dir = self.0.path().join(name);
        fs::create_dir(&dir).unwrap();
        dir
    }
}

/// A settings file, and what is in it.
pub(crate) struct Settings {
    file: PathBuf,
    log: PathBuf,
    data_dir: PathBuf,
    address: SocketAddr,
}

impl Settings {
    fn write(home: &Path, name: &str, more: &str) -> Self {
        let address = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap();
        let data_dir = home.join(name);
        let text = format!("listen = '{address}'\ndata_dir = '{}'\n{more}", data_dir.display());
        let (file, log) = (home.join(format!("{name}.toml")), home.join(format!("{name}.log")));
        fs::write(&file, text).unwrap();
        Self { file, log, data_dir, address }
    }

    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(ARGUS);
        command.arg("--config").arg(&self.file).stdin(Stdio::null());
        command
    }

    /// Runs an administrator's command beside the server, and returns what it printed.
    pub(crate) fn administer(&self, arguments: &[&str], variables: &[(&str, &str)]) -> String {
        let done = self.command().args(arguments).envs(variables.iter().copied()).output().unwrap();
        assert!(done.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8(done.stdout).unwrap().trim().to_owned()
    }
}

/// A running server; stopped when dropped.
pub(crate) struct Server {
    child: Child,
    pub(crate) settings: Settings,
    pub(crate) address: SocketAddr,
    /// From its start to the first 200 of `/ready`.
    pub(crate) ready_after: Duration,
}

impl Server {
    pub(crate) async fn start(settings: Settings) -> Self {
        let log = File::options().create(true).append(true).open(&settings.log).unwrap();
        let began = Instant::now();
        let child = settings.command().arg("serve").stdout(Stdio::null()).stderr(log).spawn().unwrap();
        let mut server = Self { child, address: settings.address, settings, ready_after: Duration::ZERO };
        while !is_ready(server.address).await {
            let log = || fs::read_to_string(&server.settings.log).unwrap();
            assert!(server.child.try_wait().unwrap().is_none(), "the server ended: {}", log());
            assert!(began.elapsed() < READY_WITHIN, "the server does not become ready: {}", log());
            sleep(Duration::from_millis(1)).await;
        }
        server.ready_after = began.elapsed();
        server
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Process id and socket directory of its Postgres.
    pub(crate) fn postmaster(&self) -> (u32, PathBuf) {
        let file = fs::read_to_string(self.settings.data_dir.join("postgres/data/postmaster.pid")).unwrap();
        let lines: Vec<&str> = file.lines().collect();
        (lines[0].parse().unwrap(), PathBuf::from(lines[4]))
    }

    /// A connection to its Postgres that may do everything.
    pub(crate) async fn owner(&self, database: &str) -> PgConnection {
        let (_, socket_dir) = self.postmaster();
        let options = PgConnectOptions::new_without_pgpass().ssl_mode(PgSslMode::Disable).socket(socket_dir);
        options.username("argus").database(database).connect().await.unwrap()
    }

    /// Its proportional set size in bytes; its Postgres is another process.
    pub(crate) fn memory(&self) -> u64 {
        let rollup = fs::read_to_string(format!("/proc/{}/smaps_rollup", self.pid())).unwrap();
        let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:")).unwrap();
        line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024
    }

    /// Tells it to stop, and waits.
    pub(crate) async fn stop(self) {
        spawn_blocking(|| drop(self)).await.unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        kill(Pid::from_raw(self.child.id().try_into().unwrap()), Signal::SIGTERM).ok();
        self.child.wait().ok();
    }
}

async fn is_ready(address: SocketAddr) -> bool {
    let Ok(mut connection) = Connection::open(address).await else { return false };
    connection.ask(&get("/ready", "")).await.is_ok_and(|answer| answer.status == 200)
}

/// What a start on an existing database takes, and an idle server.
pub(crate) struct Starts {
    /// Each from the start of the process to the first 200 of `/ready`, its Postgres included.
    pub(crate) ready_after: Vec<Duration>,
    /// Bytes, of the last of them.
    pub(crate) idle_memory: u64,
    /// Bytes on disk.
    pub(crate) binary: u64,
}

/// Starts it again and again.
pub(crate) async fn starts(home: &Home, times: usize) -> Starts {
    let (mut ready_after, mut idle_memory) = (Vec::new(), 0);
    for _ in 0..times {
        let server = Server::start(home.settings()).await;
        ready_after.push(server.ready_after);
        sleep(SETTLED).await;
        idle_memory = server.memory();
        server.stop().await;
    }
    Starts { ready_after, idle_memory, binary: fs::metadata(ARGUS).unwrap().len() }
}
