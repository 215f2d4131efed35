//! A world: one database with the directory of the flow tests, and any number of servers on it, each with its own socket.

#![expect(clippy::unwrap_used, reason = "tests")]

use crate::support::{
    directory::{self, Directory},
    postgres::{TestDatabase, fresh},
    sessions,
    wire::Wire,
};
use aggregates::ids::UserId;
use argus::{
    app::App, clock::SystemClock, config::Config, database::Database, entropy::SystemEntropy, http::Idp,
    keys::MasterKey,
};
use std::{
    net::{IpAddr, Ipv4Addr},
    sync::Arc,
};
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};

/// Where every caller is.
pub(super) const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

/// One server in this process.
pub(super) struct Node {
    pub(super) idp: Idp,
    pub(super) url: String,
    stop: oneshot::Sender<()>,
    serving: JoinHandle<()>,
}

/// A database, its settings and what is in it.
pub(super) struct World {
    pub(super) at: TestDatabase,
    pub(super) config: Config,
    pub(super) directory: Directory,
}

/// A world with one server.
pub(super) async fn world() -> (World, Node) {
    world_with(|_, _| {}).await
}

/// The same whose server reaches Postgres through a proxy.
pub(super) async fn world_through(wire: &Wire) -> (World, Node) {
    world_with(|at, config| config.database = at.config_through(&wire.socket_dir).database).await
}

/// The same with other settings.
pub(super) async fn world_with(change: impl FnOnce(&TestDatabase, &mut Config)) -> (World, Node) {
    let at = fresh();
    let mut config = at.config();
    change(&at, &mut config);
    let key = config.data_dir.join("master.key");
    MasterKey::create(&key, &SystemEntropy::default()).unwrap();
    config.keys.master_key_file = Some(key);
    let node = Node::start(&config).await;
    let directory = directory::seed(&node.idp).await;
    (World { at, config, directory }, node)
}

impl World {
    /// One more server.
    pub(super) async fn node(&self) -> Node {
        Node::start(&self.config).await
    }
}

impl Node {
    pub(super) async fn start(config: &Config) -> Self {
        let listener = TcpListener::bind((HERE, 0)).await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let database = Database::open(config).await.unwrap();
        let (clock, entropy) = (Arc::new(SystemClock), Arc::new(SystemEntropy::default()));
        let app = App::start(config.clone(), database, clock, entropy).await.unwrap();
        let idp = app.idp.clone();
        let (stop, stopped) = oneshot::channel();
        let serving = tokio::spawn(app.serve(listener, async {
            stopped.await.ok();
        }));
        Self { idp, url, stop, serving }
    }

    pub(super) async fn stop(self) {
        self.stop.send(()).unwrap();
        self.serving.await.unwrap();
    }

    /// The session token of a user who has just signed in.
    pub(super) async fn session_of(&self, user: UserId) -> String {
        sessions::start(&self.idp, user, HERE).await
    }
}
