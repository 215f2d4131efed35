//! Names of schemas that tables are filled in.

use super::StorageError;
use projections::ReadModel;
use std::{fmt, str::FromStr};

/// `[a-z][a-z0-9_]{0,62}`, and none that Postgres or the live tables use: it can stand in a statement as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchemaName(String);

impl SchemaName {
    /// Where the successor of a live table is filled.
    #[must_use]
    pub fn in_place(model: &ReadModel) -> Self {
        Self(format!("replay_{}", model.name))
    }

    /// Postgres's own, of one connection; gone when that ends.
    pub(super) fn temporary() -> Self {
        Self("pg_temp".to_owned())
    }

    pub(super) fn is_temporary(&self) -> bool {
        self.0 == "pg_temp"
    }

    /// As text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for SchemaName {
    type Err = StorageError;

    fn from_str(name: &str) -> Result<Self, StorageError> {
        let plain = name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
        let reserved = name.starts_with("pg_") || ["public", "information_schema"].contains(&name);
        let begins = name.bytes().next().is_some_and(|byte| byte.is_ascii_lowercase());
        if begins && plain && name.len() <= 63 && !reserved {
            Ok(Self(name.to_owned()))
        } else {
            let rule = "1 to 63 of a-z, 0-9 and _, a letter first; not public, information_schema or pg_…";
            Err(StorageError::Invalid(format!("{name:?} cannot be the name of a schema: {rule}")))
        }
    }
}

impl fmt::Display for SchemaName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_could_be_anything_else_is_refused() {
        let long = "a".repeat(64);
        for name in
            ["", "public", "pg_temp", "pg_catalog", "information_schema", "1a", "_a", "A", "a b", "a;b", "ä", &long]
        {
            assert!(name.parse::<SchemaName>().is_err(), "{name}");
        }
        assert!("look_2026".parse::<SchemaName>().is_ok());
    }
}
