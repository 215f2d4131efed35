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
use compare::{Comparison, compare_leaves, compare_log};
use head::{Head, head};
use std::path::{Path, PathBuf};
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
    /// The evidence does not hold together, so it is not what was exported; as far as it does, the log fits it.
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
        let trusted = match &self.evidence {
            Some(path) => Some(head(&Source::File(path.clone()), &self.verifier).await?),
            None => None,
        };
        let own = head(&self.log, &self.verifier).await?;
        let evidence = self.evidence.as_deref().zip(trusted.as_ref().map(Head::signed));
        let hashed = self.log.extent().await?.hashed;
        let compared = compare_log(&Comparison { log: &self.log, evidence, hashed, verifier: &self.verifier }).await?;
        let exchanged = match evidence {
            Some((path, size)) => compare_leaves(&self.log, path, size).await?,
            None => None,
        };
        let finding = compared.finding.or(exchanged).or(own.finding);
        if let (None, Some(path), Some(head)) = (&finding, &self.evidence, &trusted) {
            whole(path, head)?;
        }
        let heads = trusted.into_iter().filter_map(|head| head.checkpoint).chain(own.checkpoint);
        let verified = heads.max_by_key(|checkpoint| checkpoint.tree_size);
        let signed = verified.as_ref().map_or(0, |checkpoint| checkpoint.tree_size);
        let (dropped, unsigned) = (compared.dropped, (compared.entries - signed).max(0));
        Ok(Report { verified, dropped, unsigned, waiting: compared.waiting, finding })
    }
}

/// Evidence is believed up to its last checkpoint that holds; what comes behind must hold together as well.
fn whole(path: &Path, evidence: &Head) -> Result<(), VerifyError> {
    match (&evidence.finding, &evidence.checkpoint) {
        (Some(finding), _) => Err(VerifyError::Evidence(path.to_owned(), finding.clone())),
        (None, None) => Err(VerifyError::NoCheckpoint(path.to_owned())),
        (None, Some(_)) => Ok(()),
    }
}
