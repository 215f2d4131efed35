//! What it takes to see, to grant and to revoke permissions.

use crate::{
    directory::{Desk, permissions as granting},
    http::{ArgusError, Caller, FieldError, Fields, Idp, common_fields},
    read,
};
use aggregates::{
    group::Member,
    ids::{CustomerId, GroupId, UserId},
    values::Permission,
};
use projections::{
    infos::{self, SubjectType},
    lookup,
    permissions::{self, Known, PermissionView},
    rights,
};

/// To see permissions.
const VIEW: &str = "viewPermissions";
/// To grant and to revoke them.
const MANAGE: &str = "managePermissions";
/// To grant something to a user.
const VIEW_USERS: &str = "viewUsers";
/// To grant something to a group.
const VIEW_GROUPS: &str = "viewGroups";

/// The customers for which the caller may view permissions.
///
/// # Errors
/// 403 when there is none.
pub(super) async fn viewed(idp: &Idp, caller: &Caller) -> Result<Vec<CustomerId>, ArgusError> {
    let customers = read!(idp.database.connections(), |c| rights::customers_where(c, &caller.rights, VIEW))?;
    if customers.is_empty() { Err(ArgusError::Denied) } else { Ok(customers) }
}

/// A permission that is to be granted, as a body names it.
pub(super) struct Wanted {
    subject: String,
    function: String,
    customer: String,
    comment: Option<String>,
}

impl Wanted {
    /// Takes the fields out.
    pub(super) fn read(fields: &mut Fields) -> Option<Self> {
        let subject = common_fields::required_reference(fields, "subject");
        let function = common_fields::required_reference(fields, "function");
        let customer = common_fields::required_reference(fields, "customer");
        let comment = common_fields::comment(fields);
        let (subject, (function, customer)) = subject.zip(function.zip(customer))?;
        Some(Self { subject, function, customer, comment })
    }
}

/// An administrator of permissions with an open transaction.
pub(super) struct Administrator<'a> {
    caller: &'a Caller,
    viewed: Vec<CustomerId>,
    desk: Desk,
}

impl<'a> Administrator<'a> {
    /// Opens the transaction.
    ///
    /// # Errors
    /// 403 for a caller who may not view permissions of anybody; 503.
    pub(super) async fn open(idp: &Idp, caller: &'a Caller) -> Result<Self, ArgusError> {
        let viewed = viewed(idp, caller).await?;
        let desk = Desk::open(&idp.store, idp.tools(), caller.context.clone()).await?;
        Ok(Self { caller, viewed, desk })
    }

    /// The same for what changes much at once.
    ///
    /// # Errors
    /// As above.
    pub(super) async fn open_in_bulk(idp: &Idp, caller: &'a Caller) -> Result<Self, ArgusError> {
        let viewed = viewed(idp, caller).await?;
        let desk = Desk::open_in_bulk(&idp.store, idp.tools(), caller.context.clone()).await?;
        Ok(Self { caller, viewed, desk })
    }

    /// Grants what is wanted, all of it or nothing; each as it is then, and whether any was not there before.
    ///
    /// # Errors
    /// 403 for what the caller may not manage or does not hold, or for a subject that the caller does not see any more.
    pub(super) async fn grant(&mut self, wanted: &[Meant]) -> Result<(Vec<PermissionView>, bool), ArgusError> {
        let rows: Vec<_> = wanted.iter().map(|meant| (meant.subject.subject(), meant.permission)).collect();
        let (caller, c) = (self.caller, self.desk.lane().connection());
        let needed = permissions::ToGrant { permissions: MANAGE, users: VIEW_USERS, groups: VIEW_GROUPS };
        if !permissions::may_grant(c, &caller.rights, needed, &rows, caller.domain).await? {
            return Err(ArgusError::Denied);
        }
        let mut granted = Vec::new();
        for Meant { subject, permission, comment } in wanted {
            self.desk.because(comment.clone());
            granting::grant(&mut self.desk, self.caller.domain, *subject, *permission).await?;
            let known = Known::Triple(subject.subject(), *permission);
            let view = permissions::find(self.desk.lane().connection(), &self.viewed, known).await?;
            granted.push(view.ok_or(ArgusError::Denied)?);
        }
        Ok((granted, self.desk.recorded() > 0))
    }

    /// Takes a permission back; as it was, and flagged `deleted`.
    ///
    /// # Errors
    /// 403 for what the caller may not manage or does not hold; 404.
    pub(super) async fn revoke(&mut self, number: i64, comment: Option<String>) -> Result<PermissionView, ArgusError> {
        let (caller, c) = (self.caller, self.desk.lane().connection());
        let view = permissions::find(c, &self.viewed, Known::Number(number)).await?.ok_or(ArgusError::NotFound)?;
        let permission = view.permission();
        let manages = rights::holds_above(c, &caller.rights, MANAGE, permission.customer, caller.domain).await?;
        if !manages || !rights::covers_permission(c, &caller.rights, permission).await? {
            return Err(ArgusError::Denied);
        }
        let revoked_by_user = infos::find_subject(c, caller.user).await?;
        self.desk.because(comment.clone());
        granting::revoke(&mut self.desk, holder(&view), permission).await?;
        let revoked_timestamp = Some(self.desk.now().millis());
        let flags = vec!["deleted".to_owned()];
        Ok(PermissionView { flags, revoked_timestamp, revoked_by_user, revoke_comment: comment, ..view })
    }

    /// Makes everything final.
    ///
    /// # Errors
    /// 503.
    pub(super) async fn close(self) -> Result<(), ArgusError> {
        Ok(self.desk.commit().await?)
    }
}

/// A permission that is to be granted, with its references found.
pub(super) struct Meant {
    subject: Member,
    permission: Permission,
    comment: Option<String>,
}

/// What is meant, found before the transaction in which it is granted, which decides on it: nobody waits for looking up names.
///
/// # Errors
/// 412 with each reference that names nothing the caller sees, in fields whose names begin with the path beside it.
pub(super) async fn meant(idp: &Idp, caller: &Caller, wanted: Vec<(String, Wanted)>) -> Result<Vec<Meant>, ArgusError> {
    let viewed = viewed(idp, caller).await?;
    let (mut bad, mut meant) = (Vec::new(), Vec::new());
    for (path, Wanted { subject, function, customer, comment }) in wanted {
        let mut refuse = |name: &str, problem: &str| {
            bad.push(FieldError { field: format!("{path}{name}"), message: problem.to_owned() });
        };
        let subjects = subjects(idp, caller, &subject).await?;
        let (connections, domain) = (idp.database.connections(), caller.domain);
        let function = read!(connections, |c| lookup::function(c, &function))?;
        let customer = read!(connections, |c| lookup::customer(c, domain, &customer))?;
        let customer = customer.filter(|customer| viewed.contains(&customer.id));
        match subjects.as_slice() {
            [] => refuse("subject", "names nobody here"),
            [_] => (),
            _ => refuse("subject", "names a user and a group: give the number"),
        }
        if function.is_none() {
            refuse("function", "names no function");
        }
        if customer.is_none() {
            refuse("customer", "names no customer here");
        }
        let permission = function.zip(customer).map(|(f, c)| Permission { function: f.id, customer: c.id });
        let found = subjects.first().copied().zip(permission);
        meant.extend(found.map(|(subject, permission)| Meant { subject, permission, comment }));
    }
    if bad.is_empty() { Ok(meant) } else { Err(ArgusError::Invalid(bad)) }
}

/// The user and the group that have the name, as far as the caller sees them.
async fn subjects(idp: &Idp, caller: &Caller, reference: &str) -> Result<Vec<Member>, ArgusError> {
    let (connections, domain) = (idp.database.connections(), caller.domain);
    let user = read!(connections, |c| lookup::user(c, domain, reference))?;
    let group = read!(connections, |c| lookup::group(c, domain, reference))?;
    let user = user.map(|row| (Member::User(row.id), row.customer));
    let group = group.map(|row| (Member::Group(row.id), row.customer));
    let mut seen = Vec::new();
    for (found, function) in [(user, VIEW_USERS), (group, VIEW_GROUPS)] {
        let Some((member, customer)) = found else { continue };
        if read!(connections, |c| rights::holds(c, &caller.rights, function, Some(customer), domain))? {
            seen.push(member);
        }
    }
    Ok(seen)
}

/// The user or the group that holds a permission.
const fn holder(view: &PermissionView) -> Member {
    match view.subject.kind {
        SubjectType::User => Member::User(UserId::new(view.subject_id.uuid())),
        SubjectType::Group => Member::Group(GroupId::new(view.subject_id.uuid())),
    }
}
