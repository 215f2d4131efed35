//! `argus user move`, `argus user reenable` and `argus user erase`.

use super::One;
use crate::{
    cli::Session,
    directory::{references, users},
};
use aggregates::user::User;

pub(super) async fn move_to(session: &Session, one: One, customer: &str) -> anyhow::Result<()> {
    let (mut desk, user) = one.find(session).await?;
    let customer = references::customer(&mut desk, user.domain, customer).await?.id;
    let command = users::move_to(&mut desk, user.domain, customer).await?;
    desk.execute::<User>(user.id.uuid(), command).await?;
    Ok(desk.commit().await?)
}

pub(super) async fn reenable(session: &Session, one: One) -> anyhow::Result<()> {
    let (mut desk, domain) = one.setting.open(session).await?;
    let user = references::user_ever(&mut desk, domain, &one.user).await?;
    let command = users::reenable(&mut desk, &user).await?;
    desk.execute::<User>(user.id.uuid(), command).await?;
    Ok(desk.commit().await?)
}

pub(super) async fn erase(session: &Session, one: One, execute: bool) -> anyhow::Result<()> {
    let (mut desk, domain) = one.setting.open(session).await?;
    let user = references::user_ever(&mut desk, domain, &one.user).await?;
    if !execute {
        println!(
            "{} ({}): the account ends, and names, e-mail address, telephone number, picture and addresses become unreadable for \
             good, in the log too. --execute does it.",
            user.user_name.as_deref().unwrap_or("erased already"),
            user.id
        );
        return Ok(());
    }
    users::erase(&mut desk, user.id).await?;
    desk.commit().await?;
    println!("{}: erased", user.id);
    Ok(())
}
