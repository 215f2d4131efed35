//! Finds an installed Postgres that fits the cluster.

use crate::database::DatabaseError;
use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

const OLDEST: u32 = 14;
/// Where distributions, Homebrew and the Postgres build itself put their versions.
const BASES: [&str; 5] =
    ["/usr/lib/postgresql", "/usr/local/lib/postgresql", "/opt/homebrew/opt", "/usr/local/opt", "/usr"];

/// The `bin` directory for the cluster in `data`: that of its own major version, or the newest for a new cluster.
pub(super) fn find(bin_dir: Option<&Path>, data: &Path) -> Result<PathBuf, DatabaseError> {
    let mut found: Vec<(u32, PathBuf)> = bin_dir
        .map_or_else(candidates, |dir| vec![dir.to_owned()])
        .into_iter()
        .filter_map(|dir| Some((major_version(&dir)?, dir)))
        .collect();
    found.sort_by_key(|(major, _)| std::cmp::Reverse(*major));
    let Some(needed) = cluster_version(data) else {
        let newest = found.into_iter().find(|(major, _)| *major >= OLDEST);
        return newest.map(|(_, dir)| dir).ok_or(DatabaseError::NoPostgres);
    };
    match found.iter().find(|(major, _)| *major == needed) {
        Some((_, dir)) => Ok(dir.clone()),
        None => {
            let found = found.into_iter().map(|(major, _)| major).collect();
            Err(DatabaseError::OtherPostgres { data: data.to_owned(), needed, found })
        }
    }
}

fn cluster_version(data: &Path) -> Option<u32> {
    fs::read_to_string(data.join("PG_VERSION")).ok()?.trim().parse().ok()
}

fn candidates() -> Vec<PathBuf> {
    let versions = BASES.iter().flat_map(|base| fs::read_dir(base).into_iter().flatten().flatten());
    let named = versions.filter(|entry| {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        name.parse::<u32>().is_ok() || name.starts_with("pgsql-") || name.starts_with("postgresql@")
    });
    let path = env::var_os("PATH").unwrap_or_default();
    named.map(|entry| entry.path().join("bin")).chain(env::split_paths(&path)).collect()
}

/// From `postgres (PostgreSQL) 15.18 (Debian …)`, or `18beta1`.
fn major_version(bin: &Path) -> Option<u32> {
    if !bin.join("initdb").is_file() || !bin.join("postgres").is_file() {
        return None;
    }
    let answer = Command::new(bin.join("postgres")).arg("--version").output().ok()?;
    let text = String::from_utf8_lossy(&answer.stdout);
    let version = text.split_whitespace().nth(2)?;
    version.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}
