//! Comparing the log with its evidence, in memory that does not grow with it.
//!
//! Three questions, the one that names the place best first: is every event the one that was hashed; are the hashes in the database
//! those that left it; do the hashes make the roots that were signed.

mod compare;
mod finding;
mod head;

pub use finding::{Finding, Kind};

use super::{
    note::{Checkpoint, Verifier},
    reader::{ReadError, Source},
};
use compare::{compare_leaves, compare_log};
use head::{Head, head};
use std::path::PathBuf;
use thiserror::Error;

/// What is verified, and against what.
#[derive(Clone)]
pub struct Verification {
    /// The log, with its own evidence: a database or an export.
    pub log: Source,
    /// Evidence that was taken out earlier, which is believed.
    pub evidence: Option<PathBuf>,
    /// The key that signed.
    pub verifier: Verifier,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The newest checkpoint that everything before it fits.
    pub verified: Option<Checkpoint>,
    /// Entries that are known by their hash alone, since retention took the events.
    pub dropped: i64,
    /// Entries after the newest checkpoint: hashed, but not signed yet.
    pub unsigned: i64,
    /// Events after the last entry: not hashed yet.
    pub waiting: i64,
    /// The first thing that is wrong.
    pub finding: Option<Finding>,
}

/// Why nothing can be said.
#[derive(Debug, Error)]
pub enum VerifyError {
    /// It cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The evidence does not hold together, so it is not what was exported.
    #[error("{0} is not evidence to compare with: {1}")]
    Evidence(PathBuf, Finding),
    /// Nothing in it is signed.
    #[error("{0} holds no checkpoint")]
    NoCheckpoint(PathBuf),
}

impl Verification {
    /// Compares everything.
    ///
    /// # Errors
    /// [`VerifyError`] when the comparison cannot be made. What is wrong with the log is in the report.
    pub async fn run(&self) -> Result<Report, VerifyError> {
        let trusted = self.trusted().await?;
        let own = head(&self.log, &self.verifier).await?;
        let evidence = self.evidence.as_deref().zip(trusted.as_ref());
        let compared = compare_log(&self.log, evidence.map(|(path, head)| (path, head.size)), &self.verifier).await?;
        let exchanged = match &self.evidence {
            Some(path) => compare_leaves(&self.log, path).await?,
            None => None,
        };
        let heads = trusted.into_iter().chain([own.clone()]).filter_map(|head| head.checkpoint);
        let verified = heads.max_by_key(|checkpoint| checkpoint.tree_size);
        let signed = verified.as_ref().map_or(0, |checkpoint| checkpoint.tree_size);
        Ok(Report {
            dropped: compared.dropped,
            unsigned: (compared.entries - signed).max(0),
            waiting: compared.waiting,
            finding: compared.finding.or(exchanged).or(own.finding),
            verified,
        })
    }

    /// The head of the evidence that is believed: it must hold together.
    async fn trusted(&self) -> Result<Option<Head>, VerifyError> {
        let Some(path) = &self.evidence else { return Ok(None) };
        let head = head(&Source::File(path.clone()), &self.verifier).await?;
        match (head.finding.clone(), &head.checkpoint) {
            (Some(finding), _) => Err(VerifyError::Evidence(path.clone(), finding)),
            (None, None) => Err(VerifyError::NoCheckpoint(path.clone())),
            (None, Some(checkpoint)) => Ok(Some(Head { size: checkpoint.tree_size, ..head })),
        }
    }
}
