//! Starts the server of a cluster, or adopts the one that runs.

use super::{PAUSE, PORT, account::Account, binaries, log_file, pidfile, places::Places, process, server::Server};
use crate::{
    config::{Config, DatabaseConfig},
    database::{DatabaseError, error::At},
};
use nix::sys::signal::{Signal, kill};
use pidfile::PidFile;
use std::{fs, path::PathBuf, process::Stdio, time::Duration};
use tokio::{
    process::Command,
    time::{Instant, sleep},
};

/// After a crash Postgres flushes the whole data directory: one syncfs instead of a thousand fsyncs.
const FLUSH: &str = if cfg!(target_os = "linux") { "syncfs" } else { "fsync" };

/// A cluster, and how to run it.
pub(super) struct Cluster {
    pub(super) places: Places,
    pub(super) account: Account,
    bin: PathBuf,
    settings: DatabaseConfig,
}

impl Cluster {
    pub(super) fn new(config: &Config, places: Places, account: Account) -> Result<Self, DatabaseError> {
        let settings = config.database.clone();
        let bin = binaries::find(settings.bin_dir.as_deref(), &places.data)?;
        Ok(Self { places, account, bin, settings })
    }

    pub(super) fn stop_timeout(&self) -> Duration {
        Duration::from_secs(self.settings.stop_timeout.0.unsigned_abs())
    }

    /// A program of this Postgres, as the account, with nothing of the caller: its PGDATA or PGOPTIONS must not leak in,
    /// its directory may be closed to the account, and Ctrl-C in its terminal is for this program only.
    pub(super) fn command(&self, program: &str) -> Command {
        let mut command = Command::new(self.bin.join(program));
        command
            .env_clear()
            .envs([("PATH", "/usr/bin:/bin"), ("LC_ALL", "C"), ("TZ", "UTC")])
            .current_dir(&self.places.root)
            .stdin(Stdio::null())
            .process_group(0);
        if self.account.switch {
            // The standard library also drops root's supplementary groups then.
            command.uid(self.account.uid.as_raw()).gid(self.account.gid.as_raw());
        }
        command
    }

    pub(super) async fn start_or_adopt(&self) -> Result<Server, DatabaseError> {
        let deadline = Instant::now() + Duration::from_secs(self.settings.start_timeout.0.unsigned_abs());
        loop {
            let found = pidfile::read(&self.places.data)?;
            let running = found.as_ref().and_then(|file| file.pid).filter(|pid| self.is_postmaster(*pid));
            match (running, found) {
                (Some(pid), Some(file)) if file.socket_dir == self.places.run && file.ready => {
                    tracing::info!(pid = pid.as_raw(), "adopted the Postgres that an earlier run left");
                    return Ok(Server::adopted(pid));
                }
                (Some(pid), Some(file)) if file.socket_dir != self.places.run && file.ready => {
                    tracing::warn!(pid = pid.as_raw(), "the running Postgres uses another socket; stopping it");
                    // If it is gone already, the next round sees that.
                    let _ = kill(pid, Signal::SIGINT);
                }
                (Some(_), _) => {} // starting or stopping
                (None, stale) => {
                    // Children of a killed postmaster end by themselves. While one is left a second server must not
                    // start: two writers would ruin the cluster.
                    if process::postgres_in(&self.places.data).is_empty() {
                        self.clear_leftovers(stale.as_ref())?;
                        return self.start(deadline).await;
                    }
                }
            }
            if Instant::now() > deadline {
                let left = process::postgres_in(&self.places.data);
                let reason = format!("processes {left:?} of an earlier server neither serve nor end");
                return Err(DatabaseError::Embedded(reason));
            }
            sleep(PAUSE).await;
        }
    }

    fn is_postmaster(&self, pid: nix::unistd::Pid) -> bool {
        process::is_postmaster(pid, &self.places.data)
    }

    /// Postgres removes stale lock files itself, but not an empty one, nor one whose pid is a zombie or belongs to
    /// another process by now (a restarted container). Nothing runs in the data directory when this is called.
    fn clear_leftovers(&self, stale: Option<&PidFile>) -> Result<(), DatabaseError> {
        if stale.is_some_and(|file| file.pid.is_none_or(process::exists)) {
            let path = pidfile::path(&self.places.data);
            tracing::warn!(path = %path.display(), "removing a stale lock file");
            fs::remove_file(&path).at(&path)?;
        }
        for name in [format!(".s.PGSQL.{PORT}"), format!(".s.PGSQL.{PORT}.lock")] {
            // Ours alone, under our lock; normally not there.
            let _ = fs::remove_file(self.places.run.join(name));
        }
        Ok(())
    }

    async fn start(&self, deadline: Instant) -> Result<Server, DatabaseError> {
        let log = &self.places.log;
        log_file::rotate(log, self.account).at(log)?;
        let from = log_file::size(log);
        let failed = |what: String| DatabaseError::Embedded(format!("{what}:\n{}", log_file::tail(log, from)));
        let mut server = self.spawn()?;
        loop {
            if let Some(how) = server.ended() {
                return Err(failed(format!("Postgres ended at start ({how})")));
            }
            let said = pidfile::read(&self.places.data)?;
            if said.is_some_and(|file| file.ready && file.pid == Some(server.pid())) {
                return Ok(server);
            }
            if Instant::now() > deadline {
                return Err(failed("Postgres was not ready in database.start_timeout".to_owned()));
            }
            sleep(Duration::from_millis(5)).await;
        }
    }

    fn spawn(&self) -> Result<Server, DatabaseError> {
        let log = log_file::open(&self.places.log, self.account).at(&self.places.log)?;
        let mut command = self.command("postgres");
        command.arg("-D").arg(&self.places.data).arg("-k").arg(&self.places.run).arg(format!("-p{PORT}"));
        for setting in self.server_settings() {
            command.arg("-c").arg(setting);
        }
        let errors = log.try_clone().at(&self.places.log)?;
        let child = command.stdout(log).stderr(errors).spawn();
        let child = child.map_err(|error| DatabaseError::Embedded(format!("cannot start Postgres: {error}")))?;
        Server::child(child).ok_or_else(|| DatabaseError::Embedded("Postgres ended at once".to_owned()))
    }

    /// Given on the command line, where no edit of `postgresql.conf` can weaken them.
    fn server_settings(&self) -> [String; 11] {
        [
            "listen_addresses=".to_owned(),
            "unix_socket_permissions=0700".to_owned(),
            "logging_collector=off".to_owned(),
            "log_line_prefix=%m [%p] ".to_owned(),
            "fsync=on".to_owned(),
            "full_page_writes=on".to_owned(),
            "synchronous_commit=on".to_owned(),
            "max_prepared_transactions=0".to_owned(),
            format!("recovery_init_sync_method={FLUSH}"),
            format!("max_connections={}", self.settings.max_connections),
            format!("shared_buffers={}", self.settings.shared_buffers),
        ]
    }
}
