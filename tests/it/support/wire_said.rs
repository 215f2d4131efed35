//! What a Postgres client says: who it is, and which statements it sends (PostgreSQL documentation, "Message Formats").

#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::HashMap;

/// The client's side of one connection, as far as it was heard.
#[derive(Default)]
pub(super) struct Said {
    /// `application_name` of the start-up message.
    pub(super) who: String,
    started: bool,
    /// The beginning of a message whose end was not heard yet.
    rest: Vec<u8>,
    /// Prepared statements by name.
    statements: HashMap<String, String>,
}

impl Said {
    /// Listens to the next bytes and tells which statements they ask for.
    pub(super) fn hear(&mut self, bytes: &[u8]) -> String {
        self.rest.extend_from_slice(bytes);
        let mut asked = Vec::new();
        while let Some((kind, body)) = self.message() {
            asked.extend(self.statement(kind, &body));
        }
        asked.join("; ")
    }

    /// Takes the next whole message: its type (0 for the start-up message, which has none) and its body.
    fn message(&mut self) -> Option<(u8, Vec<u8>)> {
        let head = usize::from(self.started);
        let length = self.rest.get(head..head + 4)?;
        let end = head + usize::try_from(u32::from_be_bytes(length.try_into().unwrap())).unwrap();
        let kind = if self.started { *self.rest.first()? } else { 0 };
        let body = self.rest.get(head + 4..end)?.to_vec();
        self.rest.drain(..end);
        self.started = true;
        Some((kind, body))
    }

    fn statement(&mut self, kind: u8, body: &[u8]) -> Option<String> {
        match (kind, texts(body).as_slice()) {
            (0, said) => {
                let name = said.iter().position(|word| word == "application_name")?;
                said.get(name + 1)?.clone_into(&mut self.who);
                None
            }
            (b'Q', [query, ..]) => Some(one_line(query)),
            (b'P', [name, query, ..]) => {
                self.statements.insert(name.clone(), one_line(query));
                Some(format!("prepare {}", one_line(query)))
            }
            (b'B', [_portal, name, ..]) => self.statements.get(name).cloned(),
            _ => None,
        }
    }
}

fn texts(body: &[u8]) -> Vec<String> {
    body.split(|byte| *byte == 0).map(|word| String::from_utf8_lossy(word).into_owned()).collect()
}

fn one_line(sql: &str) -> String {
    sql.split_whitespace().collect::<Vec<_>>().join(" ")
}
