//! Round trips to Postgres for each operation, counted on the wire: a second server reaches the Postgres of the first through a
//! relay, and does one operation at a time.

use super::{
    http::Connection,
    operation::Operation,
    server::{Home, Server},
    wire_said::Said,
    world::World,
};
use std::{
    cell::Cell,
    collections::BTreeMap,
    path::{Path, PathBuf},
    rc::Rc,
};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{UnixListener, UnixStream},
    task::{LocalSet, spawn_local},
};

const SOCKET: &str = ".s.PGSQL.5432";
/// The connections that answer requests; watcher and followers have their own.
const ASKED_BY_REQUESTS: [&str; 5] =
    ["argus", "argus standings", "argus appender", "argus loader", "argus definitions"];

/// How many there are for one operation, on average over `times` of each.
pub(crate) async fn count(home: &Home, first: &Server, world: &World, times: u32) -> BTreeMap<Operation, f64> {
    LocalSet::new().run_until(counted(home, first, world, times)).await
}

async fn counted(home: &Home, first: &Server, world: &World, times: u32) -> BTreeMap<Operation, f64> {
    let heard = Rc::new(Cell::new(0_u32));
    let directory = home.directory("relay");
    let listener = UnixListener::bind(directory.join(SOCKET)).unwrap();
    let relay = spawn_local(listen(listener, first.postmaster().1, Rc::clone(&heard)));
    let server = Server::start(home.settings_through(&directory)).await;
    let mut purse = world.purses(1).remove(0);
    let mut counts = BTreeMap::new();
    for operation in Operation::OURS {
        let mut connection = Connection::open(server.address).await.unwrap();
        // The first time, statements are prepared.
        for _ in 0..4 {
            operation.perform(&mut connection, &world.party, &mut purse).await;
        }
        heard.set(0);
        for _ in 0..times {
            operation.perform(&mut connection, &world.party, &mut purse).await;
        }
        counts.insert(operation, f64::from(heard.get()) / f64::from(times));
    }
    server.stop().await;
    relay.abort();
    counts
}

async fn listen(listener: UnixListener, socket_dir: PathBuf, heard: Rc<Cell<u32>>) {
    while let Ok((client, _)) = listener.accept().await {
        spawn_local(relay(client, connect(&socket_dir).await, Rc::clone(&heard)));
    }
}

async fn connect(socket_dir: &Path) -> UnixStream {
    UnixStream::connect(socket_dir.join(SOCKET)).await.unwrap()
}

/// Counts how often the client speaks after the server had: each time it waits for an answer.
async fn relay(client: UnixStream, server: UnixStream, heard: Rc<Cell<u32>>) {
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    let (answered, mut said) = (Cell::new(true), Said::default());
    let asking = forward(from_client, to_server, |bytes| {
        let _statements = said.hear(bytes);
        if answered.replace(false) && ASKED_BY_REQUESTS.contains(&said.who.as_str()) {
            heard.set(heard.get() + 1);
        }
    });
    let answering = forward(from_server, to_client, |_| answered.set(true));
    // Either side's end is the end.
    tokio::select! { () = asking => {}, () = answering => {} }
}

async fn forward(mut from: impl AsyncRead + Unpin, mut to: impl AsyncWrite + Unpin, mut hear: impl FnMut(&[u8])) {
    let mut buffer = vec![0; 64 * 1024];
    while let Ok(length @ 1..) = from.read(&mut buffer).await {
        hear(&buffer[..length]);
        if to.write_all(&buffer[..length]).await.is_err() {
            return;
        }
    }
}
