//! `argus serve`: the real thing.

use crate::{
    app::App, clock::SystemClock, config::Config, database::Database, directory::bootstrap::FirstAdministrator,
    entropy::SystemEntropy,
};
use anyhow::Context;
use clap::Args;
use std::sync::Arc;
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
};

/// Run the server until it is told to stop (SIGINT or SIGTERM).
#[derive(Debug, Args)]
pub struct Serve {}

impl Serve {
    /// Runs it.
    ///
    /// # Errors
    /// What keeps it from starting.
    pub async fn run(self, config: Config) -> anyhow::Result<()> {
        let listener =
            TcpListener::bind(config.listen).await.with_context(|| format!("cannot listen on {}", config.listen))?;
        let (issuer, address) = (config.url(""), listener.local_addr()?);
        let app = start(config).await?;
        if let Some(first) = &app.first_administrator {
            tell(first);
        }
        tracing::info!(%issuer, %address, "ready");
        println!("Argus is ready at {issuer}");
        app.serve(listener, stop_signal()?).await;
        Ok(())
    }
}

/// Starts the parts with the machine's clock and generator.
pub(super) async fn start(config: Config) -> anyhow::Result<App> {
    let database = Database::serve(&config).await?;
    let app = App::start(config, database.clone(), Arc::new(SystemClock), Arc::new(SystemEntropy::default())).await;
    if app.is_err() {
        database.close().await;
    }
    app
}

/// Resolves when the process is asked to stop.
///
/// # Errors
/// When signals cannot be heard.
pub(super) fn stop_signal() -> anyhow::Result<impl Future<Output = ()>> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Says once how the first administrator signs in.
fn tell(first: &FirstAdministrator) {
    println!("This is the first start. The first administrator is `{}`.", first.user_name);
    println!("One-time password: {}", first.password.reveal());
    println!("It is shown only now, and has to be changed at the first sign-in.");
}
