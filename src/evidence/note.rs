//! Checkpoints as text: C2SP tlog-checkpoint inside a C2SP signed-note.
//!
//! Two extension lines follow the root: `position N`, that of the last event in the log, and `time N`, when it was signed, in
//! milliseconds. They are signed with the rest.

use crate::keys::{Keys, is_checkpoint_signature};
use aggregates::values::Timestamp;
use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine, engine::general_purpose::STANDARD};
use projections::evidence::Hash;
use std::{fmt, str::FromStr};
use thiserror::Error;
use url::Url;

/// The algorithm's number in signed-note: Ed25519.
const ED25519: u8 = 1;

/// The head of the tree at one of its sizes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Whose log it is: the issuer without its scheme.
    pub origin: String,
    /// How many entries are under it.
    pub tree_size: i64,
    /// The root hash.
    pub root: Hash,
    /// The position of the last entry's event.
    pub last_position: i64,
    /// When it was signed.
    pub signed_at: Timestamp,
}

/// Why a note is not a checkpoint of this log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NoteError {
    /// It is not written as one.
    #[error("it is not a signed checkpoint")]
    Form,
    /// None of its signatures is by the key.
    #[error("it is not signed by the log's key")]
    Signature,
}

/// What the log of this issuer is called: the URL without its scheme. A `+` would end a name, so it is encoded.
#[must_use]
pub fn name_of(issuer: &Url) -> String {
    let url = issuer.as_str().trim_end_matches('/');
    url.split_once("://").map_or(url, |(_, name)| name).replace('+', "%2B")
}

/// The public key of a log, as it is given to whoever verifies: `name+hash+base64(0x01 ‖ key)`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verifier {
    name: String,
    public: Vec<u8>,
}

impl Verifier {
    /// That of these keys.
    #[must_use]
    pub fn of(keys: &Keys, name: String) -> Self {
        Self { name, public: keys.checkpoint_key() }
    }

    /// Reads a note. A log that was renamed signs with the same key under its new name, so the name is the note's own.
    ///
    /// # Errors
    /// [`NoteError`].
    pub fn open(&self, note: &str) -> Result<Checkpoint, NoteError> {
        self.read(note, parse, |checkpoint| &checkpoint.origin)
    }

    /// What a signed text says, in which the name of its log is found.
    pub(super) fn read<T>(
        &self,
        note: &str,
        parse: impl Fn(&str) -> Option<T>,
        origin: impl Fn(&T) -> &str,
    ) -> Result<T, NoteError> {
        let (text, signatures) = note.rsplit_once("\n\n").ok_or(NoteError::Form)?;
        let text = format!("{text}\n");
        let said = parse(&text).ok_or(NoteError::Form)?;
        let own = key_hash(origin(&said), &self.public);
        let signed = signatures.lines().any(|line| {
            let signature = signature(line, origin(&said));
            let signature = signature.as_deref().and_then(|bytes| bytes.strip_prefix(&own));
            signature.is_some_and(|signature| is_checkpoint_signature(&self.public, text.as_bytes(), signature))
        });
        if signed { Ok(said) } else { Err(NoteError::Signature) }
    }
}

/// The bytes of a signature line of this name.
fn signature(line: &str, name: &str) -> Option<Vec<u8>> {
    let (signer, bytes) = line.strip_prefix("— ")?.split_once(' ')?;
    if signer == name { STANDARD.decode(bytes).ok() } else { None }
}

impl fmt::Display for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hash: String = key_hash(&self.name, &self.public).iter().map(|byte| format!("{byte:02x}")).collect();
        write!(f, "{}+{hash}+{}", self.name, STANDARD.encode([&[ED25519], self.public.as_slice()].concat()))
    }
}

impl FromStr for Verifier {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = "not a verifier key: NAME+HASH+KEY, as `argus audit key` prints it";
        let mut parts = text.trim().splitn(3, '+');
        let (Some(name), Some(_), Some(key)) = (parts.next(), parts.next(), parts.next()) else { return Err(wrong) };
        let key = STANDARD.decode(key).map_err(|_| wrong)?;
        let public = key.strip_prefix(&[ED25519]).filter(|key| key.len() == 32).ok_or(wrong)?;
        let verifier = Self { name: name.to_owned(), public: public.to_vec() };
        if verifier.to_string() == text.trim() { Ok(verifier) } else { Err(wrong) }
    }
}

impl Checkpoint {
    /// The whole note: text, empty line, signature.
    #[must_use]
    pub fn sign(&self, keys: &Keys) -> String {
        signed(&self.to_string(), &self.origin, keys)
    }
}

/// A note of this text, by the log of this name.
pub(super) fn signed(text: &str, origin: &str, keys: &Keys) -> String {
    let signature = [key_hash(origin, &keys.checkpoint_key()).to_vec(), keys.sign_checkpoint(text.as_bytes())];
    format!("{text}\n— {origin} {}\n", STANDARD.encode(signature.concat()))
}

/// The text that is signed.
impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n{}\n{}", self.origin, self.tree_size, STANDARD.encode(self.root))?;
        writeln!(f, "position {}\ntime {}", self.last_position, self.signed_at.millis())
    }
}

fn parse(text: &str) -> Option<Checkpoint> {
    let mut lines = text.lines();
    let checkpoint = Checkpoint {
        origin: lines.next()?.to_owned(),
        tree_size: lines.next()?.parse().ok()?,
        root: STANDARD.decode(lines.next()?).ok()?.try_into().ok()?,
        last_position: lines.next()?.strip_prefix("position ")?.parse().ok()?,
        signed_at: Timestamp::from_millis(lines.next()?.strip_prefix("time ")?.parse().ok()?),
    };
    // Nothing is said in two ways, and nothing more is said.
    (checkpoint.to_string() == text).then_some(checkpoint)
}

/// The first four bytes of SHA-256 over name, line feed, algorithm and key.
fn key_hash(name: &str, public: &[u8]) -> [u8; 4] {
    let hash = digest(&SHA256, &[name.as_bytes(), b"\n", &[ED25519], public].concat());
    hash.as_ref().first_chunk().copied().unwrap_or_default()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]
mod tests {
    use super::*;
    use crate::keys::tests::keys;

    fn checkpoint() -> Checkpoint {
        Checkpoint {
            origin: "idp.example.org".to_owned(),
            tree_size: 3,
            root: [7; 32],
            last_position: 5,
            signed_at: Timestamp::from_millis(1_795_478_400_000),
        }
    }

    fn verifier(seed: u64) -> Verifier {
        Verifier::of(&keys(seed), "idp.example.org".to_owned())
    }

    #[test]
    fn a_note_that_somebody_else_signed_or_changed_is_refused() {
        let note = checkpoint().sign(&keys(1));
        assert_eq!(verifier(2).open(&note), Err(NoteError::Signature));
        for (from, to) in [("\n3\n", "\n4\n"), ("position 5", "position 6"), ("time 1", "time 2"), ("idp", "idq")] {
            assert_eq!(verifier(1).open(&note.replace(from, to)), Err(NoteError::Signature), "{to}");
        }
        for text in ["", "\n\n", &note.replace("position", "place"), &note.replace("\n3\n", "\n03\n")] {
            assert_eq!(verifier(1).open(text), Err(NoteError::Form), "{text}");
        }
    }

    #[test]
    fn a_verifier_key_that_was_mistyped_is_refused() {
        let text = verifier(1).to_string();
        for wrong in ["", "a+b", &text.replace("idp", "idq"), &text[..text.len() - 1], &text.replace("+A", "+B")] {
            wrong.parse::<Verifier>().unwrap_err();
        }
        assert_eq!(text.parse::<Verifier>().unwrap(), verifier(1));
    }

    #[test]
    fn a_signed_checkpoint_reads_as_the_formats_say() {
        let note = checkpoint().sign(&keys(1));
        let lines: Vec<_> = note.lines().collect();
        let root = "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=";
        assert_eq!(lines[..6], ["idp.example.org", "3", root, "position 5", "time 1795478400000", ""]);
        assert!(lines[6].starts_with("— idp.example.org "));
        assert_eq!(lines.len(), 7);
        assert_eq!(verifier(1).open(&note).unwrap(), checkpoint());
    }

    #[test]
    fn a_log_is_called_as_its_issuer_without_the_scheme() {
        let name = |url: &str| name_of(&url.parse().unwrap());
        assert_eq!(name("https://idp.example.org/"), "idp.example.org");
        assert_eq!(name("http://localhost:8080"), "localhost:8080");
        assert_eq!(name("https://example.org/a+b"), "example.org/a%2Bb");
    }

    #[test]
    fn a_log_that_was_renamed_is_known_by_its_key() {
        let renamed = Checkpoint { origin: "login.example.org".to_owned(), ..checkpoint() };
        assert_eq!(verifier(1).open(&renamed.sign(&keys(1))).unwrap(), renamed);
    }
}
