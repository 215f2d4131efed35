//! The integer ids of the Argus API.

use sqlx::PgConnection;

/// The next free number of a table that has them. Only inside the definitions lane is it still free a moment later.
pub async fn next_number(c: &mut PgConnection, numbered: Numbered) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar(numbered.query()).fetch_one(c).await
}

/// A table whose rows have integer ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Numbered {
    /// `domains`.
    Domains,
    /// `customers`.
    Customers,
    /// `functions`.
    Functions,
    /// `groups` and `users`, which are told apart by their numbers wherever both are subjects.
    Subjects,
}

impl Numbered {
    const fn query(self) -> &'static str {
        match self {
            Self::Domains => "SELECT COALESCE(max(number), 0) + 1 FROM domains",
            Self::Customers => "SELECT COALESCE(max(number), 0) + 1 FROM customers",
            Self::Functions => "SELECT COALESCE(max(number), 0) + 1 FROM functions",
            Self::Subjects => {
                "SELECT COALESCE(GREATEST((SELECT max(number) FROM users), (SELECT max(number) FROM groups)), 0) + 1"
            }
        }
    }
}
