//! `argus apply`: a directory as it should be, in TOML. What is missing is made, what differs is changed, what the file does
//! not name is left alone. A list that is given (members, children, permissions) is the whole list: others are taken out. A
//! second run finds nothing to do and records nothing.

mod file;
mod functions;
mod lists;
mod places;
mod users;

pub use file::{Definitions, GivenUser};
pub use users::DrawnPassword;

use super::{Desk, DirectoryError};
use aggregates::values::ShortName;

/// What a run has to show.
#[derive(Default)]
pub struct Applied {
    /// Passwords that were drawn for new users.
    pub drawn: Vec<DrawnPassword>,
}

/// Makes the directory as the file says, inside the desk's transaction. `domain` is the one that is meant where none is named.
///
/// # Errors
/// At the first entry that cannot be; the desk is then to be dropped.
pub async fn apply(desk: &mut Desk, file: &Definitions, domain: &ShortName) -> Result<Applied, DirectoryError> {
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
        applied.drawn.extend(users::user(desk, entry, domain).await?);
    }
    for entry in &file.group {
        lists::group(desk, entry, domain).await?;
    }
    Ok(applied)
}
