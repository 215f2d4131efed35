//! A small server of the gRPC protocol of EventStoreDB and KurrentDB (`streams.proto`, `shared.proto`): it appends to streams and
//! reads one event. As the product does, it refuses an append at another revision than the stream has, and what it does not know
//! is "unimplemented", which the client takes for an old version. It is stricter in one thing: the same append again is refused,
//! too, so that the sink must look for itself.

#![expect(clippy::unwrap_used, reason = "tests")]

use bytes::Bytes;
use futures_util::stream;
use hyper::{Request, Response, body::Incoming, server::conn::http2, service::service_fn};
use hyper_util::rt::{TokioExecutor, TokioIo};
use serde_json::Value;
use std::{
    collections::{BTreeMap, HashMap},
    convert::Infallible,
    sync::{Arc, Mutex},
};
use tokio::net::TcpListener;
use tonic::{Status, Streaming, codec::ProstCodec, server::Grpc};
use uuid::Uuid;

/// One event of a stream.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Appended {
    pub(crate) id: Uuid,
    pub(crate) event_type: String,
    pub(crate) data: Value,
    pub(crate) metadata: Value,
}

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trouble {
    None,
    /// Every third append is carried out, and its answer lost.
    LostAnswers,
    /// Somebody else has written to each stream before.
    SomebodyElse,
}

/// The streams, by name, and what goes wrong.
#[derive(Clone)]
pub(crate) struct StreamServer {
    pub(crate) url: String,
    streams: Arc<Mutex<BTreeMap<String, Vec<Appended>>>>,
    appends: Arc<Mutex<usize>>,
    trouble: Trouble,
}

impl StreamServer {
    pub(crate) async fn start(trouble: Trouble) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("kurrentdb://{}?tls=false", listener.local_addr().unwrap());
        let server = Self { url, streams: Arc::default(), appends: Arc::default(), trouble };
        let accepting = server.clone();
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let server = accepting.clone();
                let answer = service_fn(move |request| answer(server.clone(), request));
                let connection = http2::Builder::new(TokioExecutor::new());
                tokio::spawn(connection.serve_connection(TokioIo::new(socket), answer));
            }
        });
        server
    }

    pub(crate) fn streams(&self) -> BTreeMap<String, Vec<Appended>> {
        self.streams.lock().unwrap().clone()
    }

    /// The answer, unless it is lost.
    fn append(&self, name: String, expected: Option<u64>, event: Appended) -> Option<AppendResp> {
        let mut streams = self.streams.lock().unwrap();
        let stream = streams.entry(name).or_default();
        if self.trouble == Trouble::SomebodyElse && stream.is_empty() {
            stream.push(Appended { id: Uuid::nil(), ..event.clone() });
        }
        let current = u64::try_from(stream.len()).unwrap().checked_sub(1);
        if current != expected {
            return Some(AppendResp { success: None, wrong: Some(WrongExpectedVersion::of(current, expected)) });
        }
        stream.push(event);
        let mut appends = self.appends.lock().unwrap();
        *appends += 1;
        let current_revision = Some(expected.map_or(0, |revision| revision + 1));
        let success = Success { current_revision, no_position: Some(()) };
        let lost = self.trouble == Trouble::LostAnswers && appends.is_multiple_of(3);
        (!lost).then_some(AppendResp { success: Some(success), wrong: None })
    }

    fn read(&self, name: &str, revision: u64) -> ReadResp {
        let streams = self.streams.lock().unwrap();
        let Some(stream) = streams.get(name) else {
            return ReadResp { event: None, not_found: Some(StreamNotFound {}) };
        };
        let event = usize::try_from(revision).ok().and_then(|at| stream.get(at)).map(|event| RecordedEvent {
            id: Some(ProtoUuid { text: Some(event.id.to_string()), bits: None }),
            stream: Some(StreamIdentifier { name: name.as_bytes().to_vec().into() }),
            revision,
            metadata: HashMap::from([("type".to_owned(), event.event_type.clone())]),
        });
        ReadResp { event: event.map(|event| ReadEvent { event: Some(event), no_position: Some(()) }), not_found: None }
    }
}

async fn answer(server: StreamServer, request: Request<Incoming>) -> Result<Response<tonic::body::Body>, Infallible> {
    Ok(match request.uri().path() {
        "/event_store.client.streams.Streams/Append" => {
            let append = tower::service_fn(move |request: tonic::Request<Streaming<AppendReq>>| {
                let server = server.clone();
                async move {
                    let mut parts = request.into_inner();
                    let options = parts.message().await?.and_then(|part| part.options).unwrap();
                    let event = parts.message().await?.and_then(|part| part.proposed).unwrap();
                    let answer = server.append(options.name(), options.expected(), event.appended());
                    answer.map(tonic::Response::new).ok_or_else(|| Status::unavailable("the answer was lost"))
                }
            });
            Grpc::new(ProstCodec::default()).client_streaming(append, request).await
        }
        "/event_store.client.streams.Streams/Read" => {
            let read = tower::service_fn(move |request: tonic::Request<ReadReq>| {
                let server = server.clone();
                async move {
                    let options = request.into_inner().options.and_then(|options| options.stream).unwrap();
                    let found = server.read(&options.stream.unwrap().text(), options.revision.unwrap());
                    Ok::<_, Status>(tonic::Response::new(stream::iter([Ok::<_, Status>(found)])))
                }
            });
            Grpc::new(ProstCodec::default()).server_streaming(read, request).await
        }
        _ => Status::unimplemented("not here").into_http(),
    })
}

#[derive(Clone, PartialEq, prost::Message)]
struct StreamIdentifier {
    #[prost(bytes = "bytes", tag = "3")]
    name: Bytes,
}

impl StreamIdentifier {
    fn text(&self) -> String {
        String::from_utf8(self.name.to_vec()).unwrap()
    }
}

#[derive(Clone, PartialEq, prost::Message)]
struct ProtoUuid {
    #[prost(message, optional, tag = "1")]
    bits: Option<Bits>,
    #[prost(string, optional, tag = "2")]
    text: Option<String>,
}

#[derive(Clone, Copy, PartialEq, prost::Message)]
struct Bits {
    #[prost(int64, tag = "1")]
    most: i64,
    #[prost(int64, tag = "2")]
    least: i64,
}

#[derive(Clone, PartialEq, prost::Message)]
struct AppendReq {
    #[prost(message, optional, tag = "1")]
    options: Option<AppendOptions>,
    #[prost(message, optional, tag = "2")]
    proposed: Option<Proposed>,
}

#[derive(Clone, PartialEq, prost::Message)]
struct AppendOptions {
    #[prost(message, optional, tag = "1")]
    stream: Option<StreamIdentifier>,
    #[prost(uint64, optional, tag = "2")]
    revision: Option<u64>,
    #[prost(message, optional, tag = "3")]
    no_stream: Option<()>,
}

impl AppendOptions {
    fn name(&self) -> String {
        self.stream.as_ref().unwrap().text()
    }

    /// The exact revision, or that there is no stream; the sink asks for nothing else.
    fn expected(&self) -> Option<u64> {
        assert_ne!(self.revision.is_some(), self.no_stream.is_some());
        self.revision
    }
}

#[derive(Clone, PartialEq, prost::Message)]
struct Proposed {
    #[prost(message, optional, tag = "1")]
    id: Option<ProtoUuid>,
    #[prost(map = "string, string", tag = "2")]
    metadata: HashMap<String, String>,
    #[prost(bytes = "bytes", tag = "3")]
    custom_metadata: Bytes,
    #[prost(bytes = "bytes", tag = "4")]
    data: Bytes,
}

impl Proposed {
    fn appended(&self) -> Appended {
        let bits = self.id.as_ref().unwrap().bits.unwrap();
        assert_eq!(self.metadata.get("content-type").unwrap(), "application/json");
        Appended {
            id: Uuid::from_u64_pair(bits.most.cast_unsigned(), bits.least.cast_unsigned()),
            event_type: self.metadata.get("type").unwrap().clone(),
            data: serde_json::from_slice(&self.data).unwrap(),
            metadata: serde_json::from_slice(&self.custom_metadata).unwrap(),
        }
    }
}

#[derive(Clone, Copy, PartialEq, prost::Message)]
struct AppendResp {
    #[prost(message, optional, tag = "1")]
    success: Option<Success>,
    #[prost(message, optional, tag = "2")]
    wrong: Option<WrongExpectedVersion>,
}

#[derive(Clone, Copy, PartialEq, prost::Message)]
struct Success {
    #[prost(uint64, optional, tag = "1")]
    current_revision: Option<u64>,
    #[prost(message, optional, tag = "4")]
    no_position: Option<()>,
}

#[derive(Clone, Copy, PartialEq, prost::Message)]
struct WrongExpectedVersion {
    #[prost(uint64, optional, tag = "6")]
    current: Option<u64>,
    #[prost(message, optional, tag = "7")]
    current_no_stream: Option<()>,
    #[prost(uint64, optional, tag = "8")]
    expected: Option<u64>,
    #[prost(message, optional, tag = "11")]
    expected_no_stream: Option<()>,
}

impl WrongExpectedVersion {
    fn of(current: Option<u64>, expected: Option<u64>) -> Self {
        let none = |revision: Option<u64>| if revision.is_none() { Some(()) } else { None };
        Self { current, current_no_stream: none(current), expected, expected_no_stream: none(expected) }
    }
}

#[derive(Clone, PartialEq, prost::Message)]
struct ReadReq {
    #[prost(message, optional, tag = "1")]
    options: Option<ReadOptions>,
}

#[derive(Clone, PartialEq, prost::Message)]
struct ReadOptions {
    #[prost(message, optional, tag = "1")]
    stream: Option<ReadStreamOptions>,
}

#[derive(Clone, PartialEq, prost::Message)]
struct ReadStreamOptions {
    #[prost(message, optional, tag = "1")]
    stream: Option<StreamIdentifier>,
    #[prost(uint64, optional, tag = "2")]
    revision: Option<u64>,
}

#[derive(Clone, PartialEq, prost::Message)]
struct ReadResp {
    #[prost(message, optional, tag = "1")]
    event: Option<ReadEvent>,
    #[prost(message, optional, tag = "4")]
    not_found: Option<StreamNotFound>,
}

#[derive(Clone, Copy, PartialEq, prost::Message)]
struct StreamNotFound {}

#[derive(Clone, PartialEq, prost::Message)]
struct ReadEvent {
    #[prost(message, optional, tag = "1")]
    event: Option<RecordedEvent>,
    #[prost(message, optional, tag = "4")]
    no_position: Option<()>,
}

#[derive(Clone, PartialEq, prost::Message)]
struct RecordedEvent {
    #[prost(message, optional, tag = "1")]
    id: Option<ProtoUuid>,
    #[prost(message, optional, tag = "2")]
    stream: Option<StreamIdentifier>,
    #[prost(uint64, tag = "3")]
    revision: u64,
    #[prost(map = "string, string", tag = "6")]
    metadata: HashMap<String, String>,
}
