//! Serving HTTP/1.1 on a socket, with the limits that keep slow and greedy callers from harming others.

use super::address::PeerIp;
use axum::{
    Router,
    http::{Request, StatusCode},
    response::{IntoResponse, Response},
};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
};
use std::{convert::Infallible, net::SocketAddr, sync::Arc, time::Duration};
use tokio::{net::TcpListener, sync::Semaphore, time::timeout};
use tower::ServiceExt;

/// A caller has this long to send a request's head, also while a connection is idle.
const HEAD: Duration = Duration::from_secs(10);
/// And this long until the whole request is answered, its body included.
const REQUEST: Duration = Duration::from_secs(30);
/// Connections at once; more wait in the socket's queue.
const CONNECTIONS: usize = 4096;
const HEADERS: usize = 100;
/// A request's head in bytes.
const HEAD_SIZE: usize = 32 * 1024;
/// After the signal to stop, requests under way have this long.
const DRAIN: Duration = Duration::from_secs(10);

/// Serves until `stop` resolves, then lets requests under way finish.
pub async fn serve(listener: TcpListener, router: Router, stop: impl Future<Output = ()>) {
    let graceful = GracefulShutdown::new();
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    let mut stop = std::pin::pin!(stop);
    loop {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { break };
        let accepted = tokio::select! {
            () = &mut stop => break,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, peer)) => {
                // An answer is one small write: waiting for more to send would only delay it.
                let _ = stream.set_nodelay(true);
                let router = router.clone();
                let service = service_fn(move |request| answer(router.clone(), peer, request));
                let connection = graceful.watch(http().serve_connection(TokioIo::new(stream), service));
                tokio::spawn(async move {
                    // A connection that breaks is its caller's affair.
                    let _ = connection.await;
                    drop(place);
                });
            }
            Err(error) => {
                // Out of file handles, most likely: give others the time to finish.
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
    drop(listener);
    if timeout(DRAIN, graceful.shutdown()).await.is_err() {
        tracing::warn!("requests were cut off at the end");
    }
}

fn http() -> http1::Builder {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEAD).max_headers(HEADERS).max_buf_size(HEAD_SIZE);
    http
}

/// Each request carries the peer's address and ends in time.
async fn answer(router: Router, peer: SocketAddr, mut request: Request<Incoming>) -> Result<Response, Infallible> {
    request.extensions_mut().insert(PeerIp(peer.ip()));
    match timeout(REQUEST, router.oneshot(request)).await {
        Ok(answer) => answer,
        Err(_) => Ok(StatusCode::REQUEST_TIMEOUT.into_response()),
    }
}
