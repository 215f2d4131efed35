//! Users as the file says.

use super::{
    super::{
        Desk, DirectoryError,
        desk::{field, looked_up},
        password_rules::{self, OneTimePassword},
        references,
        users::{self, NewUser},
    },
    Surroundings,
    file::GivenUser,
    lists,
    places::domain_of,
};
use aggregates::{
    group::Member,
    ids::{DomainId, UserId},
    user::{User, UserCommand},
    values::PasswordHash,
};
use zeroize::Zeroizing;

/// A password that was drawn, to be shown once.
pub struct DrawnPassword {
    /// Whose.
    pub user_name: String,
    /// The password.
    pub password: OneTimePassword,
}

pub(super) async fn user(
    desk: &mut Desk,
    entry: &GivenUser,
    around: Surroundings<'_>,
) -> Result<Option<DrawnPassword>, DirectoryError> {
    let domain = domain_of(desk, entry.domain.as_ref(), around.domain).await?;
    let id = known(desk, domain, entry).await?;
    if entry.email_verified && entry.email.is_some() {
        desk.execute::<User>(id.uuid(), UserCommand::VerifyEmail).await?;
    }
    let drawn = password(desk, (domain, id), entry, around).await?;
    let command = if entry.blocked { UserCommand::Block } else { UserCommand::Unblock };
    desk.execute::<User>(id.uuid(), command).await?;
    lists::held(desk, domain, Member::User(id), entry.permissions.as_deref()).await?;
    Ok(drawn)
}

/// Makes the user, or sees to it that the profile is as given.
async fn known(desk: &mut Desk, domain: DomainId, entry: &GivenUser) -> Result<UserId, DirectoryError> {
    let input = NewUser::from(entry);
    let profile = input.profile()?;
    let c = desk.lane().connection();
    let found = looked_up(projections::users::find_by_user_name(c, domain, &profile.user_name).await)?;
    let Some(row) = found else {
        let id = UserId::new(desk.new_id());
        let command = users::create(desk, id, domain, &input).await?;
        desk.execute::<User>(id.uuid(), command).await?;
        return Ok(id);
    };
    if let Some(command) = users::change_profile(desk, row.id, &profile).await? {
        desk.execute::<User>(row.id.uuid(), command).await?;
    }
    Ok(row.id)
}

async fn password(
    desk: &mut Desk,
    (domain, id): (DomainId, UserId),
    entry: &GivenUser,
    around: Surroundings<'_>,
) -> Result<Option<DrawnPassword>, DirectoryError> {
    let present = references::user(desk, domain, &id.to_string()).await?.password_hash;
    let (hash, must_change, drawn) = match (&entry.password_hash, &entry.password_env, entry.generate_password) {
        (Some(hash), None, false) if present.as_ref() == Some(hash) => return Ok(None),
        (Some(hash), None, false) => (field("password_hash", hash)?, false, None),
        (None, None, false) => return Ok(None),
        (None, Some(_), false) | (None, None, true) if present.is_some() => return Ok(None),
        (None, Some(variable), false) => (hashed(desk, &given(variable, entry, around)?).await?, false, None),
        (None, None, true) => {
            let drawn = OneTimePassword::draw(desk.tools().entropy.as_ref());
            (hashed(desk, drawn.reveal()).await?, true, Some(drawn))
        }
        _ => {
            let problem = "give one of password_hash, password_env and generate_password";
            return Err(DirectoryError::invalid("password")(problem.to_owned()));
        }
    };
    desk.execute::<User>(id.uuid(), UserCommand::SetPassword { hash, must_change }).await?;
    Ok(drawn.map(|password| DrawnPassword { user_name: entry.user_name.clone(), password }))
}

fn given(variable: &str, entry: &GivenUser, around: Surroundings<'_>) -> Result<Zeroizing<String>, DirectoryError> {
    let missing = || DirectoryError::invalid("password_env")(format!("there is no variable {variable}"));
    let password = (around.variable)(variable).ok_or_else(missing)?;
    password_rules::check(&password, &entry.user_name)
        .map_err(|unfit| DirectoryError::invalid("password_env")(unfit.to_string()))?;
    Ok(password)
}

async fn hashed(desk: &Desk, password: &str) -> Result<PasswordHash, DirectoryError> {
    let tools = desk.tools();
    let typed = Zeroizing::new(password.to_owned());
    tools.passwords.hash(typed, tools.entropy.as_ref()).await.map_err(|_| DirectoryError::Busy)
}
