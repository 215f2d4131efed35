//! A file with a CloudEvent a line. Every line is on disk before the cursor passes it; a line that a crash tore is taken away;
//! a file that was rotated away is made anew.

use super::cloud_event::Told;
use crate::event_store::follow::Undelivered;
use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    os::unix::fs::{FileExt, MetadataExt, OpenOptionsExt},
    path::{Path, PathBuf},
    sync::Arc,
};
use tokio::task::spawn_blocking;

/// How much of the end is read at once in search of a line's end.
const BLOCK: u64 = 64 * 1024;

/// The file, opened when it is first needed.
pub(super) struct Jsonl {
    path: Arc<Path>,
    file: Option<File>,
}

impl Jsonl {
    pub(super) fn new(path: PathBuf) -> Self {
        Self { path: path.into(), file: None }
    }

    /// Appends a line each.
    pub(super) async fn append(&mut self, told: &[Told<'_>]) -> Result<usize, Undelivered> {
        self.write(told.iter().map(|told| format!("{}\n", told.event)).collect()).await?;
        Ok(told.len())
    }

    async fn write(&mut self, lines: String) -> Result<(), Undelivered> {
        let (path, file) = (Arc::clone(&self.path), self.file.take());
        let written = spawn_blocking(move || write(&path, file, &lines)).await;
        let written = written.unwrap_or_else(|broken| Err(io::Error::other(broken)));
        let file = written.map_err(|error| Undelivered::ForNow(format!("{}: {error}", self.path.display())))?;
        self.file = Some(file);
        Ok(())
    }
}

/// Writes the lines and waits for the disk. Returns the file for the next time.
fn write(path: &Path, open: Option<File>, lines: &str) -> io::Result<File> {
    let mut file = match open {
        Some(file) if is_at(&file, path) => file,
        _ => open_at(path)?,
    };
    // Only one instance delivers at a time; but one that was given up may still be writing.
    file.try_lock()?;
    repair(&file)?;
    file.write_all(lines.as_bytes())?;
    file.sync_data()?;
    file.unlock()?;
    Ok(file)
}

/// Whether the path still leads to this file.
fn is_at(file: &File, path: &Path) -> bool {
    let same = |(open, there): (fs::Metadata, fs::Metadata)| (open.dev(), open.ino()) == (there.dev(), there.ino());
    file.metadata().ok().zip(fs::metadata(path).ok()).is_some_and(same)
}

fn open_at(path: &Path) -> io::Result<File> {
    let file = OpenOptions::new().read(true).append(true).create(true).mode(0o600).open(path)?;
    // A new file's name must be on disk, too.
    if let Some(directory) = path.parent() {
        let directory = if directory.as_os_str().is_empty() { Path::new(".") } else { directory };
        File::open(directory)?.sync_all()?;
    }
    Ok(file)
}

/// Cuts off what comes after the last line's end.
fn repair(file: &File) -> io::Result<()> {
    let length = file.metadata()?.len();
    let whole = end_of_lines(file, length)?;
    if whole < length { file.set_len(whole) } else { Ok(()) }
}

fn end_of_lines(file: &File, length: u64) -> io::Result<u64> {
    let (mut end, mut size) = (length, 1);
    while end > 0 {
        let start = end.saturating_sub(size);
        let mut block = vec![0; usize::try_from(end - start).unwrap_or_default()];
        file.read_exact_at(&mut block, start)?;
        if let Some(at) = block.iter().rposition(|byte| *byte == b'\n') {
            return Ok(start + u64::try_from(at).unwrap_or_default() + 1);
        }
        // Nearly always the very last byte is it.
        (end, size) = (start, BLOCK);
    }
    Ok(0)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[tokio::test]
    async fn a_file_that_cannot_be_written_is_said_by_its_name() {
        let refused = Jsonl::new("/nonexistent/feed.jsonl".into()).write("1\n".to_owned()).await;
        assert!(matches!(refused, Err(Undelivered::ForNow(reason)) if reason.contains("/nonexistent/feed.jsonl")));
    }

    #[tokio::test]
    async fn another_who_is_writing_is_not_disturbed() {
        let path = tempfile::tempdir().unwrap().keep().join("feed.jsonl");
        let other = open_at(&path).unwrap();
        other.lock().unwrap();
        assert!(matches!(Jsonl::new(path.clone()).write("1\n".to_owned()).await, Err(Undelivered::ForNow(_))));
        other.unlock().unwrap();
        assert_eq!(Jsonl::new(path.clone()).write("1\n".to_owned()).await, Ok(()));
    }

    #[tokio::test]
    async fn a_torn_line_is_taken_away_however_long_it_is() {
        let dir = tempfile::tempdir().unwrap();
        for (case, (before, after)) in [
            ("", "1\n"),
            ("{\"torn", "1\n"),
            ("0\n", "0\n1\n"),
            ("0\n{\"torn", "0\n1\n"),
            (&format!("0\n{}", "x".repeat(200_000)), "0\n1\n"),
            (&"x".repeat(200_000), "1\n"),
        ]
        .into_iter()
        .enumerate()
        {
            let path = dir.path().join(case.to_string());
            fs::write(&path, before).unwrap();
            Jsonl::new(path.clone()).write("1\n".to_owned()).await.unwrap();
            assert_eq!(fs::read_to_string(&path).unwrap(), after, "case {case}");
        }
    }

    #[tokio::test]
    async fn a_line_torn_while_the_file_is_open_is_taken_away_too() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("feed.jsonl");
        let mut sink = Jsonl::new(path.clone());
        sink.write("1\n".to_owned()).await.unwrap();
        OpenOptions::new().append(true).open(&path).unwrap().write_all(b"{\"torn").unwrap();
        sink.write("2\n".to_owned()).await.unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "1\n2\n");
    }

    #[tokio::test]
    async fn a_rotated_file_is_made_anew_and_is_its_owners_only() {
        let dir = tempfile::tempdir().unwrap();
        let (path, old) = (dir.path().join("feed.jsonl"), dir.path().join("feed.jsonl.1"));
        let mut sink = Jsonl::new(path.clone());
        sink.write("1\n2\n".to_owned()).await.unwrap();
        fs::rename(&path, &old).unwrap();
        sink.write("3\n".to_owned()).await.unwrap();
        sink.write("4\n".to_owned()).await.unwrap();
        assert_eq!(fs::read_to_string(&old).unwrap(), "1\n2\n");
        assert_eq!(fs::read_to_string(&path).unwrap(), "3\n4\n");
        for path in [path, old] {
            assert_eq!(fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }
}
