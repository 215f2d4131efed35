//! The log in a file, as it is hashed, with all of its evidence: enough to verify it anywhere.

use super::{
    line::Line,
    reader::{Dropped, ReadError, Reader, Signed, Source},
};
use crate::database::Connections;
use projections::evidence::{LeafRow, LoggedEvent};
use std::io::{self, Write};
use thiserror::Error;

/// Why the log could not be written out.
#[derive(Debug, Error)]
pub enum ExportError {
    /// The database's.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// Where it goes.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// Writes a JSON object a line: events and leaves in the order of positions, checkpoints behind the last leaf that they cover, and at the
/// end what retention took. Nothing is judged: what is wrong in the database is wrong in the file. Returns the number of events.
///
/// # Errors
/// [`ExportError`].
pub async fn export_log(connections: &Connections, out: &mut impl Write) -> Result<u64, ExportError> {
    let source = Source::Database(connections.clone());
    let mut writer = Writer { out, events: 0 };
    let extent = source.extent().await?;
    let mut events = Reader::<LoggedEvent>::open(&source)?;
    let (mut leaves, mut notes) = (Reader::<LeafRow>::open(&source)?, Reader::<Signed>::open(&source)?);
    let (mut event, mut note) = (events.next().await?, notes.next().await?);
    while let Some(leaf) = leaves.next().await?.filter(|leaf| leaf.number < extent.hashed) {
        while let Some(earlier) = event.take_if(|event| event.position() <= leaf.position) {
            writer.write(&Line::Event(earlier))?;
            event = events.next().await?;
        }
        writer.write(&Line::Leaf(leaf))?;
        while let Some(signed) = note.take_if(|signed| signed.size() <= leaf.number + 1) {
            writer.write(&Line::Checkpoint(signed.note))?;
            note = notes.next().await?;
        }
    }
    while let Some(later) = event {
        writer.write(&Line::Event(later))?;
        event = events.next().await?;
    }
    while let Some(signed) = note.filter(|signed| signed.size() <= extent.signed) {
        writer.write(&Line::Checkpoint(signed.note))?;
        note = notes.next().await?;
    }
    // Read last, so that what was taken meanwhile is among it.
    for Dropped(note) in Reader::open(&source)?.rest().await? {
        writer.write(&Line::Dropped(note))?;
    }
    Ok(writer.events)
}

struct Writer<'a, W> {
    out: &'a mut W,
    events: u64,
}

impl<W: Write> Writer<'_, W> {
    fn write(&mut self, line: &Line) -> io::Result<()> {
        self.events += u64::from(matches!(line, Line::Event(_)));
        writeln!(self.out, "{}", line.write()?)
    }
}
