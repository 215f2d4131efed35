//! Whether hashes make the roots that were signed, from the first to the last.

use super::{Finding, Kind};
use crate::evidence::{
    note::{Checkpoint, Verifier},
    reader::{ReadError, Reader, Signed, Source},
};
use projections::evidence::{Frontier, LeafRow};

/// What the hashes of a source come to.
#[derive(Debug, Clone)]
pub(super) struct Head {
    /// The last checkpoint before anything was wrong.
    pub(super) checkpoint: Option<Checkpoint>,
    /// The first thing that is wrong.
    pub(super) finding: Option<Finding>,
}

impl Head {
    /// So many hashes are signed.
    pub(super) fn signed(&self) -> i64 {
        self.checkpoint.as_ref().map_or(0, |checkpoint| checkpoint.tree_size)
    }
}

struct Heads<'a> {
    verifier: &'a Verifier,
    tree: Frontier,
    last: Option<LeafRow>,
    checkpoint: Option<Checkpoint>,
}

/// Every checkpoint is over the same tree, which only grew: that they are consistent follows.
pub(super) async fn head(source: &Source, verifier: &Verifier) -> Result<Head, ReadError> {
    let signed = source.extent().await?.signed;
    let (mut leaves, mut notes) = (Reader::<LeafRow>::open(source)?, Reader::<Signed>::open(source)?);
    let mut heads = Heads { verifier, tree: Frontier::default(), last: None, checkpoint: None };
    let mut note = notes.next().await?;
    while let Some(leaf) = leaves.next().await? {
        if let Some(finding) = heads.add(leaf) {
            return Ok(heads.end(Some(finding)));
        }
        while let Some(signed) = note.take_if(|signed| heads.is_due(signed)) {
            if let Some(finding) = heads.check(&signed) {
                return Ok(heads.end(Some(finding)));
            }
            note = notes.next().await?;
        }
    }
    let missed = note.filter(|note| note.size() <= signed);
    let finding = missed.map(|_| heads.finding(Kind::HashesRemoved, 1));
    Ok(heads.end(finding))
}

impl Heads<'_> {
    fn size(&self) -> i64 {
        i64::try_from(self.tree.size()).unwrap_or(i64::MAX)
    }

    fn end(self, finding: Option<Finding>) -> Head {
        Head { checkpoint: self.checkpoint, finding }
    }

    fn add(&mut self, leaf: LeafRow) -> Option<Finding> {
        let follows = leaf.number == self.size() && self.last.is_none_or(|last| last.position < leaf.position);
        if !follows {
            return Some(self.finding(Kind::HashesRemoved, 1));
        }
        self.tree.push(leaf.hash);
        self.last = Some(leaf);
        None
    }

    /// Whether its tree has been seen. What cannot be read is looked at at once.
    fn is_due(&self, signed: &Signed) -> bool {
        self.verifier.open(&signed.note).map_or(true, |checkpoint| checkpoint.tree_size <= self.size())
    }

    fn check(&mut self, signed: &Signed) -> Option<Finding> {
        let Ok(checkpoint) = self.verifier.open(&signed.note) else {
            let size = signed.row.as_ref().map_or(self.size(), |row| row.tree_size);
            return Some(Finding { number: size.saturating_sub(1), ..self.finding(Kind::NotSigned, 0) });
        };
        let since = self.checkpoint.as_ref().map_or(0, |before| before.tree_size);
        let last = self.last.map(|last| last.position);
        let fits = checkpoint.tree_size == self.size()
            && checkpoint.root == self.tree.root()
            && last == Some(checkpoint.last_position);
        if !fits {
            return Some(self.finding(Kind::NotWhatWasSigned { since }, 0));
        }
        let labelled = signed.row.as_ref().is_none_or(|row| {
            (row.tree_size, row.last_position, row.root, row.signed_at)
                == (checkpoint.tree_size, checkpoint.last_position, checkpoint.root, checkpoint.signed_at)
        });
        self.checkpoint = Some(checkpoint);
        if labelled { None } else { Some(self.finding(Kind::Mislabelled, 0)) }
    }

    /// At the last entry, or as many after it.
    fn finding(&self, kind: Kind, after: i64) -> Finding {
        let position = self.last.map_or(0, |last| last.position);
        Finding { kind, number: self.size() - 1 + after, position: position.saturating_add(after), event: None }
    }
}
