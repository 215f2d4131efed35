//! `argus user api-key create|list|renew|revoke`.

use super::One;
use crate::{
    cli::{
        Session,
        output::{Output, second},
    },
    directory::{
        api_keys::{self, ApiKeyInput},
        desk::{field, looked_up},
    },
};
use aggregates::user::{User, UserCommand};
use clap::Subcommand;
use projections::api_keys::ApiKeyRow;
use serde_json::{Value, json};

/// API keys of a user.
#[derive(Debug, Subcommand)]
pub enum ApiKeyCommand {
    /// Makes a key and prints it: it is never shown again.
    Create {
        /// Whose.
        #[command(flatten)]
        one: One,
        /// The key.
        #[command(flatten)]
        key: Box<ApiKeyInput>,
    },
    /// Lists the keys of a user.
    List {
        /// Whose.
        #[command(flatten)]
        one: One,
        /// How to print.
        #[command(flatten)]
        output: Output,
    },
    /// Lets a key be used for another period, from now on. What has expired stays so.
    Renew {
        /// Whose.
        #[command(flatten)]
        one: One,
        /// The public part of the key, like 1ab/2c.
        prefix: String,
        /// Days until it expires.
        #[arg(long, default_value_t = api_keys::DEFAULT_DAYS)]
        expiration_days: i64,
    },
    /// Ends a key.
    Revoke {
        /// Whose.
        #[command(flatten)]
        one: One,
        /// The public part of the key, like 1ab/2c.
        prefix: String,
    },
}

impl ApiKeyCommand {
    pub(super) async fn run(self, session: &Session) -> anyhow::Result<()> {
        match self {
            Self::Create { one, key } => create(session, one, &key).await,
            Self::List { one, output } => list(session, one, output).await,
            Self::Renew { one, prefix, expiration_days } => {
                let (now, life) = (session.clock.now(), api_keys::life(expiration_days)?);
                one.change(session, api_keys::renew(field("prefix", &prefix)?, life, now)).await
            }
            Self::Revoke { one, prefix } => {
                let command = UserCommand::RevokeApiKey { prefix: field("prefix", &prefix)? };
                one.change(session, command).await
            }
        }
    }
}

async fn create(session: &Session, one: One, key: &ApiKeyInput) -> anyhow::Result<()> {
    let (mut desk, user) = one.find(session).await?;
    let new = key.meant(&mut desk, user.domain).await?;
    let (command, shown) = api_keys::issue(&mut desk, new).await?;
    desk.execute::<User>(user.id.uuid(), command).await?;
    desk.commit().await?;
    println!("{}", shown.reveal());
    Ok(())
}

async fn list(session: &Session, one: One, output: Output) -> anyhow::Result<()> {
    let (mut desk, user) = one.find(session).await?;
    let keys = looked_up(projections::api_keys::list_by_user(desk.lane().connection(), user.id).await)?;
    let rows: Vec<_> = keys.iter().map(line).collect();
    output.print(
        &["prefix", "description", "sources", "read_only", "functions", "customers", "expires", "revoked"],
        &rows,
    )
}

fn line(key: &ApiKeyRow) -> Vec<Value> {
    vec![
        json!(key.prefix),
        json!(key.description),
        json!(key.sources),
        json!(key.constraints.read_only),
        json!(key.constraints.functions),
        json!(key.constraints.customers),
        second(key.expires_at),
        json!(key.revoked),
    ]
}
