//! `argus user …`: users, their passwords and their API keys.

mod api_key;
mod password;
mod placement;
mod show;

use super::{
    Session,
    administration::{Place, Setting, make},
    output::Output,
};
use crate::directory::{
    Desk, DirectoryError, references,
    users::{self, NewUser},
};
use aggregates::{
    ids::UserId,
    user::{User, UserCommand as Command},
};
use api_key::ApiKeyCommand;
use clap::{Args, Subcommand};
use projections::users::UserRow;

/// Users and their API keys.
#[derive(Debug, Subcommand)]
pub enum UserCommand {
    /// Makes a user, without a password.
    Create {
        /// The user.
        #[command(flatten)]
        user: Box<NewUser>,
        /// Where, and why.
        #[command(flatten)]
        setting: Setting,
    },
    /// Lists the users of a domain.
    List {
        /// Where.
        #[command(flatten)]
        place: Place,
        /// How to print.
        #[command(flatten)]
        output: Output,
    },
    /// Shows a user with groups and permissions.
    Show {
        /// User name, number or id.
        user: String,
        /// Where.
        #[command(flatten)]
        place: Place,
        /// How to print.
        #[command(flatten)]
        output: Output,
    },
    /// Sets a password: one line of standard input, or one that is drawn and shown once.
    SetPassword {
        /// Draw a password.
        #[arg(long)]
        generate: bool,
        /// Whose.
        #[command(flatten)]
        one: One,
    },
    /// Shuts a user out; sessions and tokens end for good.
    Block(One),
    /// Lets a user sign in again; nothing of before is revived.
    Unblock(One),
    /// Ends a user; sessions, tokens, permissions and API keys end for good.
    Delete(One),
    /// Ends a user and destroys the key that seals what is known of the person; says what that means unless --execute is given.
    Erase {
        /// Does it. It cannot be undone.
        #[arg(long)]
        execute: bool,
        /// Who; a deleted one is named by number or id.
        #[command(flatten)]
        one: One,
    },
    /// Lets a deleted user, named by number or id, begin again without password, permissions and API keys.
    Reenable(One),
    /// Puts a user into another customer of the domain.
    Move {
        /// The other customer: short name, number or id.
        #[arg(long, value_name = "CUSTOMER")]
        to: String,
        /// Who.
        #[command(flatten)]
        one: One,
    },
    /// API keys of a user.
    #[command(subcommand)]
    ApiKey(ApiKeyCommand),
}

/// One user who is to be changed.
#[derive(Debug, Args)]
pub struct One {
    /// User name, number or id.
    user: String,
    #[command(flatten)]
    setting: Setting,
}

impl UserCommand {
    /// Carries it out.
    ///
    /// # Errors
    /// What keeps it from being done.
    pub async fn run(self, session: &Session) -> anyhow::Result<()> {
        match self {
            Self::Create { user, setting } => {
                let (mut desk, domain) = setting.open(session).await?;
                let id = UserId::new(desk.new_id());
                let command = users::create(&mut desk, id, domain, &user).await?;
                make::<User>(desk, id.uuid(), command).await
            }
            Self::List { place, output } => show::list(session, &place, output).await,
            Self::Show { user, place, output } => show::one(session, &place, &user, output).await,
            Self::SetPassword { generate, one } => password::set(session, one, generate).await,
            Self::Block(one) => one.change(session, Command::Block).await,
            Self::Unblock(one) => one.change(session, Command::Unblock).await,
            Self::Delete(one) => one.change(session, Command::Delete).await,
            Self::Erase { execute, one } => placement::erase(session, one, execute).await,
            Self::Reenable(one) => placement::reenable(session, one).await,
            Self::Move { to, one } => placement::move_to(session, one, &to).await,
            Self::ApiKey(command) => command.run(session).await,
        }
    }
}

impl One {
    pub(super) async fn change(self, session: &Session, command: Command) -> anyhow::Result<()> {
        let (mut desk, user) = self.find(session).await?;
        desk.execute::<User>(user.id.uuid(), command).await?;
        Ok(desk.commit().await?)
    }

    /// The user, and the desk at which they are changed.
    async fn find(self, session: &Session) -> Result<(Desk, UserRow), DirectoryError> {
        let (mut desk, domain) = self.setting.open(session).await?;
        let user = references::user(&mut desk, domain, &self.user).await?;
        Ok((desk, user))
    }
}
