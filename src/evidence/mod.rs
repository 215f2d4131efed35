//! Evidence that the log is what it was: signing heads of its tree, taking them out of the database, and comparing.
//!
//! docs/explanation/tamper-evidence.md.

mod export;
mod file;
mod line;
mod notary;
mod note;
mod reader;
mod removal;
mod verify;

pub use export::{ExportError, export_log};
pub use file::EvidenceFileError;
pub use line::Line;
pub use notary::{Notary, NotaryError};
pub use note::{Checkpoint, NoteError, Verifier, name_of};
pub use reader::{ReadError, Source};
pub use removal::Removal;
pub use verify::{Finding, Kind, Report, Verification, VerifyError};
