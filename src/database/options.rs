//! How the two roles connect: everything is a start-up option, so that a new connection costs no further round trip.

use super::DatabaseError;
use crate::config::Secret;
use sqlx::{ConnectOptions, postgres::PgConnectOptions};

/// The role of the application, made by the first migration.
const APPLICATION_ROLE: &str = "argus_app";

/// What requests run with. A generic plan is right for point reads, and the automatic choice costs 61 % over partitions;
/// no request waits longer for a lock or a statement than its caller would for the answer.
const APPLICATION: [(&str, &str); 6] = [
    ("role", APPLICATION_ROLE),
    ("plan_cache_mode", "force_generic_plan"),
    ("jit", "off"),
    ("statement_timeout", "10s"),
    ("lock_timeout", "5s"),
    ("idle_in_transaction_session_timeout", "10s"),
];

/// Notices a dead peer; without effect on a Unix socket.
const KEEPALIVE: [(&str, &str); 2] = [("tcp_keepalives_idle", "60"), ("tcp_keepalives_interval", "10")];

/// Statements kept prepared on a connection: more than there are in the program.
const STATEMENTS: usize = 512;

pub(super) fn from_url(url: &Secret) -> Result<PgConnectOptions, DatabaseError> {
    url.expose().parse().map_err(|_| DatabaseError::Url)
}

pub(super) fn application(server: &PgConnectOptions) -> PgConnectOptions {
    server
        .clone()
        .application_name("argus")
        .options(APPLICATION)
        .options(KEEPALIVE)
        .statement_cache_capacity(STATEMENTS)
        .disable_statement_logging()
}

/// For searches: whoever asks for what takes longer asks for less.
pub(super) fn searching(server: &PgConnectOptions) -> PgConnectOptions {
    application(server).options([("statement_timeout", "2s")])
}

pub(super) fn owner(server: &PgConnectOptions) -> PgConnectOptions {
    server.clone().application_name("argus owner").options(KEEPALIVE).disable_statement_logging()
}
