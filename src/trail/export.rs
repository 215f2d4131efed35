//! The whole answer to a question, as a stream: page by page from the trail, so that its length costs no memory. The last line says
//! how many entries stand above it, with the SHA-256 of all bytes above it. An export that broke off has no such line.

use super::{Notation, csv};
use crate::{
    database::{Connections, QueryError},
    read,
};
use aws_lc_rs::digest::{Context, SHA256};
use bytes::Bytes;
use clap::ValueEnum;
use futures_util::stream::{self, Stream};
use projections::audit::{Asked, AuditRow, Page};
use serde::Deserialize;
use serde_json::json;
use thiserror::Error;
use tokio::sync::Semaphore;
use utoipa::ToSchema;

/// Entries that are read at once.
const PAGE: i64 = 1000;
/// Pages that all exports together read at the same time, each in its turn: however many there are, they leave the other
/// connections to the database to those who sign in.
static READING: Semaphore = Semaphore::const_new(2);

/// As what the trail is exported.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// A JSON object a line, with every field.
    #[default]
    Jsonl,
    /// A table, for spreadsheets.
    Csv,
    /// An event of the Elastic Common Schema 8.17 a line.
    Ecs,
    /// An event of the Open Cybersecurity Schema Framework 1.6.0 a line.
    Ocsf,
}

/// Why an export broke off.
#[derive(Debug, Error)]
pub enum ExportError {
    /// The database's.
    #[error(transparent)]
    Storage(#[from] QueryError),
    /// An entry could not be written.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
}

impl Format {
    /// The words that a request may say.
    pub const WORDS: [&str; 4] = ["jsonl", "csv", "ecs", "ocsf"];

    /// Media type.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8; header=present",
            Self::Jsonl | Self::Ecs | Self::Ocsf => "application/jsonl",
        }
    }

    /// A name for the file.
    #[must_use]
    pub const fn file_name(self) -> &'static str {
        if matches!(self, Self::Csv) { "audit.csv" } else { "audit.jsonl" }
    }

    fn head(self) -> String {
        if self == Self::Csv { csv::header() } else { String::new() }
    }

    fn line(self, row: AuditRow) -> serde_json::Result<String> {
        let notation = match self {
            Self::Csv => return csv::row(&row),
            Self::Jsonl => Notation::Argus,
            Self::Ecs => Notation::Ecs,
            Self::Ocsf => Notation::Ocsf,
        };
        Ok(serde_json::to_string(&notation.told(row))? + "\n")
    }

    fn end(self, rows: u64, sha256: &str) -> String {
        match self {
            Self::Csv => format!("# rows={rows} sha256={sha256}\r\n"),
            Self::Jsonl | Self::Ecs | Self::Ocsf => format!("{}\n", json!({ "rows": rows, "sha256": sha256 })),
        }
    }
}

/// Where an export is.
struct Progress {
    /// The position of the last entry; none when there are no more.
    after: Option<i64>,
    rows: u64,
    digest: Context,
    /// What is written before the next page.
    text: String,
}

/// Exports the answer.
pub fn export(
    connections: Connections,
    asked: Asked,
    format: Format,
) -> impl Stream<Item = Result<Bytes, ExportError>> + Send + 'static {
    let begin = Progress { after: Some(0), rows: 0, digest: Context::new(&SHA256), text: format.head() };
    stream::try_unfold((connections, asked, begin), move |(connections, asked, progress)| async move {
        let Some(after) = progress.after else { return Ok(None) };
        let turn = READING.acquire().await;
        let rows = read!(connections, |c| asked.page(c, Page { after, limit: PAGE }))?;
        drop(turn);
        let (bytes, progress) = progress.with(rows, format)?;
        Ok(Some((bytes, (connections, asked, progress))))
    })
}

impl Progress {
    /// The next piece: a page's lines, and behind the last page the line that ends it all.
    fn with(mut self, rows: Vec<AuditRow>, format: Format) -> Result<(Bytes, Self), ExportError> {
        let count = rows.len();
        self.after = rows.last().map(|row| row.position).filter(|_| i64::try_from(count) == Ok(PAGE));
        self.rows += count as u64;
        let mut text = std::mem::take(&mut self.text);
        for row in rows {
            text += &format.line(row)?;
        }
        self.digest.update(text.as_bytes());
        if self.after.is_none() {
            let hash = self.digest.clone().finish();
            let hash: String = hash.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
            text += &format.end(self.rows, &hash);
        }
        Ok((text.into(), self))
    }
}
