//! Reading a log and its evidence piece by piece: from a database or from an exported file.

use super::line::Line;
use crate::{
    database::{Connections, QueryError},
    read,
};
use projections::evidence::{self, CheckpointRow, LeafRow, LogPlace, LoggedEvent};
use std::{
    collections::VecDeque,
    fs::File,
    io::{self, BufRead, BufReader, Read},
    path::{Path, PathBuf},
};
use thiserror::Error;

const BATCH: i64 = 1000;
/// Longer than any event that a program writes.
const LONGEST_LINE: u64 = 64 << 20;

/// Why a log or its evidence cannot be read.
#[derive(Debug, Error)]
pub enum ReadError {
    /// The database's.
    #[error(transparent)]
    Query(#[from] QueryError),
    /// A file's.
    #[error("{0}: {1}")]
    Io(PathBuf, #[source] io::Error),
    /// A file that is none of ours.
    #[error("{0}, line {1}: neither a log nor evidence")]
    Line(PathBuf, u64),
}

/// Where a log, or evidence of one, is.
#[derive(Clone)]
pub enum Source {
    /// A database.
    Database(Connections),
    /// An exported file.
    File(PathBuf),
}

impl Source {
    /// The size of the newest checkpoint, by its row, and then the number of hashes, which were all made before: who reads on from here
    /// beside a running server goes no further. A file does not grow while it is read.
    pub(super) async fn extent(&self) -> Result<Extent, ReadError> {
        let Self::Database(connections) = self else { return Ok(Extent { signed: i64::MAX, hashed: i64::MAX }) };
        let newest = read!(connections, |c| evidence::find_latest(c))?;
        let hashed = read!(connections, |c| evidence::size(c))?;
        Ok(Extent { signed: newest.map_or(0, |newest| newest.tree_size), hashed })
    }
}

/// How far a source goes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Extent {
    pub(super) signed: i64,
    pub(super) hashed: i64,
}

/// What can be read piece by piece.
pub(super) trait Piece: Sized {
    /// The next ones of a database.
    async fn page(connections: &Connections, after: Option<&Self>) -> Result<Vec<Self>, QueryError>;
    /// The one that a line holds.
    fn of(line: Line) -> Option<Self>;
}

impl Piece for LoggedEvent {
    async fn page(connections: &Connections, after: Option<&Self>) -> Result<Vec<Self>, QueryError> {
        let place = after.map_or_else(LogPlace::start, LogPlace::of);
        read!(connections, |c| evidence::list_events(c, &place, BATCH))
    }

    fn of(line: Line) -> Option<Self> {
        if let Line::Event(event) = line { Some(event) } else { None }
    }
}

impl Piece for LeafRow {
    async fn page(connections: &Connections, after: Option<&Self>) -> Result<Vec<Self>, QueryError> {
        match after.map_or(Some(0), |leaf| leaf.number.checked_add(1)) {
            Some(first) => read!(connections, |c| evidence::list_leaves(c, first, BATCH)),
            None => Ok(Vec::new()),
        }
    }

    fn of(line: Line) -> Option<Self> {
        if let Line::Leaf(leaf) = line { Some(leaf) } else { None }
    }
}

/// A checkpoint, with what its row says of it.
pub(super) struct Signed {
    pub(super) note: String,
    pub(super) row: Option<CheckpointRow>,
}

impl Signed {
    /// Of the tree, by the row.
    pub(super) fn size(&self) -> i64 {
        self.row.as_ref().map_or(0, |row| row.tree_size)
    }
}

impl Piece for Signed {
    async fn page(connections: &Connections, after: Option<&Self>) -> Result<Vec<Self>, QueryError> {
        let size = after.map_or(0, Self::size);
        let rows = read!(connections, |c| evidence::list_checkpoints(c, size, BATCH))?;
        Ok(rows.into_iter().map(|row| Self { note: row.note.clone(), row: Some(row) }).collect())
    }

    fn of(line: Line) -> Option<Self> {
        if let Line::Checkpoint(note) = line { Some(Self { note, row: None }) } else { None }
    }
}

/// The note that something left the log.
pub(super) struct Dropped(pub(super) String);

impl Piece for Dropped {
    async fn page(connections: &Connections, after: Option<&Self>) -> Result<Vec<Self>, QueryError> {
        match after {
            None => Ok(read!(connections, |c| evidence::list_dropped(c))?.into_iter().map(Self).collect()),
            Some(_) => Ok(Vec::new()),
        }
    }

    fn of(line: Line) -> Option<Self> {
        if let Line::Dropped(note) = line { Some(Self(note)) } else { None }
    }
}

/// A reader of one kind of pieces.
pub(super) struct Reader<T> {
    place: Place,
    read: VecDeque<T>,
    ended: bool,
}

enum Place {
    Database(Connections),
    File { path: PathBuf, lines: BufReader<File>, number: u64 },
}

impl<T: Piece> Reader<T> {
    pub(super) fn open(source: &Source) -> Result<Self, ReadError> {
        let place = match source {
            Source::Database(connections) => Place::Database(connections.clone()),
            Source::File(path) => {
                let file = File::open(path).map_err(|error| ReadError::Io(path.clone(), error))?;
                Place::File { path: path.clone(), lines: BufReader::new(file), number: 0 }
            }
        };
        Ok(Self { place, read: VecDeque::new(), ended: false })
    }

    /// All that are left.
    pub(super) async fn rest(mut self) -> Result<Vec<T>, ReadError> {
        let mut pieces = Vec::new();
        while let Some(piece) = self.next().await? {
            pieces.push(piece);
        }
        Ok(pieces)
    }

    /// The next one.
    pub(super) async fn next(&mut self) -> Result<Option<T>, ReadError> {
        match &mut self.place {
            Place::File { path, lines, number } => next_in_file(path, lines, number),
            Place::Database(connections) => {
                // The last one stays, as the place to go on from.
                while self.read.len() < 2 && !self.ended {
                    let more = T::page(connections, self.read.back()).await?;
                    self.ended = more.is_empty();
                    self.read.extend(more);
                }
                Ok(self.read.pop_front())
            }
        }
    }
}

fn next_in_file<T: Piece>(path: &Path, lines: &mut BufReader<File>, number: &mut u64) -> Result<Option<T>, ReadError> {
    let mut text = Vec::new();
    loop {
        text.clear();
        let length = lines.take(LONGEST_LINE).read_until(b'\n', &mut text);
        let length = length.map_err(|error| ReadError::Io(path.to_owned(), error))?;
        *number += 1;
        let whole = text.strip_suffix(b"\n");
        if whole.is_none() && (length as u64) < LONGEST_LINE {
            // The end, or what somebody is writing, or was when it crashed.
            return Ok(None);
        }
        let line = whole.and_then(|text| Line::read(std::str::from_utf8(text).ok()?));
        let line = line.ok_or_else(|| ReadError::Line(path.to_owned(), *number))?;
        if let Some(piece) = T::of(line) {
            return Ok(Some(piece));
        }
    }
}
