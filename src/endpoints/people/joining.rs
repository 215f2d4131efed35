//! Taking users and groups into groups.

use super::authority::{Administrator, group_id, user_id};
use crate::{
    directory::groups,
    http::{ArgusError, FieldError},
};
use aggregates::{group::Member, ids::DomainId};
use projections::{
    infos::SubjectType,
    subjects::{Known, Subject},
};

/// The subjects in sight that a list names.
///
/// # Errors
/// 412 for each that names nobody, or a user and a group.
pub(super) async fn named(
    administrator: &mut Administrator<'_>,
    (field, references): (&str, &[String]),
    (domain, kind): (DomainId, Option<SubjectType>),
) -> Result<Vec<Subject>, ArgusError> {
    let (mut found, mut bad) = (Vec::new(), Vec::new());
    for (at, reference) in references.iter().enumerate() {
        let known = Known { reference, domain, deleted: false, kind };
        let mut alive = administrator.find(known).await?.into_iter().filter(|one| one.deleted_timestamp.is_none());
        match (alive.next(), alive.next()) {
            (Some(subject), None) => found.push(subject),
            (None, _) => bad.push(refused(field, at, "names nothing")),
            (Some(_), Some(_)) => bad.push(refused(field, at, "names a user and a group: give the number")),
        }
    }
    if bad.is_empty() { Ok(found) } else { Err(ArgusError::Invalid(bad)) }
}

fn refused(field: &str, at: usize, problem: &str) -> FieldError {
    FieldError { field: format!("{field}[{at}]"), message: problem.to_owned() }
}

/// Takes a subject into a group that the caller may change; whether it was not in it.
pub(super) async fn take_in(
    administrator: &mut Administrator<'_>,
    group: &Subject,
    subject: &Subject,
) -> Result<bool, ArgusError> {
    let (desk, id) = (&mut administrator.desk, group_id(group));
    let command = groups::add_member(desk, group.domain_id, id, member(subject)).await?;
    administrator.tell_group(id, command).await
}

/// A subject as a member.
pub(super) fn member(subject: &Subject) -> Member {
    match subject.kind {
        SubjectType::User => Member::User(user_id(subject)),
        SubjectType::Group => Member::Group(group_id(subject)),
    }
}
