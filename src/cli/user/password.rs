//! `argus user set-password`. The password never stands on the command line, where other users of the machine can read it.

use super::One;
use crate::{
    cli::Session,
    directory::{
        DirectoryError,
        password_rules::{self, OneTimePassword},
    },
};
use aggregates::user::{User, UserCommand};
use std::io::{self, BufRead};
use zeroize::Zeroizing;

pub(super) async fn set(session: &Session, one: One, generate: bool) -> anyhow::Result<()> {
    let drawn = generate.then(|| OneTimePassword::draw(session.entropy.as_ref()));
    let password = match &drawn {
        Some(drawn) => Zeroizing::new(drawn.reveal().to_owned()),
        None => line()?,
    };
    let (mut desk, user) = one.find(session).await?;
    password_rules::check(&password, user.user_name.as_deref().unwrap_or_default())
        .map_err(|unfit| DirectoryError::Invalid { field: "password", problem: unfit.to_string() })?;
    let tools = desk.tools().clone();
    let hash = tools.passwords.hash(password, tools.entropy.as_ref()).await.map_err(|_| DirectoryError::Busy)?;
    // Somebody else knows it, so the user has to choose another one.
    desk.execute::<User>(user.id.uuid(), UserCommand::SetPassword { hash, must_change: true }).await?;
    desk.commit().await?;
    if let Some(drawn) = drawn {
        println!("{}", drawn.reveal());
    }
    Ok(())
}

fn line() -> io::Result<Zeroizing<String>> {
    let mut line = Zeroizing::new(String::new());
    io::stdin().lock().read_line(&mut line)?;
    let end = line.trim_end_matches(['\r', '\n']).len();
    line.truncate(end);
    Ok(line)
}
