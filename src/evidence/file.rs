//! Evidence outside of the database: a file that only grows, with every leaf and every checkpoint, a JSON object a line.
//!
//! After a crash the file is taken up where its last whole line ends. What stands in it is compared with the database before
//! anything is added: a database whose evidence was exchanged is told of, and not followed. Who writes locks it, so that two servers, or a
//! server and the command line, may have the same file.

use super::{line::Line, note::Verifier};
use crate::{
    database::{Connections, QueryError},
    read,
};
use projections::evidence::{self, CheckpointRow, LeafRow};
use std::{
    fs::{File, OpenOptions},
    io::{self, Read, Seek, SeekFrom, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};
use thiserror::Error;

const BATCH: i64 = 1000;
/// More than the last leaf and the checkpoint behind it.
const TAIL: u64 = 8192;
/// With this such a file begins, or with as much of it as was written before a crash.
const BEGINNING: &[u8] = br#"{"number":0,"#;

/// Why the file cannot be gone on with.
#[derive(Debug, Error)]
pub enum EvidenceFileError {
    /// It cannot be read or written.
    #[error("the evidence file {0}: {1}")]
    Io(PathBuf, #[source] io::Error),
    /// It does not end as such a file.
    #[error("the evidence file {0} does not end with evidence: give another file")]
    Content(PathBuf),
    /// The database says otherwise.
    #[error(
        "the evidence file {0} and the database disagree about entry {1} or an earlier one: run `argus audit verify --evidence {0}`"
    )]
    Disagrees(PathBuf, i64),
    /// The database's.
    #[error(transparent)]
    Query(#[from] QueryError),
}

/// An open file, ready to be added to.
pub(super) struct EvidenceFile {
    path: PathBuf,
    file: File,
    /// The last entry that it holds.
    last: Option<LeafRow>,
    /// The last checkpoint, when it ends with one.
    checkpoint: Option<String>,
}

impl EvidenceFile {
    /// Opens it, or makes it, readable by its owner alone. A last line that was not written whole is cut off.
    ///
    /// # Errors
    /// [`EvidenceFileError`].
    pub(super) fn open(path: &Path) -> Result<Self, EvidenceFileError> {
        let failed = |error| EvidenceFileError::Io(path.to_owned(), error);
        let mut options = OpenOptions::new();
        let file =
            options.read(true).write(true).create(true).truncate(false).mode(0o600).open(path).map_err(failed)?;
        file.lock().map_err(failed)?;
        let (lines, end) = tail(&file).map_err(failed)?;
        let lines: Option<Vec<Line>> = lines.iter().map(|line| Line::read(line)).collect();
        // Nothing is cut off from what is not evidence. Where nothing is left, no more than a line was written.
        let lines = lines.filter(|lines| end == 0 || !lines.is_empty());
        let lines = lines.ok_or_else(|| EvidenceFileError::Content(path.to_owned()))?;
        file.set_len(end).and_then(|()| (&file).seek(SeekFrom::Start(end))).map_err(failed)?;
        let leaf = |line: &Line| if let Line::Leaf(leaf) = line { Some(*leaf) } else { None };
        let last = lines.iter().rev().find_map(leaf);
        let note = |line| if let Line::Checkpoint(note) = line { Some(note) } else { None };
        let checkpoint = lines.into_iter().next_back().and_then(note);
        Ok(Self { path: path.to_owned(), file, last, checkpoint })
    }

    /// Adds what the newest checkpoint covers, and that checkpoint, safe on disk when this returns.
    ///
    /// # Errors
    /// [`EvidenceFileError`].
    pub(super) async fn extend(mut self, connections: &Connections) -> Result<(), EvidenceFileError> {
        let Some(newest) = read!(connections, |c| evidence::find_latest(c))? else { return Ok(()) };
        let next = self.last.map_or(0, |last| last.number + 1);
        if newest.tree_size < next || newest.tree_size == next && self.checkpoint.is_some() {
            return Ok(());
        }
        self.append(connections, next, &newest).await?;
        self.file.sync_data().map_err(|error| EvidenceFileError::Io(self.path, error))
    }

    /// Whether the database still holds what the file ends with: its last entry, and the tree that its last checkpoint is over.
    ///
    /// # Errors
    /// [`EvidenceFileError`].
    pub(super) async fn agree(&self, connections: &Connections, verifier: &Verifier) -> Result<(), EvidenceFileError> {
        let Some(last) = self.last else { return Ok(()) };
        let found = read!(connections, |c| evidence::list_leaves(c, last.number, 1))?;
        let mut agrees = found.first() == Some(&last);
        if let (true, Some(note)) = (agrees, &self.checkpoint) {
            let signed = verifier.open(note).map_err(|_| EvidenceFileError::Content(self.path.clone()))?;
            agrees = signed.root == read!(connections, |c| evidence::root(c, signed.tree_size))?;
        }
        if agrees { Ok(()) } else { Err(EvidenceFileError::Disagrees(self.path.clone(), last.number)) }
    }

    async fn append(
        &mut self,
        connections: &Connections,
        mut next: i64,
        newest: &CheckpointRow,
    ) -> Result<(), EvidenceFileError> {
        while next < newest.tree_size {
            let most = BATCH.min(newest.tree_size - next);
            let leaves = read!(connections, |c| evidence::list_leaves(c, next, most))?;
            next += most;
            self.write(leaves.into_iter().map(Line::Leaf))?;
        }
        self.write([Line::Checkpoint(newest.note.clone())])
    }

    fn write(&mut self, lines: impl IntoIterator<Item = Line>) -> Result<(), EvidenceFileError> {
        let mut text = String::new();
        let written = lines.into_iter().try_for_each(|line| {
            text.push_str(&line.write()?);
            text.push('\n');
            Ok(())
        });
        let written = written.and_then(|()| self.file.write_all(text.as_bytes()));
        written.map_err(|error| EvidenceFileError::Io(self.path.clone(), error))
    }
}

/// The last whole lines of the file, and where the last one ends.
fn tail(mut file: &File) -> io::Result<(Vec<String>, u64)> {
    let from = file.metadata()?.len().saturating_sub(TAIL);
    let mut begins = Vec::new();
    file.seek(SeekFrom::Start(0))?;
    file.take(BEGINNING.len() as u64).read_to_end(&mut begins)?;
    if !BEGINNING.starts_with(&begins) {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "it does not begin as a file of evidence"));
    }
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(from))?;
    file.read_to_end(&mut bytes)?;
    let text = String::from_utf8_lossy(&bytes);
    let whole = text.rsplit_once('\n').map_or("", |(whole, _)| whole);
    let end = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at as u64 + 1);
    // Where the file goes back further, the first line here is the end of one.
    let lines = whole.split_terminator('\n').skip(usize::from(from > 0));
    Ok((lines.map(str::to_owned).collect(), from + end))
}
