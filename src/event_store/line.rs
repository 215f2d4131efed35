//! A connection that belongs to one task and is made again when it breaks. Not sqlx's pool: that pings at every release.

use super::error::Fault;
use sqlx::{ConnectOptions, Connection, PgConnection, postgres::PgConnectOptions};
use std::{future::Future, time::Duration};
use tokio::time::{Instant, sleep, timeout};

/// A statement that is not answered by then is treated as lost.
const ANSWERED_WITHIN: Duration = Duration::from_secs(30);
const CONNECTED_WITHIN: Duration = Duration::from_secs(5);
const FIRST_PAUSE: Duration = Duration::from_millis(10);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// One connection and how to make it.
pub(super) struct Line {
    options: PgConnectOptions,
    connection: Option<PgConnection>,
}

impl Line {
    /// `purpose` is what `pg_stat_activity` shows after the program's name.
    pub(super) fn new(options: &PgConnectOptions, purpose: &str) -> Self {
        Self { options: options.clone().application_name(&format!("argus {purpose}")), connection: None }
    }

    /// The connection; one attempt to make it.
    pub(super) async fn connected(&mut self) -> Result<&mut PgConnection, Fault> {
        let connection = match self.connection.take() {
            Some(connection) => connection,
            None => connect(&self.options).await?,
        };
        Ok(self.connection.insert(connection))
    }

    /// The connection, tried with growing pauses until `patience` is over; without a limit when there is none.
    pub(super) async fn reconnected(&mut self, patience: Option<Duration>) -> Result<&mut PgConnection, Fault> {
        let start = Instant::now();
        let mut pause = FIRST_PAUSE;
        while let Err(fault) = self.connected().await {
            if patience.is_some_and(|limit| start.elapsed() > limit) {
                return Err(fault);
            }
            sleep(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
        self.connected().await
    }

    /// Runs one statement; a lost connection is dropped.
    pub(super) async fn run<T>(
        &mut self,
        statement: impl AsyncFnOnce(&mut PgConnection) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let connection = self.connected().await?;
        let outcome = answered(statement(connection)).await;
        if matches!(outcome, Err(Fault::Lost(_))) {
            self.hang_up();
        }
        outcome
    }

    /// Drops the connection, and with it an open transaction.
    pub(super) fn hang_up(&mut self) {
        self.connection = None;
    }

    /// The connection itself, for a transaction; it comes back by [`Line::put_back`] or not at all.
    pub(super) async fn take(&mut self) -> Result<PgConnection, Fault> {
        match self.connection.take() {
            Some(connection) => Ok(connection),
            None => connect(&self.options).await,
        }
    }

    pub(super) fn put_back(&mut self, connection: PgConnection) {
        self.connection = Some(connection);
    }

    /// Says goodbye to the server.
    pub(super) async fn close(mut self) {
        if let Some(connection) = self.connection.take() {
            connection.close().await.ok();
        }
    }
}

async fn connect(options: &PgConnectOptions) -> Result<PgConnection, Fault> {
    match timeout(CONNECTED_WITHIN, options.connect()).await {
        // Whatever the server says before a session exists (starting up, too many connections): it is not there yet.
        Ok(answer) => answer.map_err(|error| Fault::Lost(error.to_string())),
        Err(_) => Err(Fault::Lost("no connection in time".to_owned())),
    }
}

/// A statement whose answer never comes is one whose connection is lost.
pub(super) async fn answered<T>(statement: impl Future<Output = Result<T, Fault>>) -> Result<T, Fault> {
    timeout(ANSWERED_WITHIN, statement).await.unwrap_or_else(|_| Err(Fault::Lost("no answer in time".to_owned())))
}
