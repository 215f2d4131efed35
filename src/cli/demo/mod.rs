//! `argus demo`: a server with a seeded directory and a small relying party, to look at. Everything is real; only the people are not.

mod secrets;
mod seed;

use super::{log, serve::stop_signal};
use crate::{
    app::App,
    clock::SystemClock,
    config::Config,
    database::Database,
    entropy::SystemEntropy,
    http::server,
    pages::relying_party::{self, Settings},
};
use anyhow::Context;
use clap::Args;
use secrets::Secrets;
use std::{net::SocketAddr, path::PathBuf, sync::Arc};
use tokio::{net::TcpListener, sync::watch};
use url::Url;

/// Run a server with a seeded directory and a small relying party, to look at.
///
/// It keeps its data, so a second run shows the same people with the same passwords.
#[derive(Debug, Args)]
pub struct Demo {
    /// Where its private Postgres and its secrets live.
    #[arg(long, value_name = "DIR")]
    data_dir: Option<PathBuf>,
    /// Where the server listens; port 0 takes a free one.
    #[arg(long, default_value = "127.0.0.1:8080", value_name = "ADDRESS")]
    listen: SocketAddr,
    /// Where the relying party listens.
    #[arg(long, default_value = "127.0.0.1:8090", value_name = "ADDRESS")]
    rp_listen: SocketAddr,
}

impl Demo {
    /// Runs it until it is told to stop.
    ///
    /// # Errors
    /// What keeps it from starting.
    pub async fn run(self) -> anyhow::Result<()> {
        let (listener, issuer) = bind(self.listen).await?;
        let (rp_listener, rp_address) = bind(self.rp_listen).await?;
        let config = config(&issuer, listener.local_addr()?, self.data_dir)?;
        log(&config)?;
        let database = Database::serve(&config).await?;
        let started = start(config, database.clone(), &rp_address).await;
        let (app, secrets, api_key) = match started {
            Ok(started) => started,
            Err(error) => {
                database.close().await;
                return Err(error);
            }
        };
        let settings = Settings {
            name: seed::APPLICATION.to_owned(),
            issuer: issuer.clone(),
            address: rp_address.clone(),
            client_id: seed::CLIENT.to_owned(),
            client_secret: secrets.client_secret.to_string(),
        };
        let application = relying_party::router(settings, Arc::clone(&app.idp.clock), Arc::clone(&app.idp.entropy));
        tell(&issuer, &rp_address, &secrets, &api_key);
        let (sender, mut stopped) = watch::channel(());
        let signal = stop_signal()?;
        let relying_party = tokio::spawn(server::serve(rp_listener, application, async move {
            // Ends when the sender is gone.
            let _ = stopped.changed().await;
        }));
        app.serve(listener, signal).await;
        drop(sender);
        relying_party.await.context("the relying party")
    }
}

async fn bind(address: SocketAddr) -> anyhow::Result<(TcpListener, Url)> {
    let listener = TcpListener::bind(address).await.with_context(|| format!("cannot listen on {address}"))?;
    let url = Url::parse(&format!("http://localhost:{}", listener.local_addr()?.port()))?;
    Ok((listener, url))
}

/// The demo's own settings: nothing of the environment changes what it shows.
fn config(issuer: &Url, listen: SocketAddr, data_dir: Option<PathBuf>) -> anyhow::Result<Config> {
    let mut settings = toml::Table::new();
    settings.insert("issuer".to_owned(), issuer.as_str().into());
    settings.insert("listen".to_owned(), listen.to_string().into());
    if let Some(data_dir) = data_dir {
        let data_dir = std::path::absolute(data_dir)?;
        settings.insert("data_dir".to_owned(), data_dir.display().to_string().into());
    }
    let mut log = toml::Table::new();
    log.insert("filter".to_owned(), "warn".into());
    settings.insert("log".to_owned(), log.into());
    let mut config = Config::from_sources(&settings.to_string(), [])?;
    if !settings.contains_key("data_dir") {
        let name = config.data_dir.file_name().unwrap_or_default().to_owned();
        config.data_dir.set_file_name(format!("{}-demo", name.display()));
    }
    Ok(config)
}

async fn start(config: Config, database: Database, rp_address: &Url) -> anyhow::Result<(App, Secrets, String)> {
    let data_dir = config.data_dir.clone();
    let app = App::start(config, database, Arc::new(SystemClock), Arc::new(SystemEntropy::default())).await?;
    let secrets = Secrets::kept_in(&data_dir, app.idp.entropy.as_ref())?;
    let api_key = seed::seed(&app.idp, &secrets, rp_address, !secrets::has_api_key(&data_dir)).await?;
    let api_key = secrets::keep_api_key(&data_dir, api_key)?;
    Ok((app, secrets, api_key))
}

fn tell(issuer: &Url, rp_address: &Url, secrets: &Secrets, api_key: &str) {
    println!("Argus:          {}", issuer.as_str().trim_end_matches('/'));
    println!("Relying party:  {}", rp_address.as_str().trim_end_matches('/'));
    println!("API key:        {api_key}");
    println!();
    println!("{:<10} {:<32} may", "user", "password");
    for (user, may) in seed::PEOPLE {
        println!("{user:<10} {:<32} {may}", secrets.password.as_str());
    }
    println!();
    println!("Open the relying party in a browser and sign in.");
    println!("ready");
}
