//! From settings to an open database.

use super::{
    Connections, Database, DatabaseError, Inner, checks,
    embedded::{Embedded, Purpose},
    migrations, options, partitions,
};
use crate::{
    clock::{Clock, SystemClock},
    config::Config,
};
use sqlx::{ConnectOptions, Connection, postgres::PgConnectOptions};
use std::sync::Arc;

impl Database {
    /// For a command: uses the server at `database.url`; else joins the embedded Postgres of a running `argus serve`;
    /// else runs it until [`Database::close`].
    ///
    /// # Errors
    /// No usable Postgres, or a schema newer than this program.
    pub async fn open(config: &Config) -> Result<Self, DatabaseError> {
        Self::open_for(config, Purpose::Command).await
    }

    /// For a server: as [`Database::open`], but refuses an embedded Postgres that another server runs, naming its pid.
    ///
    /// # Errors
    /// As for [`Database::open`], and [`DatabaseError::InUse`].
    pub async fn serve(config: &Config) -> Result<Self, DatabaseError> {
        Self::open_for(config, Purpose::Server).await
    }

    async fn open_for(config: &Config, purpose: Purpose) -> Result<Self, DatabaseError> {
        let embedded = match config.database.url {
            None => Some(Embedded::open(config, purpose).await?),
            Some(_) => None,
        };
        let server = match (&embedded, &config.database.url) {
            (Some(embedded), _) => embedded.options(),
            (None, Some(url)) => options::from_url(url)?,
            (None, None) => return Err(DatabaseError::NoPostgres),
        };
        if let Err(error) = prepare(&server).await {
            if let Some(embedded) = embedded {
                embedded.stop().await;
            }
            return Err(error);
        }
        // Apart and few, so that searches keep nothing else waiting.
        let searching = (config.database.connections / 4).max(1);
        let others = config.database.connections.saturating_sub(searching).max(1);
        let connections = Connections::new(options::application(&server), others);
        let searches = Connections::new(options::searching(&server), searching);
        Ok(Self(Arc::new(Inner { server, embedded, connections, searches })))
    }
}

/// What has to be so before the first request: a fit server, this program's schema, and room for this month.
async fn prepare(server: &PgConnectOptions) -> Result<(), DatabaseError> {
    let mut owner = options::owner(server).connect().await.map_err(DatabaseError::Unreachable)?;
    // Before, so that an unfit server is left as it was; after, as only then is there a log to look at.
    checks::check_server(&mut owner).await?;
    migrations::run(&mut owner).await?;
    checks::check_server(&mut owner).await?;
    partitions::ensure_partitions(&mut owner, SystemClock.now()).await?;
    Ok(owner.close().await?)
}
