//! The one secret that lives outside of the database: 32 random bytes in a file that only its owner can read.

use crate::entropy::Entropy;
use base64::{Engine, engine::general_purpose::STANDARD};
use std::{
    collections::BTreeSet,
    fs::{self, File, OpenOptions},
    io::{self, Read, Write},
    os::unix::fs::{MetadataExt, OpenOptionsExt},
    path::{Path, PathBuf},
};
use thiserror::Error;
use zeroize::Zeroizing;

/// The master key. Everything that the server encrypts or authenticates hangs on it.
pub struct MasterKey(Zeroizing<[u8; 32]>);

/// Why a master key could not be read or made.
#[derive(Debug, Error)]
pub enum MasterKeyError {
    /// The file cannot be read or written.
    #[error("the master key file {0}: {1}")]
    Io(PathBuf, #[source] io::Error),
    /// Others than the owner may read or write it.
    #[error("the master key file {0} is open to others (mode {1:03o}): run `chmod 600 {0}`")]
    Open(PathBuf, u32),
    /// It belongs neither to this process's user nor to the owner of its directory.
    #[error("the master key file {0} belongs to user {1}: give it to the user that runs the server")]
    Owner(PathBuf, u32),
    /// It does not hold a key.
    #[error("the master key file {0} must hold 32 random bytes in base64: run `argus master-key create FILE`")]
    Content(PathBuf),
}

impl MasterKey {
    /// A new one.
    #[must_use]
    pub fn generate(entropy: &dyn Entropy) -> Self {
        let mut bytes = Zeroizing::new([0; 32]);
        entropy.fill(bytes.as_mut_slice());
        Self(bytes)
    }

    #[cfg(test)]
    pub(super) fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    pub(super) fn bytes(&self) -> &[u8] {
        self.0.as_slice()
    }

    /// Reads a key file. Refuses one that others may read, that somebody else owns, or that holds anything but a key.
    pub fn read(path: &Path) -> Result<Self, MasterKeyError> {
        let failed = |error| MasterKeyError::Io(path.to_owned(), error);
        let file = File::open(path).map_err(failed)?;
        let facts = file.metadata().map_err(failed)?;
        if facts.mode() & 0o077 != 0 {
            return Err(MasterKeyError::Open(path.to_owned(), facts.mode() & 0o777));
        }
        if !owners(path).map_err(failed)?.contains(&facts.uid()) {
            return Err(MasterKeyError::Owner(path.to_owned(), facts.uid()));
        }
        // A key is 44 characters; whatever is longer than this is not one.
        let mut text = Zeroizing::new(String::with_capacity(128));
        file.take(128).read_to_string(&mut text).map_err(failed)?;
        Self::parse(&text).ok_or_else(|| MasterKeyError::Content(path.to_owned()))
    }

    /// Writes a new key to a new file, readable by its owner alone and safe on disk when this returns. Never overwrites: a file
    /// that is already there, even one made by another process a moment ago, stays and is an error.
    pub fn create(path: &Path, entropy: &dyn Entropy) -> Result<Self, MasterKeyError> {
        let key = Self::generate(entropy);
        key.write_new(path, entropy).map_err(|error| MasterKeyError::Io(path.to_owned(), error))?;
        Ok(key)
    }

    /// Writes beside the final name and links it there: whoever sees the file sees all of it.
    fn write_new(&self, path: &Path, entropy: &dyn Entropy) -> io::Result<()> {
        let mut suffix = [0; 8];
        entropy.fill(&mut suffix);
        let draft = path.with_extension(format!("{:016x}.new", u64::from_be_bytes(suffix)));
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft)?;
        let mut line = Zeroizing::new(STANDARD.encode(self.0.as_slice()));
        line.push('\n');
        let linked =
            file.write_all(line.as_bytes()).and_then(|()| file.sync_all()).and_then(|()| fs::hard_link(&draft, path));
        fs::remove_file(&draft)?;
        linked?;
        File::open(directory(path))?.sync_all()
    }

    /// One line of standard base64. Refuses what no random generator gives, such as zeros or a repeated word.
    fn parse(text: &str) -> Option<Self> {
        let line = text.strip_suffix('\n').unwrap_or(text);
        let decoded = Zeroizing::new(STANDARD.decode(line).ok()?);
        let bytes = Zeroizing::new(<[u8; 32]>::try_from(decoded.as_slice()).ok()?);
        let distinct = bytes.iter().collect::<BTreeSet<_>>().len();
        // 32 random bytes have fewer than 16 different ones once in 10^14.
        (distinct >= 16).then_some(Self(bytes))
    }
}

/// Who may own a key file: this process's user, and whoever owns the directory and so could replace the file anyway.
fn owners(path: &Path) -> io::Result<[u32; 2]> {
    Ok([nix::unistd::geteuid().as_raw(), fs::metadata(directory(path))?.uid()])
}

fn directory(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::entropy::SeededEntropy;
    use std::os::unix::fs::PermissionsExt;

    fn folder() -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("master.key");
        (folder, path)
    }

    #[test]
    fn a_file_that_others_may_read_is_refused() {
        let (_folder, path) = folder();
        MasterKey::create(&path, &SeededEntropy::new(1)).unwrap();
        for mode in [0o640, 0o604, 0o620, 0o601, 0o666] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            assert!(matches!(MasterKey::read(&path), Err(MasterKeyError::Open(..))), "{mode:o}");
        }
    }

    #[test]
    fn a_file_of_a_stranger_is_refused() {
        let (_folder, path) = folder();
        MasterKey::create(&path, &SeededEntropy::new(1)).unwrap();
        // Only root can give a file away; others have nothing to test here.
        if nix::unistd::geteuid().is_root() {
            std::os::unix::fs::chown(&path, Some(12_345), None).unwrap();
            assert!(matches!(MasterKey::read(&path), Err(MasterKeyError::Owner(_, 12_345))));
        }
    }

    #[test]
    fn a_file_without_32_random_bytes_is_refused() {
        let good = STANDARD.encode(MasterKey::generate(&SeededEntropy::new(1)).bytes());
        let zeros = STANDARD.encode([0; 32]);
        let words = STANDARD.encode(b"changeme".repeat(4));
        let contents = [
            "",
            "\n",
            &zeros,
            &words,
            &good[..40],
            &format!("{good}{good}"),
            &format!(" {good}"),
            &format!("{good}\n\n"),
        ];
        for content in contents {
            assert!(MasterKey::parse(content).is_none(), "{content}");
        }
        assert!(MasterKey::parse(&good).is_some());
    }

    #[test]
    fn a_key_is_never_overwritten() {
        let (folder, path) = folder();
        let key = MasterKey::create(&path, &SeededEntropy::new(1)).unwrap();
        assert!(matches!(MasterKey::create(&path, &SeededEntropy::new(2)), Err(MasterKeyError::Io(..))));
        assert_eq!(MasterKey::read(&path).ok().unwrap().bytes(), key.bytes());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_new_key_file_is_for_its_owner_alone() {
        let (_folder, path) = folder();
        MasterKey::create(&path, &SeededEntropy::new(1)).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o600);
        assert!(fs::read_to_string(&path).unwrap().ends_with("=\n"));
    }
}
