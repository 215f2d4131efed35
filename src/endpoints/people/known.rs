//! Whom a caller sees, and who is meant by a reference.

use crate::{
    http::{ArgusError, Caller, Idp},
    read,
};
use aggregates::ids::CustomerId;
use projections::{
    infos::SubjectType,
    rights,
    subjects::{self, Known, Sight, Subject},
};

/// To see users.
const VIEW_USERS: &str = "viewUsers";
/// To see groups.
const VIEW_GROUPS: &str = "viewGroups";

/// What an administrator sees.
///
/// # Errors
/// 403 for a caller who may not view any of what is asked for (`None`: neither users nor groups).
pub(super) async fn sight(idp: &Idp, caller: &Caller, kind: Option<SubjectType>) -> Result<Sight, ArgusError> {
    let (users, groups) = (where_held(idp, caller, VIEW_USERS).await?, where_held(idp, caller, VIEW_GROUPS).await?);
    let nothing = match kind {
        Some(SubjectType::User) => users.is_empty(),
        Some(SubjectType::Group) => groups.is_empty(),
        None => users.is_empty() && groups.is_empty(),
    };
    if nothing { Err(ArgusError::Denied) } else { Ok(Sight { personal: users.clone(), users, groups }) }
}

/// What everybody sees: whoever belongs to a customer for which the caller may do something, with how to reach the users of
/// those for which `viewUsers` is held.
pub(super) async fn basic_sight(idp: &Idp, caller: &Caller) -> Result<Sight, ArgusError> {
    let own = read!(idp.database.connections(), |c| rights::list_customer_ids(c, &caller.rights))?;
    let personal = where_held(idp, caller, VIEW_USERS).await?;
    Ok(Sight { users: own.clone(), groups: own, personal })
}

async fn where_held(idp: &Idp, caller: &Caller, function: &str) -> Result<Vec<CustomerId>, ArgusError> {
    Ok(read!(idp.database.connections(), |c| rights::customers_where(c, &caller.rights, function))?)
}

/// The one subject in sight that is meant.
///
/// # Errors
/// 404, the same for what is not there and for what is not in sight; 412 when a user and a group have the name.
pub(super) async fn find(idp: &Idp, sight: &Sight, known: Known<'_>) -> Result<Subject, ArgusError> {
    one(read!(idp.database.connections(), |c| subjects::find(c, sight, known))?)
}

/// The first that is not deleted, or the only one.
pub(super) fn one(found: Vec<Subject>) -> Result<Subject, ArgusError> {
    let is_deleted = |subject: &Subject| subject.deleted_timestamp.is_some();
    let alive = found.iter().filter(|subject| !is_deleted(subject)).count();
    let many = alive > 1 || (alive == 0 && found.len() > 1);
    match found.into_iter().next() {
        Some(_) if many => Err(ArgusError::Refused("several have this name: give the number".to_owned())),
        Some(subject) => Ok(subject),
        None => Err(ArgusError::NotFound),
    }
}
