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
    io::{self, BufRead, BufReader},
    path::{Path, PathBuf},
};
use thiserror::Error;

const BATCH: i64 = 1000;

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
        let first = after.map_or(0, |leaf| leaf.number + 1);
        read!(connections, |c| evidence::list_leaves(c, first, BATCH))
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
    let mut text = String::new();
    loop {
        text.clear();
        let length = lines.read_line(&mut text).map_err(|error| ReadError::Io(path.to_owned(), error))?;
        if length == 0 {
            return Ok(None);
        }
        *number += 1;
        let line = Line::read(&text).ok_or_else(|| ReadError::Line(path.to_owned(), *number))?;
        if let Some(piece) = T::of(line) {
            return Ok(Some(piece));
        }
    }
}
