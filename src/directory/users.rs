//! Users: input to command. Here personal data is sealed, under a key that is made together with the user.

use super::{
    Desk, DirectoryError, Tools, customers as places,
    desk::{field, looked_up},
};
use crate::event_store::{Context, EventStore};
use aggregates::{
    ids::{CustomerId, DomainId, UserId},
    user::{User, UserCommand},
    values::{Description, DisplayName, Email, Phone, Profile, Sealed, UserName},
};
use projections::{
    Numbered, customers, next_number, personal_keys,
    users::{self, UserRow},
};
use serde::Deserialize;
use std::fmt;
use zeroize::Zeroizing;

/// Names what is sealed.
const PROFILE: &str = "profile";

/// A user that is to be, without a password.
#[derive(Clone, Default, Deserialize, clap::Args)]
#[serde(deny_unknown_fields)]
pub struct NewUser {
    /// The name to sign in with.
    pub user_name: String,
    /// The name to show; the user name unless given.
    #[arg(long)]
    pub name: Option<String>,
    /// The e-mail address.
    #[arg(long)]
    pub email: Option<String>,
    /// The telephone number, like +47 22 00 00 00.
    #[arg(long)]
    pub phone: Option<String>,
    /// Who it is, in words.
    #[arg(long, default_value = "")]
    #[serde(default)]
    pub description: String,
    /// The customer that the user belongs to; the domain's root unless given.
    #[arg(long)]
    pub customer: Option<String>,
}

impl fmt::Debug for NewUser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NewUser(..)")
    }
}

impl NewUser {
    /// The profile in it.
    ///
    /// # Errors
    /// When a field is refused.
    pub fn profile(&self) -> Result<Profile, DirectoryError> {
        Ok(Profile {
            user_name: field("user_name", &self.user_name)?,
            name: field("name", self.name.as_deref().unwrap_or(&self.user_name))?,
            email: self.email.as_deref().map(|text| field("email", text)).transpose()?,
            phone: self.phone.as_deref().map(|text| field("phone", text)).transpose()?,
            description: field("description", &self.description)?,
        })
    }
}

/// What is to be different about a profile; `None`: nothing.
#[derive(Default)]
pub struct ProfileChange {
    /// The name to sign in with.
    pub user_name: Option<UserName>,
    /// The name to show.
    pub name: Option<DisplayName>,
    /// The e-mail address, or that there is none.
    pub email: Option<Option<Email>>,
    /// The telephone number, or that there is none.
    pub phone: Option<Option<Phone>>,
    /// Who the person is, in words.
    pub description: Option<Description>,
}

impl ProfileChange {
    /// The profile after the change. `None` when nothing is left of the one before.
    #[must_use]
    pub fn of(self, row: &UserRow) -> Option<Profile> {
        let kept = |text: &Option<String>| text.as_deref().map(str::to_owned);
        Some(Profile {
            user_name: self.user_name.or_else(|| kept(&row.user_name)?.parse().ok())?,
            name: self.name.or_else(|| kept(&row.name)?.parse().ok())?,
            email: self.email.unwrap_or_else(|| kept(&row.email)?.parse().ok()),
            phone: self.phone.unwrap_or_else(|| kept(&row.phone)?.parse().ok()),
            description: self.description.or_else(|| row.description.parse().ok())?,
        })
    }
}

/// The command that makes the user `id`, who has a data key afterwards.
///
/// # Errors
/// When a field is refused or the customer is not found.
pub async fn create(
    desk: &mut Desk,
    id: UserId,
    domain: DomainId,
    input: &NewUser,
) -> Result<UserCommand, DirectoryError> {
    let profile = input.profile()?;
    let customer = places::meant(desk, domain, input.customer.as_deref()).await?;
    create_at(desk, id, (domain, customer), &profile).await
}

/// The same for a customer and a profile that are known.
///
/// # Errors
/// When the database is away.
pub async fn create_at(
    desk: &mut Desk,
    id: UserId,
    (domain, customer): (DomainId, CustomerId),
    profile: &Profile,
) -> Result<UserCommand, DirectoryError> {
    let sealed = seal(desk, id, profile).await?;
    let c = desk.lane().connection();
    Ok(UserCommand::Create {
        number: looked_up(next_number(c, Numbered::Subjects).await)?,
        user_name_taken: looked_up(users::find_by_user_name(c, domain, &profile.user_name).await)?.is_some(),
        customer_fits: looked_up(customers::is_open(c, customer, domain).await)?,
        domain,
        customer,
        profile: sealed,
    })
}

/// The command that makes a user known by another profile; `None` when it is the same.
///
/// # Errors
/// When the user is not found.
pub async fn change_profile(
    desk: &mut Desk,
    id: UserId,
    profile: &Profile,
) -> Result<Option<UserCommand>, DirectoryError> {
    let c = desk.lane().connection();
    let missing = || DirectoryError::NotFound { kind: "user", reference: id.to_string() };
    let row = looked_up(users::find_by_id(c, id).await)?.ok_or_else(missing)?;
    let named = looked_up(users::find_by_user_name(c, row.domain, &profile.user_name).await)?;
    let email_changed = row.email.as_deref() != profile.email.as_ref().map(|email| email.as_str());
    let same = row.user_name.as_deref() == Some(profile.user_name.as_str())
        && row.name.as_deref() == Some(profile.name.as_str())
        && row.phone.as_deref() == profile.phone.as_ref().map(|phone| phone.as_str())
        && row.description == profile.description.as_str();
    if same && !email_changed {
        return Ok(None);
    }
    let user_name_taken = named.is_some_and(|other| other.id != id);
    let profile = seal(desk, id, profile).await?;
    Ok(Some(UserCommand::ChangeProfile { profile, user_name_taken, email_changed }))
}

/// The command that puts a user into another customer of the same domain.
///
/// # Errors
/// When the database is away.
pub async fn move_to(desk: &mut Desk, domain: DomainId, customer: CustomerId) -> Result<UserCommand, DirectoryError> {
    let customer_fits = looked_up(customers::is_open(desk.lane().connection(), customer, domain).await)?;
    Ok(UserCommand::Move { customer, customer_fits })
}

/// Erases a user: the account ends, and the key that seals what is known of the person is destroyed in the same transaction. Whatever it
/// sealed cannot be read from then on, in the log, in other tables and in later backups.
///
/// # Errors
/// When the user is not found or the database is away.
pub async fn erase(desk: &mut Desk, id: UserId) -> Result<(), DirectoryError> {
    desk.execute::<User>(id.uuid(), UserCommand::Erase).await?;
    looked_up(personal_keys::destroy(desk.lane().connection(), id.uuid()).await)
}

/// The command that lets a deleted user begin again. A name that was erased is as good as taken.
///
/// # Errors
/// When the database is away.
pub async fn reenable(desk: &mut Desk, row: &UserRow) -> Result<UserCommand, DirectoryError> {
    let c = desk.lane().connection();
    let user_name_taken = match row.user_name.as_deref().map(str::parse::<UserName>) {
        Some(Ok(name)) => looked_up(users::find_by_user_name(c, row.domain, &name).await)?.is_some(),
        _ => true,
    };
    let customer_fits = looked_up(customers::is_open(c, row.customer, row.domain).await)?;
    Ok(UserCommand::Reenable { user_name_taken, customer_fits })
}

/// Sets the password that a user chose. It is hashed before the lane is entered, so that nobody waits for that.
///
/// # Errors
/// When too many passwords are being hashed, or the database is away.
pub async fn choose_password(
    store: &EventStore,
    tools: Tools,
    context: Context,
    user: UserId,
    password: Zeroizing<String>,
) -> Result<(), DirectoryError> {
    let hash = tools.passwords.hash(password, tools.entropy.as_ref()).await.map_err(|_| DirectoryError::Busy)?;
    let mut desk = Desk::open(store, tools, context.explained("chosen by the user")).await?;
    desk.execute::<User>(user.uuid(), UserCommand::SetPassword { hash, must_change: false }).await?;
    desk.commit().await
}

async fn seal(desk: &mut Desk, id: UserId, profile: &Profile) -> Result<Sealed, DirectoryError> {
    let keys = desk.tools().keys.clone();
    let fresh = keys.new_subject_key(id.uuid())?;
    let key = looked_up(personal_keys::insert(desk.lane().connection(), id.uuid(), &fresh).await)?;
    let json = serde_json::to_string(profile).map_err(|_| DirectoryError::Seal)?;
    Ok(keys.seal(id.uuid(), &key, PROFILE, &json)?)
}
