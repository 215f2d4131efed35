//! The command line: one command, one file.

mod administration;
pub mod apply;
pub mod audit;
pub mod client;
pub mod customer;
pub mod demo;
pub mod domain;
pub mod evidence;
pub mod function;
pub mod group;
pub mod key;
mod moment;
mod output;
pub mod permission;
pub mod projection;
pub mod replay;
pub mod retention;
pub mod serve;
pub mod session;
pub mod signed_in;
pub mod sink;
pub mod user;

pub use session::Session;

use crate::config::{Config, LogFormat};
use clap::{Parser, Subcommand};
use std::{path::PathBuf, process::ExitCode};
use tracing_subscriber::EnvFilter;

/// Argus IdP: an event-sourced OAuth 2.0 / OpenID Connect identity provider.
///
/// Settings come from the file given with --config and from environment variables ARGUS__SECTION__KEY. With no settings at all,
/// Argus runs a private Postgres in its data directory.
#[derive(Debug, Parser)]
#[command(name = "argus", version, propagate_version = true)]
pub struct Cli {
    /// Settings file (TOML).
    #[arg(long, short, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
#[expect(clippy::large_enum_variant, reason = "there is one, for the life of the process")]
enum Command {
    /// Run the server.
    Serve(serve::Serve),
    /// OAuth clients.
    #[command(subcommand)]
    Client(client::ClientCommand),
    /// Run a server with a seeded directory and a small relying party, to look at.
    Demo(demo::Demo),
    /// Bring the directory to what a TOML file says.
    Apply(apply::Apply),
    /// Domains.
    #[command(subcommand)]
    Domain(domain::DomainCommand),
    /// Customers.
    #[command(subcommand)]
    Customer(customer::CustomerCommand),
    /// Functions and roles.
    #[command(subcommand)]
    Function(function::FunctionCommand),
    /// Groups and their members.
    #[command(subcommand)]
    Group(group::GroupCommand),
    /// Users and their API keys.
    #[command(subcommand)]
    User(user::UserCommand),
    /// Sessions of users.
    #[command(subcommand)]
    Session(signed_in::SessionCommand),
    /// Permissions: who holds which function for which customer.
    #[command(subcommand)]
    Permission(permission::PermissionCommand),
    /// The audit trail.
    #[command(subcommand)]
    Audit(audit::AuditCommand),
    /// Read models.
    Projection(projection::Args),
    /// Read models made anew from the log.
    #[command(subcommand)]
    Replay(replay::ReplayCommand),
    /// Months of grants and sessions that may leave the log.
    #[command(subcommand)]
    Retention(retention::RetentionCommand),
    /// Other systems that are told what happens.
    #[command(subcommand)]
    Sink(sink::SinkCommand),
    /// The keys that sign ID tokens.
    #[command(subcommand)]
    Key(key::KeyCommand),
    /// The key that seals what is stored.
    #[command(subcommand)]
    MasterKey(key::MasterKeyCommand),
}

impl Cli {
    /// Carries the command out: 0 done, 1 failed, 2 wrong usage, 3 not found, 4 in conflict, 10 the log is not what was recorded.
    #[must_use]
    pub fn main(self) -> ExitCode {
        let outcome = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
            Ok(runtime) => runtime.block_on(self.run()),
            Err(error) => Err(error.into()),
        };
        match outcome {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("argus: {error:#}");
                ExitCode::from(administration::exit_code(&error))
            }
        }
    }

    async fn run(self) -> anyhow::Result<()> {
        let file = self.config.as_deref();
        // The demo brings its own settings; making a master key comes before there are any.
        match self.command {
            Command::MasterKey(command) => command.run(),
            Command::Demo(demo) => demo.run().await,
            Command::Audit(audit::AuditCommand::Evidence(command)) if command.run_alone().await? => Ok(()),
            other => other.run(Config::load(file)?).await,
        }
    }
}

impl Command {
    async fn run(self, config: Config) -> anyhow::Result<()> {
        log(&config)?;
        match self {
            Self::Serve(serve) => serve.run(config).await,
            other => {
                let session = Session::open(config).await?;
                let outcome = other.administer(&session).await;
                session.close().await;
                outcome
            }
        }
    }

    /// Commands that read or change what is recorded.
    async fn administer(self, session: &Session) -> anyhow::Result<()> {
        match self {
            Self::Client(command) => command.run(session).await,
            Self::Apply(command) => command.run(session).await,
            Self::Domain(command) => command.run(session).await,
            Self::Customer(command) => command.run(session).await,
            Self::Function(command) => command.run(session).await,
            Self::Group(command) => command.run(session).await,
            Self::User(command) => command.run(session).await,
            Self::Session(command) => command.run(session).await,
            Self::Permission(command) => command.run(session).await,
            Self::Audit(command) => command.run(session).await,
            Self::Sink(command) => command.run(session).await,
            Self::Key(command) => command.run(session).await,
            Self::Projection(args) => projection::run(args, &session.database).await,
            Self::Replay(command) => command.run(session).await,
            Self::Retention(command) => command.run(session).await,
            Self::Serve(_) | Self::Demo(_) | Self::MasterKey(_) => Ok(()),
        }
    }
}

/// Logs to standard error, so that standard output holds a command's answer alone.
fn log(config: &Config) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(&config.log.filter)?;
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match config.log.format {
        LogFormat::Json => log.json().init(),
        LogFormat::Text => log.init(),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn no_command_has_two_arguments_of_one_name() {
        Cli::command().debug_assert();
    }
}
