//! Makes signing keys and moves them through their life. All of it in the definitions lane, where one node at a time decides, so
//! that two nodes that start together make one set of keys.

use super::{
    Keys,
    jwt::{SigningPair, generate},
    signing_keys::SigningKeysError,
};
use crate::{
    clock::Clock,
    database::Connections,
    entropy::{Entropy, new_id},
    event_store::{Actor, Context, DefinitionLane, EventStore, StorageError},
    read,
};
use aggregates::{
    ids::SigningKeyId,
    signing_key::{SigningKey, SigningKeyCommand},
    values::{PublicJwk, SealedPrivateKey, Seconds, SigningAlgorithm, Timestamp},
};
use projections::signing_keys::{self, SigningKeyRow};
use std::sync::Arc;

/// How long a successor is published before it signs: relying parties may cache our keys for as long.
pub const LEAD: Seconds = Seconds(3600);

/// For how long a node may sign with a key that another node has retired: twice the refresh interval.
const LAG: Seconds = Seconds(120);

/// What making keys takes.
pub struct KeyMaker {
    /// Seal the private halves.
    pub keys: Keys,
    /// Records them.
    pub store: EventStore,
    /// For reading them.
    pub connections: Connections,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// For the ids.
    pub entropy: Arc<dyn Entropy>,
}

/// A key pair that no event mentions yet.
struct Material {
    id: SigningKeyId,
    public_jwk: PublicJwk,
    sealed_private: SealedPrivateKey,
}

impl KeyMaker {
    /// The keys whose signatures verify now.
    pub(super) async fn published(&self) -> Result<Vec<SigningKeyRow>, SigningKeysError> {
        let now = self.clock.now();
        Ok(read!(self.connections, |c| signing_keys::list_published(c, now)).map_err(StorageError::from)?)
    }

    async fn published_in(&self, lane: &mut DefinitionLane) -> Result<Vec<SigningKeyRow>, StorageError> {
        Ok(signing_keys::list_published(lane.connection(), self.clock.now()).await?)
    }

    /// Sees to it that there are an active key and a successor.
    pub(super) async fn make_what_is_missing(&self) -> Result<(), SigningKeysError> {
        let rows = self.published().await?;
        if find(&rows, "active").is_some() && find(&rows, "successor").is_some() {
            return Ok(());
        }
        let (first, second) = (self.pair().await?, self.pair().await?);
        let context = self.context("system:start");
        let mut lane = self.store.definitions().await?;
        let rows = self.published_in(&mut lane).await?;
        match (find(&rows, "active"), find(&rows, "successor")) {
            (Some(_), Some(_)) => {}
            (Some(_), None) => self.record(&mut lane, second, &context).await?,
            (None, Some(successor)) => {
                self.activate(&mut lane, successor, Seconds(0), &context).await?;
                self.record(&mut lane, second, &context).await?;
            }
            (None, None) => {
                let id = first.id;
                self.record(&mut lane, first, &context).await?;
                self.activate(&mut lane, id, Seconds(0), &context).await?;
                self.record(&mut lane, second, &context).await?;
            }
        }
        Ok(lane.commit().await?)
    }

    pub(super) async fn rotate(&self, longest: Seconds, context: &Context) -> Result<(), SigningKeysError> {
        let fresh = self.pair().await?;
        let mut lane = self.store.definitions().await?;
        let rows = self.published_in(&mut lane).await?;
        self.rotate_in(lane, &rows, (fresh, longest), context).await
    }

    /// Rotates when the active key has signed for `every`. False when it has not: nobody had to, or another node just did.
    pub(super) async fn rotate_when_due(&self, every: Seconds, longest: Seconds) -> Result<bool, SigningKeysError> {
        if !self.is_due(&self.published().await?, every) {
            return Ok(false);
        }
        let fresh = self.pair().await?;
        let mut lane = self.store.definitions().await?;
        let rows = self.published_in(&mut lane).await?;
        if !self.is_due(&rows, every) {
            return Ok(false);
        }
        self.rotate_in(lane, &rows, (fresh, longest), &self.context("system:schedule")).await?;
        Ok(true)
    }

    /// Whether the active key has signed for long enough, and everybody can have seen its successor.
    fn is_due(&self, rows: &[SigningKeyRow], every: Seconds) -> bool {
        let now = self.clock.now();
        let past = |since: Timestamp, span| now >= since.after(span);
        rows.iter().any(|row| row.status == "active" && row.activated_at.is_some_and(|at| past(at, every)))
            && rows.iter().any(|row| row.status == "successor" && past(row.created_at, LEAD))
    }

    async fn rotate_in(
        &self,
        mut lane: DefinitionLane,
        rows: &[SigningKeyRow],
        (fresh, longest): (Material, Seconds),
        context: &Context,
    ) -> Result<(), SigningKeysError> {
        let (Some(active), Some(successor)) = (find(rows, "active"), find(rows, "successor")) else {
            return Err(SigningKeysError::Incomplete);
        };
        let published_for = Seconds(longest.0.saturating_add(LAG.0));
        let retire = SigningKeyCommand::Retire { published_for, now: self.clock.now() };
        lane.execute::<SigningKey>(active.uuid(), retire, context).await?;
        self.activate(&mut lane, successor, LEAD, context).await?;
        self.record(&mut lane, fresh, context).await?;
        Ok(lane.commit().await?)
    }

    async fn record(
        &self,
        lane: &mut DefinitionLane,
        material: Material,
        context: &Context,
    ) -> Result<(), SigningKeysError> {
        let Material { id, public_jwk, sealed_private } = material;
        let algorithm = SigningAlgorithm::Rs256;
        let generate = SigningKeyCommand::Generate { algorithm, public_jwk, sealed_private, now: self.clock.now() };
        lane.execute::<SigningKey>(id.uuid(), generate, context).await?;
        Ok(())
    }

    async fn activate(
        &self,
        lane: &mut DefinitionLane,
        id: SigningKeyId,
        published_for: Seconds,
        context: &Context,
    ) -> Result<(), SigningKeysError> {
        let activate = SigningKeyCommand::Activate { published_for, now: self.clock.now() };
        lane.execute::<SigningKey>(id.uuid(), activate, context).await?;
        Ok(())
    }

    /// A new key pair, made on a thread that may block, and before the lane is entered, so that nobody waits for it.
    async fn pair(&self) -> Result<Material, SigningKeysError> {
        let pkcs8 = tokio::task::spawn_blocking(generate).await.ok().flatten().ok_or(SigningKeysError::NotMade)?;
        let id = SigningKeyId::new(new_id(self.clock.as_ref(), self.entropy.as_ref()));
        let pair = SigningPair::parse(id, pkcs8.as_ref()).ok_or(SigningKeysError::NotMade)?;
        let sealed_private = self.keys.seal_private(id, pkcs8.as_ref()).map_err(|_| SigningKeysError::NotMade)?;
        Ok(Material { id, public_jwk: pair.public_jwk(), sealed_private })
    }

    fn context(&self, actor: &'static str) -> Context {
        let request_id = new_id(self.clock.as_ref(), self.entropy.as_ref()).to_string();
        Context { actor: Actor::System(actor), caller_ip: None, request_id, causation: None, reason: None }
    }
}

fn find(rows: &[SigningKeyRow], status: &str) -> Option<SigningKeyId> {
    rows.iter().find(|row| row.status == status).map(|row| row.id)
}
