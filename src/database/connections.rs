//! A fixed set of connections for requests.
//!
//! sqlx's pool pings at every release and may ping at acquire; here a query on a warm connection is one round trip. A
//! connection comes back only after its work ended well: a failed or cancelled request closes its own, and nothing that
//! it left half done can reach the next request.

use sqlx::{ConnectOptions, Connection, Error, PgConnection, postgres::PgConnectOptions};
use std::{
    io::ErrorKind,
    mem,
    ops::{Deref, DerefMut},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{Instant, sleep, timeout_at},
};

/// A request that gets no connection in this time answers 503.
const PATIENCE: Duration = Duration::from_secs(1);
/// Between two tries to reach a server that is just starting.
const PAUSE: Duration = Duration::from_millis(20);

/// A fixed number of connections, opened when first needed. Clones share them.
#[derive(Clone)]
pub struct Connections(Arc<Set>);

struct Set {
    options: PgConnectOptions,
    permits: Arc<Semaphore>,
    idle: Mutex<Vec<PgConnection>>,
}

impl Connections {
    /// At most `size` connections with these options; none is opened yet.
    #[must_use]
    pub fn new(options: PgConnectOptions, size: u32) -> Self {
        let size = size as usize;
        Self(Arc::new(Set {
            options,
            permits: Arc::new(Semaphore::new(size)),
            idle: Mutex::new(Vec::with_capacity(size)),
        }))
    }

    /// A connection for one piece of work: an idle one, or a new one.
    ///
    /// # Errors
    /// `PoolTimedOut` when none is free within a second, `PoolClosed` after [`Connections::close`], or the reason why
    /// Postgres could not be reached within that second.
    pub async fn lease(&self) -> Result<Lease, Error> {
        let deadline = Instant::now() + PATIENCE;
        let permit = timeout_at(deadline, Arc::clone(&self.0.permits).acquire_owned())
            .await
            .map_err(|_| Error::PoolTimedOut)?
            .map_err(|_| Error::PoolClosed)?;
        let idle = self.0.idle().pop();
        let connection = match idle {
            Some(connection) => connection,
            None => self.0.connect(deadline).await?,
        };
        Ok(Lease { connection, set: Arc::clone(&self.0), _permit: permit })
    }

    /// Tells whether `error` means that the connection is gone. If so, the idle ones, which most likely went with it, are
    /// dropped too. For [`read!`](crate::read) and for callers with a lease of their own.
    #[must_use]
    pub fn lost(&self, error: &Error) -> bool {
        let lost = is_lost(error);
        if lost {
            self.0.idle().clear();
        }
        lost
    }

    /// Says goodbye on the idle connections and hands out no more. Leased ones are closed when they come back.
    pub async fn close(&self) {
        self.0.permits.close();
        let idle = mem::take(&mut *self.0.idle());
        for connection in idle {
            // The server may be gone already, and then there is nothing left to close.
            let _ = connection.close().await;
        }
    }
}

impl Set {
    fn idle(&self) -> MutexGuard<'_, Vec<PgConnection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Goes on trying while the server is starting: a restart is then a slow request instead of a failed one.
    async fn connect(&self, deadline: Instant) -> Result<PgConnection, Error> {
        loop {
            let outcome = timeout_at(deadline, self.options.connect()).await.unwrap_or(Err(Error::PoolTimedOut));
            match outcome {
                Err(error) if is_starting(&error) && Instant::now() + PAUSE < deadline => sleep(PAUSE).await,
                outcome => return outcome,
            }
        }
    }
}

/// A connection that one piece of work has for itself. Closed when dropped; [`Lease::done`] keeps it.
pub struct Lease {
    // Fields drop in this order: the connection is closed before its place is given to another.
    connection: PgConnection,
    set: Arc<Set>,
    _permit: OwnedSemaphorePermit,
}

impl Lease {
    /// Gives the connection back. Only after the work ended well and outside a transaction.
    pub fn done(self) {
        let Self { connection, set, _permit } = self;
        if !set.permits.is_closed() {
            set.idle().push(connection);
        }
    }
}

impl Deref for Lease {
    type Target = PgConnection;

    fn deref(&self) -> &PgConnection {
        &self.connection
    }
}

impl DerefMut for Lease {
    fn deref_mut(&mut self) -> &mut PgConnection {
        &mut self.connection
    }
}

/// Whether the connection on which `error` happened is gone: what it was doing may or may not have been done.
#[must_use]
pub fn is_lost(error: &Error) -> bool {
    match error {
        Error::Io(_) | Error::Tls(_) | Error::Protocol(_) => true,
        Error::Database(cause) => cause.code().is_some_and(|code| {
            // Class 08: connection exception. 57P01 to 57P05: the server ended the session; 25P03: so did its timeout.
            code.starts_with("08") || code.starts_with("57P0") || code == "25P03"
        }),
        _ => false,
    }
}

/// Whether `error` means that there was no connection to be had, or that the statement took too long: who asks for less, or later,
/// gets an answer.
#[must_use]
pub fn is_too_much(error: &Error) -> bool {
    match error {
        Error::PoolTimedOut => true,
        // 57014: query_canceled, which is what `statement_timeout` does.
        Error::Database(cause) => cause.code().is_some_and(|code| code == "57014"),
        _ => false,
    }
}

/// Whether a server that is about to be there answered, or nobody did: no socket yet, or 57P03 `cannot_connect_now`.
fn is_starting(error: &Error) -> bool {
    match error {
        Error::Io(cause) => {
            matches!(cause.kind(), ErrorKind::NotFound | ErrorKind::ConnectionRefused | ErrorKind::ConnectionReset)
        }
        Error::Database(cause) => cause.code().is_some_and(|code| code == "57P03"),
        _ => false,
    }
}

/// Runs a query that changes nothing: `read!(connections, |c| find_by_x(c, id))`, a `Result<_, sqlx::Error>`.
///
/// The closure's body is a future, made from `c: &mut PgConnection`. It runs once more, on a fresh connection, when the
/// first was lost; so it must not move what it captures.
#[macro_export]
macro_rules! read {
    ($connections:expr, |$c:ident| $query:expr) => {{
        let connections: &$crate::database::Connections = &$connections;
        let mut again = true;
        loop {
            let mut lease = match connections.lease().await {
                Ok(lease) => lease,
                Err(error) => break Err(error),
            };
            let outcome = {
                let $c: &mut sqlx::PgConnection = &mut lease;
                $query.await
            };
            match outcome {
                Ok(value) => {
                    lease.done();
                    break Ok(value);
                }
                Err(error) => {
                    if !(connections.lost(&error) && std::mem::take(&mut again)) {
                        break Err(error);
                    }
                }
            }
        }
    }};
}

/// Carries out a statement that changes something outside of the log, once: on a lost connection nobody knows whether it was
/// done, and the caller is told so.
#[macro_export]
macro_rules! once {
    ($connections:expr, |$c:ident| $query:expr) => {{
        let connections: &$crate::database::Connections = &$connections;
        match connections.lease().await {
            Err(error) => Err(error),
            Ok(mut lease) => {
                let outcome = {
                    let $c: &mut sqlx::PgConnection = &mut lease;
                    $query.await
                };
                match outcome {
                    Ok(value) => {
                        lease.done();
                        Ok(value)
                    }
                    Err(error) => {
                        let _ = connections.lost(&error);
                        Err(error)
                    }
                }
            }
        }
    }};
}
