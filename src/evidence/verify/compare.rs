//! Whether every event is the one that was hashed, and nothing else is there.

use super::{Finding, Kind};
use crate::{
    event_store::retention::Leaving,
    evidence::{
        note::Verifier,
        reader::{Dropped, ReadError, Reader, Source},
        removal::Removal,
    },
};
use projections::evidence::{LeafRow, LoggedEvent};
use std::path::Path;

/// One event belongs to an entry; of what somebody put there, no more is looked at.
const ENOUGH: usize = 100;

/// What came of it.
pub(super) struct Compared {
    /// How many entries there are.
    pub(super) entries: i64,
    /// Of these, known by their hash alone.
    pub(super) dropped: i64,
    /// Events after the last entry.
    pub(super) waiting: i64,
    pub(super) finding: Option<Finding>,
}

/// What is compared with what.
#[derive(Clone, Copy)]
pub(super) struct Comparison<'a> {
    pub(super) log: &'a Source,
    /// Exported evidence, which is believed up to a size.
    pub(super) evidence: Option<(&'a Path, i64)>,
    /// How many of the log's own hashes count.
    pub(super) hashed: i64,
    /// Tells what retention took.
    pub(super) verifier: &'a Verifier,
}

/// The hashes to believe: exported ones as far as they were signed, then the log's own, up to the first gap.
struct Hashes {
    exported: Option<(Reader<LeafRow>, i64)>,
    own: Reader<LeafRow>,
    hashed: i64,
    next: i64,
}

impl Hashes {
    fn open(comparison: &Comparison<'_>) -> Result<Self, ReadError> {
        let exported = match comparison.evidence {
            Some((path, size)) => Some((Reader::open(&Source::File(path.to_owned()))?, size)),
            None => None,
        };
        Ok(Self { exported, own: Reader::open(comparison.log)?, hashed: comparison.hashed, next: 0 })
    }

    async fn next(&mut self) -> Result<Option<LeafRow>, ReadError> {
        let leaf = match &mut self.exported {
            Some((exported, size)) if self.next < *size => exported.next().await?,
            _ => loop {
                match self.own.next().await? {
                    Some(leaf) if leaf.number < self.next => {}
                    leaf => break leaf.filter(|leaf| leaf.number == self.next && self.next < self.hashed),
                }
            },
        };
        self.next += i64::from(leaf.is_some());
        Ok(leaf)
    }
}

/// Goes through the log and the hashes side by side.
pub(super) async fn compare_log(comparison: &Comparison<'_>) -> Result<Compared, ReadError> {
    let mut hashes = Hashes::open(comparison)?;
    let mut events = Reader::<LoggedEvent>::open(comparison.log)?;
    let mut dropped = comparison.dropped().await?;
    let mut compared = Compared { entries: 0, dropped: 0, waiting: 0, finding: None };
    let mut first_dropped = None;
    let mut event = events.next().await?;
    while let Some(leaf) = hashes.next().await? {
        let mut here = Vec::new();
        while let Some(found) = event.take_if(|event| event.position() <= leaf.position && here.len() < ENOUGH) {
            here.push(found);
            event = events.next().await?;
        }
        compared.entries = leaf.number + 1;
        let Some(finding) = wrong(&leaf, &here) else { continue };
        if finding.kind == Kind::Removed && !is_dropped(&dropped, leaf.position) {
            // Retention may be at work.
            dropped = comparison.dropped().await?;
        }
        if finding.kind != Kind::Removed || !is_dropped(&dropped, leaf.position) {
            let moved = comparison.moved(&finding, &leaf, &here).await?;
            return Ok(Compared { finding: Some(moved.unwrap_or(finding)), ..compared });
        }
        compared.dropped += 1;
        first_dropped.get_or_insert(leaf);
    }
    while event.is_some() {
        compared.waiting += 1;
        event = events.next().await?;
    }
    compared.finding = unaccounted(&dropped, compared.dropped, first_dropped);
    Ok(compared)
}

/// What is wrong with the events that stand after the entry before this one, up to its place.
fn wrong(leaf: &LeafRow, here: &[LoggedEvent]) -> Option<Finding> {
    let finding = |kind, event: Option<&LoggedEvent>| {
        let position = event.map_or(leaf.position, LoggedEvent::position);
        Some(Finding { kind, number: leaf.number, position, event: event.map(LoggedEvent::described) })
    };
    let stranger = here.iter().find(|event| event.position() < leaf.position);
    if stranger.is_some() {
        return finding(Kind::Inserted, stranger);
    }
    let is_it = |event: &&LoggedEvent| event.leaf_hash() == leaf.hash;
    match (here, here.iter().find(is_it)) {
        ([], _) => finding(Kind::Removed, None),
        ([first, ..], None) => finding(Kind::Changed, Some(first)),
        ([_], Some(_)) => None,
        (_, Some(_)) => finding(Kind::Inserted, here.iter().find(|event| !is_it(event))),
    }
}

fn is_dropped(months: &[Leaving], position: i64) -> bool {
    months.iter().any(|Leaving { positions: (first, last), .. }| (*first..=*last).contains(&position))
}

/// Ranges of several months overlap, so who removes events inside one is found by their number. The place is that of the first
/// event that is missing.
fn unaccounted(months: &[Leaving], missing: i64, first: Option<LeafRow>) -> Option<Finding> {
    let more = months.iter().fold(missing, |more, month| more.saturating_sub(month.events));
    let LeafRow { number, position, .. } = first.filter(|_| more > 0)?;
    Some(Finding { kind: Kind::Unaccounted { more }, number, position, event: None })
}

impl Comparison<'_> {
    /// Months that left the log, each once. Of what is not signed nothing is believed.
    async fn dropped(&self) -> Result<Vec<Leaving>, ReadError> {
        let (mut notes, mut months) = (Reader::<Dropped>::open(self.log)?, Vec::<Leaving>::new());
        while let Some(Dropped(note)) = notes.next().await? {
            let removal = Removal::open(&note, self.verifier).ok();
            let new = removal.filter(|new| months.iter().all(|month| month.partition != new.month.partition));
            months.extend(new.map(|removal| removal.month));
        }
        Ok(months)
    }

    /// An event that is missing in one place and strange in another was moved.
    async fn moved(
        &self,
        finding: &Finding,
        leaf: &LeafRow,
        here: &[LoggedEvent],
    ) -> Result<Option<Finding>, ReadError> {
        if finding.kind == Kind::Inserted {
            let mut hashes = Hashes::open(self)?;
            while let Some(leaf) = hashes.next().await? {
                if let Some(event) = here.iter().find(|event| belongs(event, &leaf)) {
                    return Ok(Some(moved_from(&leaf, event)));
                }
            }
            return Ok(None);
        }
        let mut events = Reader::<LoggedEvent>::open(self.log)?;
        while let Some(event) = events.next().await? {
            if belongs(&event, leaf) {
                return Ok(Some(moved_from(leaf, &event)));
            }
        }
        Ok(None)
    }
}

/// Whether it would be this entry's event, if it stood there.
fn belongs(event: &LoggedEvent, leaf: &LeafRow) -> bool {
    event.position() != leaf.position && event.leaf_hash_at(leaf.position) == leaf.hash
}

fn moved_from(leaf: &LeafRow, event: &LoggedEvent) -> Finding {
    let (kind, described) = (Kind::Moved { to: event.position() }, Some(event.described()));
    Finding { kind, number: leaf.number, position: leaf.position, event: described }
}

/// The first hash of the database that is not the one that was exported, of as many as are believed.
pub(super) async fn compare_leaves(log: &Source, evidence: &Path, size: i64) -> Result<Option<Finding>, ReadError> {
    let mut exported = Reader::<LeafRow>::open(&Source::File(evidence.to_owned()))?;
    let mut own = Reader::<LeafRow>::open(log)?;
    while let Some(leaf) = exported.next().await?.filter(|leaf| leaf.number < size) {
        let found = own.next().await?;
        if found != Some(leaf) {
            let LeafRow { number, position, .. } = leaf;
            return Ok(Some(Finding { kind: Kind::HashChanged, number, position, event: None }));
        }
    }
    Ok(None)
}
