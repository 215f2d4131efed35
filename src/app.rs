//! The running identity provider: its parts put together, the tasks behind it, and its end.

use crate::{
    clock::Clock,
    config::Config,
    database::{Database, throttles},
    directory::{
        api_keys::{self, ApiKeyUses},
        authenticate, bootstrap,
        passwords::Passwords,
    },
    entropy::Entropy,
    event_store::{EventStore, Standings, follow::Followers},
    evidence::{Notary, name_of},
    http::{Idp, Parts, metrics::Metrics, refused_calls, server},
    keys::{KeyMaker, Keys, SigningKeys},
    once, read, router, sinks,
    tokens::{TokenCodec, refusals},
};
use anyhow::Context;
use projections::personal_keys;
use std::{sync::Arc, time::Duration};
use tokio::{net::TcpListener, sync::Semaphore, task::JoinHandle, time};
use uuid::Uuid;

/// How often refusals that wait are looked at, and uses of API keys written down.
const OFTEN: Duration = Duration::from_secs(5);
/// How often partitions are made ahead, old counters removed, and signing keys rotated if that is due.
const HOURLY: Duration = Duration::from_secs(60 * 60);

/// A server that is ready to answer.
pub struct App {
    /// What handlers reach.
    pub idp: Idp,
    /// Who the first start made, to be told once.
    pub first_administrator: Option<bootstrap::FirstAdministrator>,
    followers: [Followers; 2],
    upkeep: JoinHandle<()>,
}

impl App {
    /// Opens the database, the keys and the log, makes what a first start makes, and starts the followers.
    ///
    /// # Errors
    /// What keeps it from starting, said so that an operator can mend it.
    pub async fn start(
        config: Config,
        database: Database,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
    ) -> anyhow::Result<Self> {
        let idp = Idp::from(open(config, database, clock, entropy).await?);
        keep_a_key_for_nobody(&idp).await?;
        let first_administrator = bootstrap::bootstrap(&idp.store, idp.tools(), &idp.config.domain()).await?;
        let followers = [idp.store.follow(), sinks::start(&idp.config, &idp.store, &idp.clock).await?];
        let upkeep = tokio::spawn(upkeep(idp.clone()));
        Ok(Self { idp, first_administrator, followers, upkeep })
    }

    /// Answers requests until `stop` resolves; then lets those under way finish, records what waits, and closes the database.
    pub async fn serve(self, listener: TcpListener, stop: impl Future<Output = ()>) {
        server::serve(listener, router::router(self.idp.clone()), stop).await;
        self.stop().await;
    }

    /// Stops what runs behind the server.
    pub async fn stop(self) {
        self.upkeep.abort();
        refusals::flush(&self.idp, true).await;
        refused_calls::flush(&self.idp, true).await;
        api_keys::flush(&self.idp).await;
        drop(self.followers);
        self.idp.store.watcher().stop();
        self.idp.database.clone().close().await;
    }
}

async fn open(
    config: Config,
    database: Database,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
) -> anyhow::Result<Parts> {
    let keys = Keys::open(&config, &database, Arc::clone(&entropy)).await?;
    let unseal = Arc::new(keys.clone());
    let store = EventStore::open(&database, unseal, Arc::clone(&clock), Arc::clone(&entropy)).await?;
    let store = store.requiring(config.audit.require_reason.clone());
    let maker = KeyMaker {
        keys: keys.clone(),
        store: store.clone(),
        connections: database.connections().clone(),
        clock: Arc::clone(&clock),
        entropy: Arc::clone(&entropy),
    };
    Ok(Parts {
        standings: Standings::start(&database),
        signing: SigningKeys::open(maker).await.context("signing keys")?,
        tokens: TokenCodec::new(&keys),
        passwords: Passwords::default(),
        client_secrets: Passwords::default(),
        refusals: refusals::RefusalCounter::default(),
        refused_calls: refused_calls::CallCounter::default(),
        api_key_uses: ApiKeyUses::default(),
        past: Semaphore::new(1),
        metrics: Metrics::default(),
        config,
        database,
        store,
        keys,
        clock,
        entropy,
    })
}

/// What this instance signs the log's checkpoints with.
fn notary(idp: &Idp) -> Notary {
    Notary {
        keys: idp.keys.clone(),
        connections: idp.database.connections().clone(),
        clock: Arc::clone(&idp.clock),
        name: name_of(&idp.config.issuer),
        file: idp.config.audit.evidence_file.clone(),
    }
}

async fn upkeep(idp: Idp) {
    let notary = notary(&idp);
    let (mut often, mut hourly) = (time::interval(OFTEN), time::interval(HOURLY));
    loop {
        tokio::select! {
            _ = often.tick() => {
                refusals::flush(&idp, false).await;
                refused_calls::flush(&idp, false).await;
                api_keys::flush(&idp).await;
                if let Err(error) = notary.tend().await {
                    tracing::error!(%error, "the log's evidence could not be signed or taken out");
                }
            }
            _ = hourly.tick() => tidy(&idp).await,
        }
    }
}

async fn tidy(idp: &Idp) {
    let now = idp.now();
    // An ID token lives as long as the access token that it came with.
    if let Err(error) =
        idp.signing.rotate_when_due(idp.config.keys.rotate_after, idp.config.lifetimes.longest_signed()).await
    {
        tracing::error!(%error, "signing keys could not be rotated");
    }
    if let Err(error) = idp.database.ensure_partitions(now).await {
        tracing::error!(%error, "partitions could not be made ahead");
    }
    if let Err(error) = once!(idp.database.connections(), |c| throttles::clean(c, authenticate::WINDOW, now)) {
        tracing::error!(%error, "old sign-in counters could not be removed");
    }
}

/// Addresses of callers whom nobody knows are sealed like everybody's, under a key of their own.
async fn keep_a_key_for_nobody(idp: &Idp) -> anyhow::Result<()> {
    let nobody = Uuid::nil();
    let wrapped = idp.keys.new_subject_key(nobody)?;
    let connections = idp.database.connections();
    if read!(connections, |c| personal_keys::find_by_subject(c, nobody))?.is_none() {
        read!(connections, |c| personal_keys::insert(c, nobody, &wrapped))?;
    }
    Ok(())
}
