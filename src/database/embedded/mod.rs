//! A private Postgres cluster, run by this program from an installed Postgres; nothing is ever downloaded.
//!
//! It listens on a Unix socket only and knows its users by their operating system account, so there is no password and no
//! port. Run by root it switches to an account of its own. A server that a killed parent left is adopted, one that died is
//! started again, and a command beside a running server joins that server's cluster.

mod account;
mod binaries;
mod initdb;
mod lock;
mod log_file;
mod pidfile;
mod places;
mod process;
mod server;
mod start;
mod supervise;

use super::{DatabaseError, options};
use crate::config::Config;
use account::Account;
use lock::{Attempt, Lock};
use places::Places;
use sqlx::{ConnectOptions, Connection, PgConnection, postgres::PgConnectOptions, postgres::PgSslMode};
use std::{path::PathBuf, time::Duration};
use supervise::Supervisor;
use tokio::time::{Instant, sleep};

/// Names the socket file only: no TCP port is opened.
const PORT: u16 = 5432;
/// The cluster's superuser, and the database in it.
const NAME: &str = "argus";
/// Between two looks at something that another process is doing.
const PAUSE: Duration = Duration::from_millis(20);

/// Who wants the cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// A server, which stays and which commands may join.
    Server,
    /// A command, which ends soon; others wait for that.
    Command,
}

/// A running cluster, of this process or joined.
pub struct Embedded {
    socket_dir: PathBuf,
    /// `None`: another process runs the cluster.
    supervisor: Option<Supervisor>,
}

impl Embedded {
    /// Starts, adopts or joins the cluster in `postgres` of the data directory.
    ///
    /// # Errors
    /// No Postgres, no account, a directory that cannot be used, another server, or a Postgres that does not start.
    pub async fn open(config: &Config, purpose: Purpose) -> Result<Self, DatabaseError> {
        let root = config.data_dir.join("postgres");
        let account = Account::choose(&root, config.database.run_as.as_deref())?;
        let places = Places::make(&root, account)?;
        let patience = Duration::from_secs(config.database.start_timeout.0.unsigned_abs());
        match claim(&places, account, purpose, Instant::now() + patience).await? {
            Claim::Joined(socket_dir) => Ok(Self { socket_dir, supervisor: None }),
            Claim::Ours(lock) => Self::run(config, places, account, lock).await,
        }
    }

    async fn run(config: &Config, places: Places, account: Account, lock: Lock) -> Result<Self, DatabaseError> {
        let cluster = start::Cluster::new(config, places, account)?;
        cluster.initialise().await?;
        let server = cluster.start_or_adopt().await?;
        let socket_dir = cluster.places.run.clone();
        let embedded = Self { socket_dir, supervisor: Some(Supervisor::watch(cluster, server, lock)) };
        match ensure_database(&embedded.options()).await {
            Ok(()) => Ok(embedded),
            Err(error) => {
                embedded.stop().await;
                Err(error)
            }
        }
    }

    /// How the cluster's superuser connects.
    #[must_use]
    pub fn options(&self) -> PgConnectOptions {
        // A password file or a wish for TLS is about other servers.
        PgConnectOptions::new_without_pgpass()
            .ssl_mode(PgSslMode::Disable)
            .socket(&self.socket_dir)
            .port(PORT)
            .username(NAME)
            .database(NAME)
    }

    /// Stops the server and waits for it, if this process runs it. Close connections first: a fast shutdown breaks them.
    pub async fn stop(&self) {
        if let Some(supervisor) = &self.supervisor {
            supervisor.stop().await;
        }
    }
}

enum Claim {
    Ours(Lock),
    Joined(PathBuf),
}

/// Takes the lock, or joins its holder if that is a server and this is a command. A command that holds it is waited for.
async fn claim(places: &Places, account: Account, purpose: Purpose, deadline: Instant) -> Result<Claim, DatabaseError> {
    loop {
        let holder = match lock::attempt(&places.root, account, purpose)? {
            Attempt::Taken(lock) => return Ok(Claim::Ours(lock)),
            Attempt::Held(holder) => holder,
        };
        let serving = holder.purpose == Some(Purpose::Server);
        if serving && purpose == Purpose::Command {
            // Not ready yet: the holder is still starting it.
            if let Some(socket_dir) = pidfile::ready_socket(&places.data)? {
                return Ok(Claim::Joined(socket_dir));
            }
        }
        if (serving && purpose == Purpose::Server) || Instant::now() > deadline {
            return Err(DatabaseError::InUse { directory: places.root.clone(), pid: holder.pid });
        }
        sleep(PAUSE).await;
    }
}

async fn ensure_database(server: &PgConnectOptions) -> Result<(), DatabaseError> {
    let admin = options::owner(server).database("postgres");
    let mut connection: PgConnection = admin.connect().await.map_err(DatabaseError::Unreachable)?;
    let there: Option<i32> = sqlx::query_scalar("SELECT 1 FROM pg_database WHERE datname = $1")
        .bind(NAME)
        .fetch_optional(&mut connection)
        .await?;
    if there.is_none() {
        sqlx::query("CREATE DATABASE argus").execute(&mut connection).await?;
    }
    connection.close().await?;
    Ok(())
}
