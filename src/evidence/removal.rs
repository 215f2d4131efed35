//! What retention took out of the log, signed: only where such a note says so are events missing that nobody has removed.
//!
//! A C2SP signed-note of the key that signs checkpoints. The second line of a checkpoint is a number, so that neither can be
//! taken for the other.

use super::note::{NoteError, Verifier, signed};
use crate::{event_store::retention::Leaving, keys::Keys};
use aggregates::values::Timestamp;
use base64::{Engine, engine::general_purpose::STANDARD};
use std::fmt;

/// One month that left the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Removal {
    /// Whose log it was in.
    pub origin: String,
    /// What it was.
    pub month: Leaving,
    /// When it was signed.
    pub signed_at: Timestamp,
}

impl Removal {
    /// The whole note: text, empty line, signature.
    #[must_use]
    pub fn sign(&self, keys: &Keys) -> String {
        signed(&self.to_string(), &self.origin, keys)
    }

    /// What a note says.
    ///
    /// # Errors
    /// [`NoteError`].
    pub fn open(note: &str, verifier: &Verifier) -> Result<Self, NoteError> {
        verifier.read(note, parse, |removal| &removal.origin)
    }
}

/// The text that is signed.
impl fmt::Display for Removal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Leaving { partition, positions: (first, last), events, tree_size, root } = &self.month;
        writeln!(f, "{}\nretention\npartition {partition}\npositions {first} {last}\nevents {events}", self.origin)?;
        writeln!(f, "under {tree_size} {}\ntime {}", STANDARD.encode(root), self.signed_at.millis())
    }
}

fn parse(text: &str) -> Option<Removal> {
    let mut lines = text.lines();
    let origin = lines.next()?.to_owned();
    let mut said = |name: &str| lines.by_ref().find_map(|line| line.strip_prefix(name));
    let partition = said("partition ")?.to_owned();
    let (first, last) = said("positions ")?.split_once(' ')?;
    let events = said("events ")?.parse().ok()?;
    let (tree_size, root) = said("under ")?.split_once(' ')?;
    let month = Leaving {
        partition,
        positions: (first.parse().ok()?, last.parse().ok()?),
        events,
        tree_size: tree_size.parse().ok()?,
        root: STANDARD.decode(root).ok()?.try_into().ok()?,
    };
    let removal = Removal { origin, month, signed_at: Timestamp::from_millis(said("time ")?.parse().ok()?) };
    // Nothing is said in two ways, and nothing more is said.
    (removal.to_string() == text).then_some(removal)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::{evidence::Checkpoint, keys::tests::keys};

    fn removal() -> Removal {
        let month = Leaving {
            partition: "events_grant_2026_05".to_owned(),
            positions: (7, 90),
            events: 40,
            tree_size: 80,
            root: [7; 32],
        };
        Removal { origin: "idp.example.org".to_owned(), month, signed_at: Timestamp::from_millis(1_795_478_400_000) }
    }

    fn verifier(seed: u64) -> Verifier {
        Verifier::of(&keys(seed), "idp.example.org".to_owned())
    }

    #[test]
    fn a_note_that_somebody_else_signed_or_changed_is_refused() {
        let note = removal().sign(&keys(1));
        assert_eq!(Removal::open(&note, &verifier(2)), Err(NoteError::Signature));
        for (from, to) in
            [("grant", "session"), ("positions 7 ", "positions 6 "), ("events 40", "events 41"), ("idp", "idq")]
        {
            assert_eq!(Removal::open(&note.replace(from, to), &verifier(1)), Err(NoteError::Signature), "{to}");
        }
        for text in ["", "\n\n", &note.replace("retention", "more"), &note.replace("events 40", "events 040")] {
            assert_eq!(Removal::open(text, &verifier(1)), Err(NoteError::Form), "{text}");
        }
    }

    #[test]
    fn a_checkpoint_is_not_taken_for_it_nor_the_other_way_round() {
        let Removal { origin, signed_at, .. } = removal();
        let checkpoint = Checkpoint { origin, tree_size: 80, root: [7; 32], last_position: 90, signed_at };
        assert_eq!(Removal::open(&checkpoint.sign(&keys(1)), &verifier(1)), Err(NoteError::Form));
        assert_eq!(verifier(1).open(&removal().sign(&keys(1))), Err(NoteError::Form));
    }

    #[test]
    fn what_was_signed_is_read() {
        assert_eq!(Removal::open(&removal().sign(&keys(1)), &verifier(1)).unwrap(), removal());
    }
}
