//! The rules of a user.

use super::{NewApiKey, UserCommand, UserError, UserEvent};
use crate::{
    ids::CustomerId,
    values::{ApiKeyPrefix, Permission, Seconds, Timestamp},
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The longest life of an API key, in days.
pub const MAX_API_KEY_DAYS: i64 = 1825;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
enum Status {
    #[default]
    NotStarted,
    Active,
    Blocked,
    Deleted,
}

/// A user, as far as the rules need it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    status: Status,
    customer: Option<CustomerId>,
    daemon: bool,
    epoch: u32,
    email_verified: bool,
    erased: bool,
    /// Those that were not revoked, and when they expire.
    api_keys: BTreeMap<ApiKeyPrefix, Timestamp>,
    permissions: BTreeSet<Permission>,
}

aggregate!(User, "user", UserCommand, UserEvent, UserError);

impl User {
    /// How often everything that was decided for this user became void.
    #[must_use]
    pub const fn epoch(&self) -> u32 {
        self.epoch
    }

    /// The events that follow from `command`; none when everything is so already.
    ///
    /// # Errors
    /// The rule that forbids it.
    pub fn decide(&self, command: UserCommand) -> Result<Vec<UserEvent>, UserError> {
        let event = match (command, self.status) {
            (command @ UserCommand::Create { .. }, Status::NotStarted) => Some(create(command)?),
            (UserCommand::Create { .. }, _) => return Err(UserError::AlreadyExists),
            (UserCommand::Erase, Status::Active | Status::Blocked) => {
                return Ok(vec![UserEvent::Deleted {}, UserEvent::Erased {}]);
            }
            (UserCommand::Erase, Status::Deleted) => (!self.erased).then_some(UserEvent::Erased {}),
            (UserCommand::Reenable { .. }, Status::Deleted) if self.erased => return Err(UserError::Erased),
            (UserCommand::Reenable { user_name_taken, customer_fits }, Status::Deleted) => {
                Some(reenable(user_name_taken, customer_fits)?)
            }
            (_, Status::NotStarted | Status::Deleted) => return Err(UserError::NotFound),
            (command, Status::Active | Status::Blocked) => self.change(command)?,
        };
        // What a block ended stays ended: keys do not come back with the user.
        let ended = matches!(event, Some(UserEvent::Blocked {}));
        let keys = self.api_keys.keys().filter(|_| ended).cloned();
        Ok(event.into_iter().chain(keys.map(|prefix| UserEvent::ApiKeyRevoked { prefix })).collect())
    }

    fn change(&self, command: UserCommand) -> Result<Option<UserEvent>, UserError> {
        Ok(match command {
            UserCommand::Create { .. } => return Err(UserError::AlreadyExists),
            UserCommand::ChangeProfile { user_name_taken: true, .. } => return Err(UserError::UserNameTaken),
            UserCommand::ChangeProfile { profile, email_changed, .. } => {
                Some(UserEvent::ProfileChanged { profile, email_changed })
            }
            UserCommand::VerifyEmail => (!self.email_verified).then_some(UserEvent::EmailVerified {}),
            UserCommand::SetPassword { hash, must_change } => Some(UserEvent::PasswordSet { hash, must_change }),
            UserCommand::Block => (self.status == Status::Active).then_some(UserEvent::Blocked {}),
            UserCommand::Unblock => (self.status == Status::Blocked).then_some(UserEvent::Unblocked {}),
            UserCommand::EndSessions => Some(UserEvent::SessionsEnded {}),
            UserCommand::Delete => Some(UserEvent::Deleted {}),
            UserCommand::Reenable { .. } | UserCommand::Erase => None,
            UserCommand::Move { customer_fits: false, .. } => return Err(UserError::NoSuchCustomer),
            UserCommand::Move { customer, .. } => {
                (self.customer != Some(customer)).then_some(UserEvent::Moved { customer })
            }
            UserCommand::ChangePicture => Some(UserEvent::PictureChanged {}),
            UserCommand::MarkDaemon { daemon } => (self.daemon != daemon).then_some(UserEvent::DaemonMarked { daemon }),
            UserCommand::IssueApiKey { prefix_taken: true, .. } => return Err(UserError::ApiKeyPrefixTaken),
            UserCommand::IssueApiKey { key, now, .. } => Some(issue(key, now)?),
            UserCommand::RenewApiKey { prefix, expires_at, now } => Some(self.renew(prefix, expires_at, now)?),
            UserCommand::RevokeApiKey { prefix } if self.api_keys.contains_key(&prefix) => {
                Some(UserEvent::ApiKeyRevoked { prefix })
            }
            UserCommand::RevokeApiKey { .. } => return Err(UserError::NoSuchApiKey),
            UserCommand::GrantPermission { function_exists: false, .. } => return Err(UserError::NoSuchFunction),
            UserCommand::GrantPermission { customer_fits: false, .. } => return Err(UserError::NoSuchCustomer),
            UserCommand::GrantPermission { permission, .. } => {
                let Permission { function, customer } = permission;
                (!self.permissions.contains(&permission)).then_some(UserEvent::PermissionGranted { function, customer })
            }
            UserCommand::RevokePermission { permission } => {
                let Permission { function, customer } = permission;
                self.permissions.contains(&permission).then_some(UserEvent::PermissionRevoked { function, customer })
            }
        })
    }

    fn renew(&self, prefix: ApiKeyPrefix, expires_at: Timestamp, now: Timestamp) -> Result<UserEvent, UserError> {
        match self.api_keys.get(&prefix) {
            None => Err(UserError::NoSuchApiKey),
            Some(expired) if *expired <= now => Err(UserError::ApiKeyExpired),
            Some(_) if !is_allowed(expires_at, now) => Err(UserError::ApiKeyExpiry),
            Some(_) => Ok(UserEvent::ApiKeyRenewed { prefix, expires_at }),
        }
    }

    fn evolve(&mut self, event: UserEvent) {
        match event {
            UserEvent::Created { customer, .. } => {
                self.status = Status::Active;
                self.customer = Some(customer);
            }
            UserEvent::Unblocked {} | UserEvent::Reenabled {} => self.status = Status::Active,
            UserEvent::Moved { customer } => self.customer = Some(customer),
            UserEvent::PictureChanged {} => {}
            UserEvent::DaemonMarked { daemon } => self.daemon = daemon,
            UserEvent::ProfileChanged { email_changed, .. } => self.email_verified &= !email_changed,
            UserEvent::Erased {} => self.erased = true,
            UserEvent::EmailVerified {} => self.email_verified = true,
            UserEvent::PasswordSet { .. } | UserEvent::SessionsEnded {} => self.epoch += 1,
            UserEvent::Blocked {} => self.end_as(Status::Blocked),
            UserEvent::Deleted {} => {
                self.end_as(Status::Deleted);
                self.api_keys.clear();
                self.permissions.clear();
            }
            UserEvent::ApiKeyIssued { prefix, expires_at, .. } | UserEvent::ApiKeyRenewed { prefix, expires_at } => {
                self.api_keys.insert(prefix, expires_at);
            }
            UserEvent::ApiKeyRevoked { prefix } => {
                self.api_keys.remove(&prefix);
            }
            UserEvent::PermissionGranted { function, customer } => {
                self.permissions.insert(Permission { function, customer });
            }
            UserEvent::PermissionRevoked { function, customer } => {
                self.permissions.remove(&Permission { function, customer });
            }
        }
    }

    fn end_as(&mut self, status: Status) {
        self.status = status;
        self.epoch += 1;
    }
}

fn create(command: UserCommand) -> Result<UserEvent, UserError> {
    match command {
        UserCommand::Create { user_name_taken: true, .. } => Err(UserError::UserNameTaken),
        UserCommand::Create { customer_fits: false, .. } => Err(UserError::NoSuchCustomer),
        UserCommand::Create { number, domain, customer, profile, .. } => {
            Ok(UserEvent::Created { number, domain, customer, profile })
        }
        _ => Err(UserError::NotFound),
    }
}

fn is_allowed(expires_at: Timestamp, now: Timestamp) -> bool {
    now < expires_at && expires_at <= now.after(Seconds(MAX_API_KEY_DAYS * 86_400))
}

const fn reenable(user_name_taken: bool, customer_fits: bool) -> Result<UserEvent, UserError> {
    match (user_name_taken, customer_fits) {
        (true, _) => Err(UserError::UserNameTaken),
        (_, false) => Err(UserError::NoSuchCustomer),
        (false, true) => Ok(UserEvent::Reenabled {}),
    }
}

fn issue(key: NewApiKey, now: Timestamp) -> Result<UserEvent, UserError> {
    if !is_allowed(key.expires_at, now) {
        return Err(UserError::ApiKeyExpiry);
    }
    let NewApiKey { prefix, secret_hash, sources, description, constraints, expires_at } = key;
    Ok(UserEvent::ApiKeyIssued { prefix, secret_hash, sources, description, constraints, expires_at })
}
