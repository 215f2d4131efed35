//! What a client was at any moment is what its events up to there amount to, one after the other, read straight from the table.

use crate::support::{directory::operator, server::TestServer};
use aggregates::{
    client::{Author, Client, ClientAuthentication, ClientCommand, Definition, Facts, State},
    ids::ClientId,
    values::SecretHash,
};
use argus::{
    directory::clients::History,
    entropy::{Entropy, SeededEntropy},
    event_store::Moment,
};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;
use sqlx::PgConnection;
use std::collections::BTreeMap;

const CLIENTS: usize = 12;
const CHANGES: usize = 1000;
const QUESTIONS: usize = 1000;

/// Numbers that are the same in every run.
struct Dice(SeededEntropy);

impl Dice {
    fn below(&mut self, count: usize) -> usize {
        let mut bytes = [0; 4];
        self.0.fill(&mut bytes);
        u32::from_le_bytes(bytes) as usize % count
    }
}

/// Something about the definition becomes one of a few values, now and then what it is already.
fn vary(dice: &mut Dice, definition: &mut Definition) {
    let n = dice.below(5);
    match dice.below(9) {
        0 => definition.name = format!("Name {n}").parse().unwrap(),
        1 => definition.redirect_uris = (0..n).map(|n| format!("https://app.example/{n}").parse().unwrap()).collect(),
        2 => definition.ip_ranges = vec![format!("10.{n}.0.0/16").parse().unwrap()].try_into().unwrap(),
        3 => definition.hidden = n > 2,
        4 => definition.disabled = n > 3,
        5 => definition.require_pkce = n > 2 || definition.authentication == ClientAuthentication::None,
        6 => definition.description = format!("Number {n}").parse().unwrap(),
        7 => {
            let secret = SecretHash::Sha256(format!("{n:02}"));
            definition.authentication = ClientAuthentication::Password { secret };
        }
        _ => {
            definition.authentication = ClientAuthentication::None;
            definition.require_pkce = true;
        }
    }
}

/// Random changes of random clients, each recorded by the lane as every change is; what the rules refuse does not count.
async fn change(server: &TestServer, dice: &mut Dice) -> Vec<ClientId> {
    let mut clients = Vec::new();
    for number in 0..CLIENTS {
        clients.push(server.confidential(&format!("client-{number}")).await.id);
    }
    let facts = || Facts { short_name_taken: false, author: Author::Operator };
    let mut past: BTreeMap<ClientId, Vec<Definition>> = BTreeMap::new();
    let mut changes = 0;
    while changes < CHANGES {
        let id = clients[dice.below(CLIENTS)];
        let mut lane = server.idp.store.definitions().await.unwrap();
        let now = lane.load::<Client>(id.uuid()).await.unwrap().aggregate;
        let State::Active(mut definition) = now.state else { continue };
        let known = past.entry(id).or_default();
        known.push((*definition).clone());
        let command = match dice.below(250) {
            0 => ClientCommand::Delete,
            1..26 => {
                let back = dice.below(known.len());
                ClientCommand::Restore { to_version: 1, definition: Box::new(known[back].clone()), facts: facts() }
            }
            _ => {
                (0..=dice.below(3)).for_each(|_| vary(dice, &mut definition));
                ClientCommand::Redefine { definition, facts: facts() }
            }
        };
        match lane.execute::<Client>(id.uuid(), command, &operator()).await {
            Ok(done) if !done.events.is_empty() => {
                lane.commit().await.unwrap();
                changes += 1;
            }
            _ => {}
        }
    }
    clients
}

/// Makes the log look as if it had been written over some hours by servers whose clocks are half a minute apart.
async fn spread(c: &mut PgConnection) {
    for sql in [
        "ALTER TABLE events DISABLE TRIGGER USER",
        "UPDATE events SET recorded_at = now() - interval '1 day' + position * interval '10 s'
            + (position * 7919 % 61 - 30) * interval '1 s'",
        "ALTER TABLE events ENABLE TRIGGER USER",
    ] {
        sqlx::query(sql).execute(&mut *c).await.unwrap();
    }
}

#[derive(sqlx::FromRow)]
struct Row {
    aggregate_id: String,
    event_type: String,
    payload: Value,
    position: i64,
    recorded_at: DateTime<Utc>,
}

/// A client by the naive fold: how many events, whether it is deleted, and its definition as JSON.
#[derive(Clone, Debug, Default, PartialEq)]
struct Folded {
    events: i64,
    deleted: bool,
    definition: Value,
}

impl Folded {
    fn fold(&mut self, row: &Row) {
        self.events += 1;
        let fields = row.payload.as_object().unwrap().values().next().unwrap();
        match row.event_type.as_str() {
            "client.defined" => self.definition = fields["definition"].clone(),
            "client.deleted" => self.deleted = true,
            "client.restored" => {}
            "client.disabled" => self.definition["disabled"] = true.into(),
            "client.enabled" => self.definition.as_object_mut().unwrap().retain(|field, _| field != "disabled"),
            "client.secret_rotated" => self.definition["authentication"]["password"] = fields.clone(),
            _ => self.definition.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone()),
        }
    }
}

/// The first events of the log, folded.
fn naive(log: &[Row], id: ClientId, first: usize) -> Option<Folded> {
    let own = log[..first].iter().filter(|row| row.aggregate_id == id.to_string());
    let folded = own.fold(Folded::default(), |mut folded, row| {
        folded.fold(row);
        folded
    });
    (folded.events > 0).then_some(folded)
}

async fn asked(c: &mut PgConnection, id: ClientId, moment: Moment) -> Option<Folded> {
    let history = History::read(c, id).await.unwrap()?;
    let steps = history.until(c, moment).await.unwrap()?;
    let client = history.past(steps).unwrap().client;
    let definition = serde_json::to_value(client.definition).unwrap();
    Some(Folded { events: client.sequence, deleted: client.deleted, definition })
}

/// A moment, and how many events of the log had happened by then.
fn moment(dice: &mut Dice, log: &[Row]) -> (Moment, usize) {
    let row = &log[dice.below(log.len())];
    if dice.below(2) == 0 {
        let count = log.iter().take_while(|other| other.position <= row.position).count();
        return (Moment::Position(row.position), count);
    }
    let seconds = i64::try_from(dice.below(80)).unwrap() - 40;
    let time = row.recorded_at + TimeDelta::seconds(seconds);
    (Moment::Time(time), log.iter().take_while(|other| other.recorded_at <= time).count())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_at_any_moment_is_the_naive_fold_of_the_first_events() {
    let server = TestServer::start().await;
    let mut dice = Dice(SeededEntropy::new(1000));
    let clients = change(&server, &mut dice).await;
    let mut c = server.at.owner().await;
    spread(&mut c).await;
    let sql = "SELECT aggregate_id, event_type, payload, position, recorded_at FROM events ORDER BY position";
    let log: Vec<Row> = sqlx::query_as(sql).fetch_all(&mut c).await.unwrap();
    let (mut found, mut none, mut out_of_order) = (0, 0, 0);
    for _ in 0..QUESTIONS {
        let id = clients[dice.below(CLIENTS)];
        let (moment, first) = moment(&mut dice, &log);
        let expected = naive(&log, id, first);
        assert_eq!(asked(&mut c, id, moment).await, expected, "{id} at {moment}");
        *(if expected.is_some() { &mut found } else { &mut none }) += 1;
        out_of_order +=
            usize::from(matches!(moment, Moment::Time(time) if log[first..].iter().any(|row| row.recorded_at <= time)));
    }
    let restored = log.iter().filter(|row| row.event_type == "client.restored").count();
    let events = log.iter().filter(|row| row.event_type.starts_with("client.")).count();
    println!(
        "{events} events of {CLIENTS} clients, {restored} restored; {found} answers equal the fold, {none} rightly none"
    );
    println!("{out_of_order} times lay where the clock and the log disagree");
    assert!(events > CHANGES && found > QUESTIONS / 2 && none > 0 && restored > 0 && out_of_order > 0);
}
