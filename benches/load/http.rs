//! As little of an HTTP/1.1 client as a load generator needs: one request at a time, on a connection that is kept, with answers
//! that say their length. A real client library would take its share of the two cores.

use std::{io, net::SocketAddr};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// A kept connection.
pub(crate) struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// What was answered.
pub(crate) struct Answer<'a> {
    pub(crate) status: u16,
    pub(crate) body: &'a str,
}

impl Connection {
    pub(crate) async fn open(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::with_capacity(16 * 1024) })
    }

    /// Sends a whole request and waits for its whole answer.
    pub(crate) async fn ask(&mut self, request: &str) -> io::Result<Answer<'_>> {
        self.stream.write_all(request.as_bytes()).await?;
        self.buffer.clear();
        let head = loop {
            self.read().await?;
            if let Some(end) = self.buffer.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
                break end + 4;
            }
        };
        let (status, length) = parse(&self.buffer[..head]).ok_or(io::ErrorKind::InvalidData)?;
        while self.buffer.len() < head + length {
            self.read().await?;
        }
        let body = str::from_utf8(&self.buffer[head..head + length]).map_err(io::Error::other)?;
        Ok(Answer { status, body })
    }

    async fn read(&mut self) -> io::Result<()> {
        if self.stream.read_buf(&mut self.buffer).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(())
    }
}

/// Status and `Content-Length` of an answer's head.
fn parse(head: &[u8]) -> Option<(u16, usize)> {
    let head = str::from_utf8(head).ok()?;
    let status = head.strip_prefix("HTTP/1.1 ")?.get(..3)?.parse().ok()?;
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().ok())?
    });
    Some((status, length?))
}

impl Answer<'_> {
    /// The text of a member of the JSON answer, wherever it stands; tokens and codes need no unescaping.
    #[track_caller]
    pub(crate) fn text(&self, name: &str) -> &str {
        let found = self.body.split_once(&format!("\"{name}\":\"")).and_then(|(_, rest)| rest.split_once('"'));
        found.map_or_else(|| panic!("no {name} in {} {}", self.status, self.body), |(value, _)| value)
    }
}

/// A request without a body.
pub(crate) fn get(path: &str, headers: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n")
}

/// A request with one. `headers` end in a line break, as everywhere here.
pub(crate) fn post(path: &str, headers: &str, (kind, body): (&str, &str)) -> String {
    let length = body.len();
    format!(
        "POST {path} HTTP/1.1\r\nHost: localhost\r\n{headers}Content-Type: {kind}\r\nContent-Length: {length}\r\n\r\n{body}"
    )
}

pub(crate) const FORM: &str = "application/x-www-form-urlencoded";
pub(crate) const JSON: &str = "application/json";
