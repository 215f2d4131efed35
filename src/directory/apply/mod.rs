//! `argus apply`: a directory as it should be, in TOML. What is missing is made, what differs is changed, what the file does
//! not name is left alone. A list that is given (members, children, permissions) is the whole list: others are taken out. A
//! second run finds nothing to do and records nothing.

mod clients;
mod file;
mod functions;
mod lists;
mod places;
mod users;

pub use clients::ensure as ensure_client;
pub use file::{Definitions, GivenUser};
pub use users::DrawnPassword;

use super::{Desk, DirectoryError};
use aggregates::values::ShortName;
use zeroize::Zeroizing;

/// What a run has to show.
#[derive(Default)]
pub struct Applied {
    /// Passwords that were drawn for new users.
    pub drawn: Vec<DrawnPassword>,
}

/// What a file leaves open.
#[derive(Clone, Copy)]
pub struct Surroundings<'a> {
    /// The domain that is meant where none is named.
    pub domain: &'a ShortName,
    /// The variables that `password_env` can name.
    pub variable: &'a (dyn Fn(&str) -> Option<Zeroizing<String>> + Send + Sync),
}

/// Makes the directory as the file says, inside the desk's transaction.
///
/// # Errors
/// At the first entry that cannot be; the desk is then to be dropped.
pub async fn apply(desk: &mut Desk, file: &Definitions, around: Surroundings<'_>) -> Result<Applied, DirectoryError> {
    let domain = around.domain;
    for entry in &file.domain {
        places::domain(desk, entry).await?;
    }
    for entry in &file.function {
        functions::function(desk, entry).await?;
    }
    for entry in &file.function {
        functions::children(desk, entry).await?;
    }
    for entry in &file.customer {
        places::customer(desk, entry, domain).await?;
    }
    for entry in &file.group {
        places::group(desk, entry, domain).await?;
    }
    let mut applied = Applied::default();
    for entry in &file.user {
        applied.drawn.extend(users::user(desk, entry, around).await?);
    }
    for entry in &file.group {
        lists::group(desk, entry, domain).await?;
    }
    for entry in &file.client {
        clients::client(desk, entry, around).await?;
    }
    Ok(applied)
}
