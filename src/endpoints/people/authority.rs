//! What it takes to change a user or a group, decided in the transaction that changes it; and the answers to broken rules.

use super::known;
use crate::{
    directory::Desk,
    event_store::{Context, ExecuteError, StorageError},
    http::{ArgusError, Caller, Idp, OfDomain, Reply},
};
use aggregates::{
    group::{Group, GroupCommand, GroupError},
    ids::{CustomerId, DomainId, GroupId, SubjectId, UserId},
    user::{User, UserCommand, UserError},
};
use axum::http::Uri;
use projections::{
    infos::SubjectType,
    lookup, rights,
    subjects::{self, Known, Sight, Subject},
};

/// To change users.
pub(super) const MANAGE_USERS: &str = "manageUsers";
/// To change groups.
pub(super) const MANAGE_GROUPS: &str = "manageGroups";

/// An administrator with an open transaction.
pub(super) struct Administrator<'a> {
    pub(super) caller: &'a Caller,
    pub(super) sight: Sight,
    pub(super) desk: Desk,
}

impl<'a> Administrator<'a> {
    /// Opens the transaction; `comment` is recorded as the reason, before one in the header.
    ///
    /// # Errors
    /// 503.
    pub(super) async fn open(
        idp: &Idp,
        caller: &'a Caller,
        sight: Sight,
        comment: Option<String>,
    ) -> Result<Self, ArgusError> {
        let desk = Desk::open(&idp.store, idp.tools(), explained(caller, comment)).await?;
        Ok(Self { caller, sight, desk })
    }

    /// The same for what changes much at once.
    ///
    /// # Errors
    /// 503.
    pub(super) async fn open_in_bulk(
        idp: &Idp,
        caller: &'a Caller,
        sight: Sight,
        comment: Option<String>,
    ) -> Result<Self, ArgusError> {
        let desk = Desk::open_in_bulk(&idp.store, idp.tools(), explained(caller, comment)).await?;
        Ok(Self { caller, sight, desk })
    }

    /// Opens it to change the subject of a kind that a path names; `deleted`: the short name may be one of before.
    ///
    /// # Errors
    /// 403 for a caller who may not change it; 404 when it is not in sight; 412; 503.
    pub(super) async fn changing(
        idp: &Idp,
        caller: &'a Caller,
        (kind, reference, deleted): (Option<SubjectType>, &str, bool),
        uri: &Uri,
    ) -> Result<(Self, Subject), ArgusError> {
        let sight = known::sight(idp, caller, kind).await?;
        let domain = OfDomain::find(idp, caller, uri).await?;
        let mut administrator = Self::open(idp, caller, sight, None).await?;
        let subject = administrator.changeable(Known { reference, domain, deleted, kind }).await?;
        Ok((administrator, subject))
    }

    /// The subject that is meant, which the caller may change.
    ///
    /// # Errors
    /// 403; 404 when it is not in sight.
    pub(super) async fn changeable(&mut self, known: Known<'_>) -> Result<Subject, ArgusError> {
        let subject = known::one(self.find(known).await?)?;
        self.may_change(&subject).await?;
        Ok(subject)
    }

    /// The subjects in sight that are meant.
    pub(super) async fn find(&mut self, known: Known<'_>) -> Result<Vec<Subject>, ArgusError> {
        Ok(subjects::find(self.desk.lane().connection(), &self.sight, known).await?)
    }

    /// 403 unless the caller manages such subjects for the customer, and may do all that the subject may.
    pub(super) async fn may_change(&mut self, subject: &Subject) -> Result<(), ArgusError> {
        let (caller, c) = (self.caller, self.desk.lane().connection());
        let function = match subject.kind {
            SubjectType::User => MANAGE_USERS,
            SubjectType::Group => MANAGE_GROUPS,
        };
        let (customer, domain) = (Some(subject.customer_id), subject.domain_id);
        let manages = rights::holds(c, &caller.rights, function, customer, domain).await?;
        if manages && rights::covers_subject(c, &caller.rights, subject.subject).await? {
            Ok(())
        } else {
            Err(ArgusError::Denied)
        }
    }

    /// The customer of a domain that a body names, if the caller holds the function for it. Only who holds it everywhere learns
    /// that a reference names nothing.
    ///
    /// # Errors
    /// 403; 412.
    pub(super) async fn customer(
        &mut self,
        domain: DomainId,
        reference: &str,
        function: &str,
    ) -> Result<CustomerId, ArgusError> {
        let (caller, c) = (self.caller, self.desk.lane().connection());
        match lookup::customer(c, domain, reference).await? {
            Some(row) if rights::holds(c, &caller.rights, function, Some(row.id), domain).await? => Ok(row.id),
            None if rights::holds_everywhere(c, &caller.rights, function, domain).await? => {
                Err(ArgusError::field("customer", "names nothing in this domain"))
            }
            Some(_) | None => Err(ArgusError::Denied),
        }
    }

    /// Tells a user; whether anything happened.
    ///
    /// # Errors
    /// What the rules say.
    pub(super) async fn tell_user(&mut self, user: UserId, command: UserCommand) -> Result<bool, ArgusError> {
        let context = self.desk.context().clone();
        let done = self.desk.lane().execute::<User>(user.uuid(), command, &context).await;
        Ok(!done.map_err(user_refused)?.events.is_empty())
    }

    /// Tells a group; whether anything happened.
    ///
    /// # Errors
    /// What the rules say.
    pub(super) async fn tell_group(&mut self, group: GroupId, command: GroupCommand) -> Result<bool, ArgusError> {
        let context = self.desk.context().clone();
        let done = self.desk.lane().execute::<Group>(group.uuid(), command, &context).await;
        Ok(!done.map_err(group_refused)?.events.is_empty())
    }

    /// Makes everything final; the subject as it is then.
    ///
    /// # Errors
    /// 403 when it would be out of the caller's sight: nothing has happened then. 503.
    pub(super) async fn close(mut self, subject: impl Into<SubjectId>) -> Result<Subject, ArgusError> {
        let shown = subjects::show(self.desk.lane().connection(), &self.sight, subject).await?;
        let shown = shown.ok_or(ArgusError::Denied)?;
        self.desk.commit().await?;
        Ok(shown)
    }

    /// The same as an answer: 220 when nothing had to be changed.
    ///
    /// # Errors
    /// As above.
    pub(super) async fn answer(self, subject: impl Into<SubjectId>, changed: bool) -> Result<Reply, ArgusError> {
        let shown = self.close(subject).await?;
        Ok(if changed { Reply::ok(shown) } else { Reply::unchanged(shown) })
    }
}

fn explained(caller: &Caller, comment: Option<String>) -> Context {
    let context = caller.context.clone();
    Context { reason: comment.or(context.reason), ..context }
}

/// A subject that is known to be a user.
pub(super) const fn user_id(subject: &Subject) -> UserId {
    UserId::new(subject.subject.uuid())
}

/// A subject that is known to be a group.
pub(super) const fn group_id(subject: &Subject) -> GroupId {
    GroupId::new(subject.subject.uuid())
}

fn user_refused(error: ExecuteError<UserError>) -> ArgusError {
    match error {
        ExecuteError::Refused(rule) => match rule {
            UserError::NotFound => ArgusError::NotFound,
            UserError::UserNameTaken => ArgusError::field("shortName", rule),
            UserError::NoSuchCustomer => ArgusError::field("customer", rule),
            other => ArgusError::Refused(other.to_string()),
        },
        ExecuteError::Storage(StorageError::Constraint { name }) if name == "users_user_name" => {
            ArgusError::field("shortName", UserError::UserNameTaken)
        }
        other => other.into(),
    }
}

fn group_refused(error: ExecuteError<GroupError>) -> ArgusError {
    match error {
        ExecuteError::Refused(rule) => match rule {
            GroupError::NotFound => ArgusError::NotFound,
            GroupError::ShortNameTaken => ArgusError::field("shortName", rule),
            GroupError::NoSuchCustomer => ArgusError::field("customer", rule),
            GroupError::NoSuchMember | GroupError::Cycle => ArgusError::field("subject", rule),
            other => ArgusError::Refused(other.to_string()),
        },
        ExecuteError::Storage(StorageError::Constraint { name }) if name == "groups_short_name" => {
            ArgusError::field("shortName", GroupError::ShortNameTaken)
        }
        other => other.into(),
    }
}
