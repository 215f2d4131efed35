//! Signs the head of the tree: a minute after the last time when there are new entries, or after 10,000 of them.

use super::{
    file::{EvidenceFile, EvidenceFileError},
    note::{Checkpoint, Verifier},
    removal::Removal,
};
use crate::{
    clock::Clock,
    database::{Connections, QueryError},
    event_store::retention::Leaving,
    keys::Keys,
    once, read,
};
use projections::evidence::{self, CheckpointRow};
use std::{path::PathBuf, sync::Arc};
use thiserror::Error;

/// Between two checkpoints, in milliseconds. The notary looks every few seconds, so this is a little less than a minute.
const PERIOD: i64 = 50_000;
/// This many new entries are not left waiting.
const MANY: i64 = 10_000;

/// Why there is no new checkpoint, or the file was not told of it.
#[derive(Debug, Error)]
pub enum NotaryError {
    /// The database's.
    #[error(transparent)]
    Query(#[from] QueryError),
    /// The file's.
    #[error(transparent)]
    File(#[from] EvidenceFileError),
    /// The past was changed: to go on would be to sign another one.
    #[error("the hashes of the first {0} entries are not those that were signed: run `argus audit verify`")]
    Disagrees(i64),
}

/// Signs checkpoints. Every instance has one; they keep off each other in the database.
#[derive(Clone)]
pub struct Notary {
    /// Signs.
    pub keys: Keys,
    /// The database.
    pub connections: Connections,
    /// When it is.
    pub clock: Arc<dyn Clock>,
    /// What the log is called.
    pub name: String,
    /// The file that is told of everything, if one is configured.
    pub file: Option<PathBuf>,
}

impl Notary {
    /// Signs when it is time to, and brings the file up to the newest checkpoint.
    ///
    /// # Errors
    /// [`NotaryError`].
    pub async fn tend(&self) -> Result<(), NotaryError> {
        self.sign(|newest, size, now| {
            let since = now - newest.map_or(0, |newest| newest.signed_at.millis());
            let waiting = size - newest.map_or(0, |newest| newest.tree_size);
            // A clock that was set back does not keep the log unsigned.
            waiting >= MANY || !(0..PERIOD).contains(&since)
        })
        .await
    }

    /// Signs now, unless everything is under a checkpoint, and brings the file up to it; answers with the newest. None for an empty log.
    ///
    /// # Errors
    /// [`NotaryError`].
    pub async fn sign_now(&self) -> Result<Option<CheckpointRow>, NotaryError> {
        self.sign(|_, _, _| true).await?;
        Ok(read!(self.connections, |c| evidence::find_latest(c))?)
    }

    /// The note that a month leaves the log.
    #[must_use]
    pub fn sign_removal(&self, month: &Leaving) -> String {
        Removal { origin: self.name.clone(), month: month.clone(), signed_at: self.clock.now() }.sign(&self.keys)
    }

    /// The public half of the key that signs.
    #[must_use]
    pub fn verifier(&self) -> Verifier {
        Verifier::of(&self.keys, self.name.clone())
    }

    /// The next tree begins with the one that was signed last.
    async fn agree(&self, newest: &CheckpointRow) -> Result<(), NotaryError> {
        let signed = self.verifier().open(&newest.note).map_err(|_| NotaryError::Disagrees(newest.tree_size))?;
        let root = read!(self.connections, |c| evidence::root(c, signed.tree_size))?;
        match (signed.tree_size, signed.root) == (newest.tree_size, root) {
            true => Ok(()),
            false => Err(NotaryError::Disagrees(newest.tree_size)),
        }
    }

    /// Nothing more is signed of a database that says otherwise than the file.
    async fn sign(&self, is_due: impl Fn(Option<&CheckpointRow>, i64, i64) -> bool) -> Result<(), NotaryError> {
        let Some(path) = &self.file else { return self.sign_head(is_due).await };
        let file = EvidenceFile::open(path)?;
        file.agree(&self.connections, &self.verifier()).await?;
        self.sign_head(is_due).await?;
        Ok(file.extend(&self.connections).await?)
    }

    async fn sign_head(&self, is_due: impl Fn(Option<&CheckpointRow>, i64, i64) -> bool) -> Result<(), NotaryError> {
        let newest = read!(self.connections, |c| evidence::find_latest(c))?;
        let before = newest.as_ref().map_or(0, |newest| newest.tree_size);
        let (size, now) = (read!(self.connections, |c| evidence::size(c))?, self.clock.now());
        if size <= before || !is_due(newest.as_ref(), size, now.millis()) {
            return Ok(());
        }
        if let Some(newest) = &newest {
            self.agree(newest).await?;
        }
        let root = read!(self.connections, |c| evidence::root(c, size))?;
        let last = read!(self.connections, |c| evidence::list_leaves(c, size - 1, 1))?;
        let Some(last) = last.first() else { return Ok(()) };
        let (last_position, signed_at) = (last.position, now);
        let note = Checkpoint { origin: self.name.clone(), tree_size: size, root, last_position, signed_at };
        let row = CheckpointRow { tree_size: size, last_position, root, signed_at, note: note.sign(&self.keys) };
        once!(self.connections, |c| evidence::insert(c, &row, before))?;
        Ok(())
    }
}
