//! What a user can be asked to do.

use crate::{
    ids::{CustomerId, DomainId},
    values::{
        ApiKeyPrefix, Constraints, Description, IpRanges, PasswordHash, Permission, Sealed, Timestamp, TokenHash,
    },
};

/// An API key, as it is stored.
#[derive(Debug, Clone)]
pub struct NewApiKey {
    /// The public part, unique among all users.
    pub prefix: ApiKeyPrefix,
    /// SHA-256 of the secret part.
    pub secret_hash: TokenHash,
    /// From where it may be used.
    pub sources: IpRanges,
    /// What it is for, in words.
    pub description: Description,
    /// How it is narrowed.
    pub constraints: Constraints,
    /// Until when it may be used.
    pub expires_at: Timestamp,
}

/// A wish of an administrator, or of the user.
#[derive(Debug, Clone)]
pub enum UserCommand {
    /// Begin to exist, without a password.
    Create {
        /// The integer id.
        number: i64,
        /// The domain, for good.
        domain: DomainId,
        /// The customer that the user belongs to.
        customer: CustomerId,
        /// The sealed JSON of a [`crate::values::Profile`].
        profile: Sealed,
        /// Fact: another user of the domain, not deleted, has this user name.
        user_name_taken: bool,
        /// Fact: the customer exists in the domain and is not disabled.
        customer_fits: bool,
    },
    /// Be known otherwise. Who sends this has compared the clear profiles: they differ.
    ChangeProfile {
        /// The sealed JSON of a [`crate::values::Profile`].
        profile: Sealed,
        /// Fact: another user of the domain, not deleted, has this user name.
        user_name_taken: bool,
        /// Fact: the e-mail address is another one.
        email_changed: bool,
    },
    /// The e-mail address was shown to be the user's.
    VerifyEmail,
    /// Sign in with another password.
    SetPassword {
        /// The hash of the password.
        hash: PasswordHash,
        /// Whether the password must be changed at the next sign-in.
        must_change: bool,
    },
    /// Shut out.
    Block,
    /// Let in again.
    Unblock,
    /// Sign in anew everywhere.
    EndSessions,
    /// End. Permissions and API keys end as well.
    Delete,
    /// End, and be forgotten: who sends this destroys the key that seals what is known of the person.
    Erase,
    /// Begin again, without a password, a permission or an API key.
    Reenable {
        /// Fact: another user of the domain, not deleted, has the user name, or it was erased.
        user_name_taken: bool,
        /// Fact: the customer exists in the domain and is not disabled.
        customer_fits: bool,
    },
    /// Belong to another customer of the same domain.
    Move {
        /// Which.
        customer: CustomerId,
        /// Fact: the customer exists in the domain and is not disabled.
        customer_fits: bool,
    },
    /// Have another picture, which stands outside of the log.
    ChangePicture,
    /// Be a technical account, or a person's.
    MarkDaemon {
        /// Whether no person stands behind the account.
        daemon: bool,
    },
    /// Have one more API key.
    IssueApiKey {
        /// The key.
        key: NewApiKey,
        /// Fact: some user has or had a key with this prefix.
        prefix_taken: bool,
        /// The time now.
        now: Timestamp,
    },
    /// Have it for another period. What has expired stays so.
    RenewApiKey {
        /// Which.
        prefix: ApiKeyPrefix,
        /// Until when it may then be used.
        expires_at: Timestamp,
        /// The time now.
        now: Timestamp,
    },
    /// Have it no longer.
    RevokeApiKey {
        /// Which.
        prefix: ApiKeyPrefix,
    },
    /// Hold a permission.
    GrantPermission {
        /// Which.
        permission: Permission,
        /// Fact: the function exists.
        function_exists: bool,
        /// Fact: the customer exists in the user's domain and is not disabled.
        customer_fits: bool,
    },
    /// Hold it no longer.
    RevokePermission {
        /// Which.
        permission: Permission,
    },
}
