//! The floor of whatever asks: a route that answers with nothing, behind the server's own way of serving HTTP, in a process of
//! its own.

use argus::http::server;
use axum::{Router, routing::get};
use std::{
    env,
    io::{self, BufRead, BufReader},
    net::{Ipv4Addr, SocketAddr},
    process::{Child, Command, Stdio},
};
use tokio::{net::TcpListener, runtime::Builder, task::spawn_blocking};

/// The argument with which this program is that process.
pub(crate) const COMMAND: &str = "empty-route";

/// A running one; killed when dropped.
pub(crate) struct EmptyRoute {
    child: Child,
    pub(crate) address: SocketAddr,
}

/// Says where it serves, and serves until its standard input ends, thus as long as the generator lives at most.
pub(crate) fn serve() {
    Builder::new_multi_thread().enable_all().build().unwrap().block_on(async {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        println!("{}", listener.local_addr().unwrap());
        let end = spawn_blocking(|| io::stdin().read_line(&mut String::new()));
        let router = Router::new().route("/", get(async || {}));
        server::serve(listener, router, async { drop(end.await) }).await;
    });
}

impl EmptyRoute {
    pub(crate) fn start() -> Self {
        let mut command = Command::new(env::current_exe().unwrap());
        let mut child = command.arg(COMMAND).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut said = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut said).unwrap();
        Self { child, address: said.trim().parse().unwrap() }
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for EmptyRoute {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}
