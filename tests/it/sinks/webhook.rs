//! A signed request for each event.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use super::{
    receiver::Receiver,
    support::{eventually, log, reason, server_with, standing, told},
};
use argus::event_store::follow::retry_sink;
use aws_lc_rs::hmac;
use axum::http::StatusCode;
use base64::{Engine, engine::general_purpose::STANDARD};
use std::collections::BTreeSet;
use tokio::{io::AsyncReadExt, net::TcpListener, time};

const KEY: [u8; 32] = [7; 32];

fn settings(url: &str) -> String {
    let secret = STANDARD.encode(KEY);
    format!("[sinks.feed]\ntype = 'webhook'\nurl = '{url}'\nsecret = 'whsec_{secret}'\ntimeout = 1\n")
}

#[tokio::test]
async fn what_is_refused_or_sent_elsewhere_is_tried_again_and_never_skipped() {
    let receiver = Receiver::start(StatusCode::INTERNAL_SERVER_ERROR).await;
    let server = server_with(&settings(&receiver.url)).await;
    assert_eq!(reason(&server, "failing").await, "it answered 500 Internal Server Error");
    receiver.answer(StatusCode::FOUND);
    eventually("it says that it does not follow", async || {
        standing(&server).await.error.filter(|error| error.contains("redirects are not followed"))
    })
    .await;
    let refused: BTreeSet<_> = receiver.got().iter().map(|got| (got.path.clone(), got.event().to_string())).collect();
    assert_eq!(refused.len(), 1, "the first event, and nowhere else");
    let (before, log) = (receiver.got().len(), log(&server.at).await);
    receiver.answer(StatusCode::NO_CONTENT);
    eventually("all is told", async || Some(()).filter(|()| receiver.got().len() >= before + log.len())).await;
    let first = receiver.got().iter().position(|got| got.event()["sequence"] == log[1].0).unwrap() - 1;
    let events: Vec<_> = receiver.got()[first..].iter().map(super::receiver::Received::event).collect();
    assert_eq!(told(&events), log);
}

#[tokio::test]
async fn a_receiver_that_is_gone_is_left_alone_until_an_operator_says_otherwise() {
    let receiver = Receiver::start(StatusCode::GONE).await;
    let server = server_with(&settings(&receiver.url)).await;
    assert!(reason(&server, "stopped").await.contains("410"));
    time::sleep(time::Duration::from_millis(1500)).await;
    assert_eq!(receiver.got().len(), 1);
    receiver.answer(StatusCode::OK);
    assert!(retry_sink(&mut server.at.owner().await, "feed").await.unwrap());
    let log = log(&server.at).await;
    eventually("all is told", async || Some(()).filter(|()| receiver.got().len() > log.len())).await;
}

#[tokio::test]
async fn a_receiver_that_never_answers_is_given_up_for_now() {
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let server = server_with(&settings(&format!("http://{}/", silent.local_addr().unwrap()))).await;
    assert_eq!(reason(&server, "failing").await, "no answer in time");
}

#[tokio::test]
async fn a_receiver_with_https_hears_nothing_in_clear() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let _server = server_with(&settings(&format!("https://{}/", listener.local_addr().unwrap()))).await;
    let (mut stream, _) = listener.accept().await.unwrap();
    let mut hello = [0; 3];
    stream.read_exact(&mut hello).await.unwrap();
    // A TLS handshake record (RFC 8446 §5.1).
    assert_eq!(hello[..2], [22, 3]);
}

#[tokio::test]
async fn every_request_is_signed_over_its_id_time_and_body() {
    let receiver = Receiver::start(StatusCode::ACCEPTED).await;
    let server = server_with(&settings(&receiver.url)).await;
    let log = log(&server.at).await;
    eventually("all is told", async || Some(()).filter(|()| receiver.got().len() >= log.len())).await;
    let now = (server.idp.now().millis() / 1000).to_string();
    for got in receiver.got() {
        let (id, at) = (got.header("webhook-id"), got.header("webhook-timestamp"));
        assert_eq!((id, at), (got.event()["id"].as_str().unwrap(), now.as_str()));
        let signed = [format!("{id}.{at}.").as_bytes(), &got.body].concat();
        let signature = STANDARD.decode(got.header("webhook-signature").strip_prefix("v1,").unwrap()).unwrap();
        hmac::verify(&hmac::Key::new(hmac::HMAC_SHA256, &KEY), &signed, &signature).unwrap();
        assert_eq!(got.header("content-type"), "application/cloudevents+json");
        assert_eq!(got.path, "/hook");
    }
    assert_eq!(told(&receiver.got().iter().map(super::receiver::Received::event).collect::<Vec<_>>()), log);
}
