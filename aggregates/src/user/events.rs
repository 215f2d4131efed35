//! What has happened to a user.

use crate::{
    ids::{CustomerId, DomainId, FunctionId},
    values::{ApiKeyPrefix, Constraints, Description, IpRanges, PasswordHash, Sealed, Timestamp, TokenHash},
};
use serde::{Deserialize, Serialize};

/// A past fact; stored as `user.*`. Personal data stands in it only sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UserEvent {
    /// The user began to exist.
    Created {
        /// The integer id.
        number: i64,
        /// The domain.
        domain: DomainId,
        /// The customer that the user belongs to.
        customer: CustomerId,
        /// The sealed JSON of a [`crate::values::Profile`].
        profile: Sealed,
    },
    /// The user is known otherwise.
    ProfileChanged {
        /// The sealed JSON of a [`crate::values::Profile`].
        profile: Sealed,
        /// Whether the e-mail address is another one, thus not verified.
        email_changed: bool,
    },
    /// The e-mail address was shown to be the user's.
    EmailVerified {},
    /// The password is another one. Raises the epoch.
    PasswordSet {
        /// The hash of the password.
        hash: PasswordHash,
        /// Whether the password must be changed at the next sign-in.
        must_change: bool,
    },
    /// The user was shut out. Raises the epoch.
    Blocked {},
    /// The user was let in again.
    Unblocked {},
    /// All of the user's sessions and tokens ended; the user may sign in again. Raises the epoch.
    SessionsEnded {},
    /// The user ended, with all permissions and API keys. Raises the epoch.
    Deleted {},
    /// Whatever is known of the person became unreadable, everywhere and for good: the key that sealed it was destroyed.
    Erased {},
    /// The user began again, with nothing of before but the name and the groups.
    Reenabled {},
    /// The user belongs to another customer.
    Moved {
        /// The customer.
        customer: CustomerId,
    },
    /// The user has another picture, which stands outside of the log.
    PictureChanged {},
    /// The account is a technical one, or a person's again.
    DaemonMarked {
        /// Whether no person stands behind it.
        daemon: bool,
    },
    /// The user has one more API key.
    ApiKeyIssued {
        /// The public part of the key.
        prefix: ApiKeyPrefix,
        /// SHA-256 of the secret part.
        secret_hash: TokenHash,
        /// From where it may be used.
        sources: IpRanges,
        /// What it is for, in words.
        description: Description,
        /// How it is narrowed.
        constraints: Constraints,
        /// Until when it may be used.
        expires_at: Timestamp,
    },
    /// The user has it for another period; the secret is the same.
    ApiKeyRenewed {
        /// The public part of the key.
        prefix: ApiKeyPrefix,
        /// Until when it may be used.
        expires_at: Timestamp,
    },
    /// The user has it no longer.
    ApiKeyRevoked {
        /// The public part of the key.
        prefix: ApiKeyPrefix,
    },
    /// The user holds a function for a customer.
    PermissionGranted {
        /// The function.
        function: FunctionId,
        /// The customer.
        customer: CustomerId,
    },
    /// The user holds it no longer.
    PermissionRevoked {
        /// The function.
        function: FunctionId,
        /// The customer.
        customer: CustomerId,
    },
}

stored_as!(UserEvent {
    Created => "user.created" "1",
    ProfileChanged => "user.profile_changed" "1",
    EmailVerified => "user.email_verified" "1",
    PasswordSet => "user.password_set" "1",
    Blocked => "user.blocked" "1",
    Unblocked => "user.unblocked" "1",
    SessionsEnded => "user.sessions_ended" "1",
    Deleted => "user.deleted" "1",
    Erased => "user.erased" "1",
    Reenabled => "user.reenabled" "1",
    Moved => "user.moved" "1",
    PictureChanged => "user.picture_changed" "1",
    DaemonMarked => "user.daemon_marked" "1",
    ApiKeyIssued => "user.api_key_issued" "1",
    ApiKeyRenewed => "user.api_key_renewed" "1",
    ApiKeyRevoked => "user.api_key_revoked" "1",
    PermissionGranted => "user.permission_granted" "1",
    PermissionRevoked => "user.permission_revoked" "1",
});
