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

    /// Grants what is wanted, all of it or nothing; each as it is then, and whether any was not there before.
    ///
    /// # Errors
    /// 403 for what the caller may not manage or does not hold; 412 with each reference that names nothing the caller sees, in
    /// fields whose names begin with the path beside it.
    pub(super) async fn grant(
        &mut self,
        wanted: &[(String, Wanted)],
    ) -> Result<(Vec<PermissionView>, bool), ArgusError> {
        let mut bad = Vec::new();
        let mut meant = Vec::new();
        for (path, wanted) in wanted {
            meant.extend(self.meant((path, wanted), &mut bad).await?.map(|meant| (meant, wanted)));
        }
        if !bad.is_empty() {
            return Err(ArgusError::Invalid(bad));
        }
        let mut granted = Vec::new();
        for ((subject, permission), wanted) in meant {
            self.require_own(permission).await?;
            self.desk.because(wanted.comment.clone());
            granting::grant(&mut self.desk, self.caller.domain, subject, permission).await?;
            let known = Known::Triple(subject.subject(), permission);
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

    /// 403 unless the caller manages permissions for the customer and holds the function there.
    async fn require_own(&mut self, Permission { function, customer }: Permission) -> Result<(), ArgusError> {
        let (caller, c) = (self.caller, self.desk.lane().connection());
        let own = rights::holds(c, &caller.rights, MANAGE, Some(customer), caller.domain).await?
            && rights::covers(c, &caller.rights, function, Some(customer), caller.domain).await?;
        if own { Ok(()) } else { Err(ArgusError::Denied) }
    }

    /// Who is to hold what; nothing when a reference is bad.
    async fn meant(
        &mut self,
        (path, wanted): (&str, &Wanted),
        bad: &mut Vec<FieldError>,
    ) -> Result<Option<(Member, Permission)>, ArgusError> {
        let mut refuse = |name: &str, problem: &str| {
            bad.push(FieldError { field: format!("{path}{name}"), message: problem.to_owned() });
        };
        let subjects = self.subjects(&wanted.subject).await?;
        let (domain, c) = (self.caller.domain, self.desk.lane().connection());
        let function = lookup::function(c, &wanted.function).await?;
        let customer = lookup::customer(c, domain, &wanted.customer).await?;
        let customer = customer.filter(|customer| self.viewed.contains(&customer.id));
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
        Ok(subjects.first().copied().zip(permission))
    }

    /// The user and the group that have the name, as far as the caller sees them.
    async fn subjects(&mut self, reference: &str) -> Result<Vec<Member>, ArgusError> {
        let (caller, c) = (self.caller, self.desk.lane().connection());
        let domain = caller.domain;
        let user = lookup::user(c, domain, reference).await?.map(|row| (Member::User(row.id), row.customer));
        let group = lookup::group(c, domain, reference).await?.map(|row| (Member::Group(row.id), row.customer));
        let mut seen = Vec::new();
        for (found, function) in [(user, VIEW_USERS), (group, VIEW_GROUPS)] {
            let Some((member, customer)) = found else { continue };
            if rights::holds(c, &caller.rights, function, Some(customer), domain).await? {
                seen.push(member);
            }
        }
        Ok(seen)
    }
}

/// The user or the group that holds a permission.
const fn holder(view: &PermissionView) -> Member {
    match view.subject.kind {
        SubjectType::User => Member::User(UserId::new(view.subject_id.uuid())),
        SubjectType::Group => Member::Group(GroupId::new(view.subject_id.uuid())),
    }
}
