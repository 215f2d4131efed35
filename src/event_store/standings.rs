//! How things stand, for many requests at once: what moves with traffic is read in one statement for all that wait, begun after
//! the last of them arrived. What rests on definitions alone is kept from earlier reads, and used only when that same statement
//! has seen the log of definitions end where it ended then (design.md §3, "Caches of definitions") and no rebuild since. A
//! definition that changes, and a read model that is rebuilt, therefore throw all of it away, on every instance, at the next use.

use super::{
    StorageError,
    error::Fault,
    line::Line,
    queue::{Intake, Queue, queue},
};
use crate::{
    database::{Connections, Database},
    read,
};
use aggregates::{ids::UserId, values::Constraints};
use projections::standing::{self, AsOf, Moved, Moving, NamedClient, Standing, StreamRow, Subject};
use serde::Deserialize;
use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

const CAPACITY: usize = 4096;
const MOST: usize = 256;
/// While one reads, the other gathers.
const READERS: usize = 2;
/// How long a read waits for a server that is just restarting.
const PATIENCE: Duration = Duration::from_secs(1);
/// Beyond this many the kept ones are thrown away.
const KEPT: usize = 4096;

type Answer = Result<Moved, Fault>;

/// Reads how things stand.
pub struct Standings {
    queue: Queue<Moving, Answer>,
    connections: Connections,
    kept: Mutex<Kept>,
}

/// What rests on definitions alone, in one state of them.
#[derive(Default)]
struct Kept {
    as_of: AsOf,
    /// Standings without what moves.
    parts: HashMap<Basis, Standing>,
}

/// What the part of a standing that rests on definitions is a function of.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Basis {
    /// Text and domain.
    client: Option<(String, String)>,
    session: Option<(UserId, Vec<Constraints>)>,
    api_key: Option<String>,
    claims: bool,
}

impl Standings {
    /// Starts the readers; they end when this is dropped.
    #[must_use]
    pub fn start(database: &Database) -> Self {
        let (queue, intake) = queue(CAPACITY);
        for _ in 0..READERS {
            tokio::spawn(run(Line::new(&database.options(), "standings"), intake.clone()));
        }
        Self { queue, connections: database.connections().clone(), kept: Mutex::default() }
    }

    /// How things stand with a subject. One round trip; one more when its definitions were not read since any of them changed.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn find(&self, subject: Subject<'_>) -> Result<Standing, StorageError> {
        let moved = self.queue.ask(Moving { grant: subject.grant, session: subject.session }).await??;
        let basis = Basis::of(&subject, moved.session.as_ref().map(|s| (s.user_id, &s.bounds)), &moved.stream);
        if let Some(defined) = self.kept().get(moved.as_of, &basis) {
            return Ok(Standing { stream: moved.stream, session: moved.session, ..defined });
        }
        let standing = read!(self.connections, |c| standing::find(c, subject))?;
        let basis = Basis::of(&subject, standing.session.as_ref().map(|s| (s.user_id, &s.bounds)), &standing.stream);
        self.kept().keep(basis, &standing);
        Ok(standing)
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn get(&self, as_of: AsOf, basis: &Basis) -> Option<Standing> {
        (self.as_of == as_of).then(|| self.parts.get(basis).cloned())?
    }

    /// A read that saw a later state replaces everything; one that saw an earlier one is of no use to anybody else.
    fn keep(&mut self, basis: Basis, standing: &Standing) {
        if self.as_of < standing.as_of || self.parts.len() >= KEPT {
            (self.as_of, self.parts) = (standing.as_of.max(self.as_of), HashMap::new());
        }
        // What named nothing is not kept: anybody can name anything.
        let found = basis.client.is_some() == standing.client.is_some()
            && basis.api_key.is_some() == standing.api_key.is_some();
        if found && self.as_of == standing.as_of {
            self.parts.insert(basis, Standing { stream: Vec::new(), session: None, ..standing.clone() });
        }
    }
}

impl Basis {
    /// A grant names its client and its API key in its first event.
    fn of(subject: &Subject<'_>, session: Option<(UserId, &Vec<Constraints>)>, stream: &[StreamRow]) -> Self {
        let opening = stream.first().and_then(|first| serde_json::from_str::<Opening>(first.payload.get()).ok());
        let opening = opening.and_then(|opening| opening.authorized.or(opening.issued_to_script));
        let (client, api_key) = opening.map_or((None, None), |named| (Some(named.client), named.api_key));
        let named = |client: NamedClient<'_>| (client.text.to_owned(), client.domain.to_owned());
        Self {
            client: subject.client.map(named).or_else(|| Some((client?, String::new()))),
            session: session.map(|(user, bounds)| (user, bounds.clone())),
            api_key: subject.api_key.map(str::to_owned).or(api_key),
            claims: subject.claims,
        }
    }
}

/// Those first events of a grant that name something.
#[derive(Deserialize)]
struct Opening {
    authorized: Option<Named>,
    issued_to_script: Option<Named>,
}

#[derive(Deserialize)]
struct Named {
    client: String,
    api_key: Option<String>,
}

async fn run(mut line: Line, intake: Intake<Moving, Answer>) {
    while let Some(jobs) = intake.batch(MOST).await {
        let asked: Vec<_> = jobs.iter().map(|job| job.work).collect();
        let mut moved = list(&mut line, &asked).await;
        if matches!(moved, Err(Fault::Lost(_))) && line.reconnected(Some(PATIENCE)).await.is_ok() {
            moved = list(&mut line, &asked).await;
        }
        match moved {
            Ok(moved) => {
                for (job, moved) in jobs.into_iter().zip(moved) {
                    job.answer.send(Ok(moved)).ok();
                }
            }
            Err(fault) => {
                for job in jobs {
                    job.answer.send(Err(fault.clone())).ok();
                }
            }
        }
    }
    line.close().await;
}

async fn list(line: &mut Line, asked: &[Moving]) -> Result<Vec<Moved>, Fault> {
    line.run(async |connection| Ok(standing::list_moving(connection, asked).await?)).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn basis() -> Basis {
        Basis { client: None, session: None, api_key: None, claims: false }
    }

    /// After that many definitions.
    fn state(definitions: i64) -> AsOf {
        AsOf { definitions, rebuilds: 0 }
    }

    fn as_of(definitions: i64) -> Standing {
        Standing { as_of: state(definitions), ..Standing::default() }
    }

    #[test]
    fn what_was_read_in_another_state_is_not_used() {
        let mut kept = Kept::default();
        kept.keep(basis(), &as_of(7));
        assert!(kept.get(AsOf { rebuilds: 1, ..state(7) }, &basis()).is_none());
        assert!(kept.get(state(7), &basis()).is_some());
        assert!(kept.get(state(8), &basis()).is_none());
        assert!(kept.get(state(6), &basis()).is_none());
    }

    #[test]
    fn a_read_that_saw_more_replaces_everything_and_one_that_saw_less_nothing() {
        let mut kept = Kept::default();
        let other = Basis { claims: true, ..basis() };
        kept.keep(basis(), &as_of(7));
        kept.keep(other.clone(), &as_of(8));
        assert!(kept.get(state(8), &basis()).is_none());
        kept.keep(basis(), &as_of(7));
        assert!(kept.get(state(8), &basis()).is_none());
        assert!(kept.get(state(8), &other).is_some());
    }

    #[test]
    fn what_names_nothing_is_not_kept() {
        let mut kept = Kept::default();
        let stranger = Basis { client: Some(("stranger".to_owned(), "argus".to_owned())), ..basis() };
        kept.keep(stranger.clone(), &as_of(7));
        assert!(kept.get(state(7), &stranger).is_none());
    }
}
