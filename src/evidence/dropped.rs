//! What retention took, as a signed note (C2SP signed-note): without the log's key nobody can pass off removed events as dropped.

use super::note::{Verifier, sign};
use crate::keys::Keys;
use projections::evidence::DroppedRange;

/// The note of what retention takes out of the log of this name. Its text, of four lines, is no checkpoint's.
#[must_use]
pub fn sign_dropped(range: &DroppedRange, name: &str, keys: &Keys) -> String {
    sign(&text(name, range), name, keys)
}

impl Verifier {
    /// What a note says was taken; none when that is not signed by the log's key.
    pub(super) fn dropped(&self, note: &str) -> Option<DroppedRange> {
        self.opened(note, parse).ok()
    }
}

fn text(name: &str, DroppedRange { partition, first_position, last_position, events }: &DroppedRange) -> String {
    format!("{name}\ndropped {partition}\npositions {first_position} to {last_position}\nevents {events}\n")
}

fn parse(said: &str) -> Option<DroppedRange> {
    let mut lines = said.lines();
    let name = lines.next()?;
    let partition = lines.next()?.strip_prefix("dropped ")?.to_owned();
    let (first, last) = lines.next()?.strip_prefix("positions ")?.split_once(" to ")?;
    let (first_position, last_position) = (first.parse().ok()?, last.parse().ok()?);
    let events = lines.next()?.strip_prefix("events ")?.parse().ok()?;
    let range = DroppedRange { partition, first_position, last_position, events };
    (text(name, &range) == said).then_some(range)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::{evidence::Checkpoint, keys::tests::keys};
    use aggregates::values::Timestamp;

    const NAME: &str = "idp.example.org";

    fn range() -> DroppedRange {
        DroppedRange { partition: "events_grant_2026_05".to_owned(), first_position: 3, last_position: 9, events: 5 }
    }

    #[test]
    fn what_the_log_did_not_sign_or_signed_as_something_else_is_not_dropped() {
        let (own, other) = (Verifier::of(&keys(1), NAME.to_owned()), Verifier::of(&keys(2), NAME.to_owned()));
        let note = sign_dropped(&range(), NAME, &keys(1));
        assert_eq!(other.dropped(&note), None);
        for (from, to) in [("events 5", "events 6"), ("3 to", "1 to"), ("_05", "_06"), ("idp", "idq"), ("\n\n", "\n")] {
            assert_eq!(own.dropped(&note.replace(from, to)), None, "{to}");
        }
        own.open(&note).unwrap_err();
        let (origin, signed_at) = (NAME.to_owned(), Timestamp::from_millis(0));
        let checkpoint = Checkpoint { origin, tree_size: 1, root: [0; 32], last_position: 1, signed_at };
        assert_eq!(own.dropped(&checkpoint.sign(&keys(1))), None);
    }

    #[test]
    fn what_was_signed_is_read() {
        let note = sign_dropped(&range(), NAME, &keys(1));
        assert!(note.starts_with("idp.example.org\ndropped events_grant_2026_05\npositions 3 to 9\nevents 5\n\n— "));
        assert_eq!(Verifier::of(&keys(1), NAME.to_owned()).dropped(&note), Some(range()));
    }
}
