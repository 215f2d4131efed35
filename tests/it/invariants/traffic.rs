//! Relying parties that go on whatever happens to the server: they repeat what failed, and write down what was promised to them.

#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

use super::party::{Answer, Party};
use futures_util::future::join_all;
use reqwest::Error;
use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::{task::JoinHandle, time::sleep};

const PAUSE: Duration = Duration::from_millis(15);
/// Nobody is without an answer for so long.
const PATIENCE: Duration = Duration::from_secs(40);
/// Codes live for a minute, and a replaced refresh token may be repeated for ten seconds.
const CODE_LIVES: Duration = Duration::from_secs(59);
const REPEATABLE: Duration = Duration::from_secs(9);

/// What was promised, and how.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    pub(super) codes: Vec<String>,
    /// As they were presented: `username/opaque`.
    pub(super) access: Vec<String>,
    pub(super) refresh: Vec<String>,
    /// Flows from the code to the last refresh.
    pub(super) flows: usize,
    /// Requests that were sent again.
    pub(super) repeated: usize,
    /// Those of which some sending may have been received, as its connection broke.
    pub(super) doubtful: usize,
    /// Of these, those that were refused for that.
    pub(super) refused: usize,
    /// Statuses of 500 and more.
    pub(super) failures: usize,
}

/// Running relying parties.
pub(super) struct Traffic {
    going: Arc<AtomicBool>,
    ledger: Arc<Mutex<Ledger>>,
    parties: Vec<JoinHandle<()>>,
}

impl Traffic {
    /// One relying party per session.
    pub(super) fn start(party: &Party, sessions: &[String]) -> Self {
        let (going, ledger) = (Arc::new(AtomicBool::new(true)), Arc::<Mutex<Ledger>>::default());
        let parties = sessions.iter().cloned().map(|session| {
            let one = One { party: party.clone(), session, ledger: Arc::clone(&ledger) };
            let going = Arc::clone(&going);
            tokio::spawn(async move {
                while going.load(Ordering::SeqCst) {
                    one.flow().await;
                }
            })
        });
        Self { parties: parties.collect(), going, ledger }
    }

    /// Lets every flow come to its end.
    pub(super) async fn stop(self) -> Ledger {
        self.going.store(false, Ordering::SeqCst);
        for party in join_all(self.parties).await {
            party.unwrap();
        }
        Arc::into_inner(self.ledger).unwrap().into_inner().unwrap()
    }
}

struct One {
    party: Party,
    session: String,
    ledger: Arc<Mutex<Ledger>>,
}

impl One {
    async fn flow(&self) {
        let (answer, _) = self.insist(|| self.party.authorize(&self.session)).await;
        let (code, issued) = (answer.code(), Instant::now());
        self.write_down(|ledger| ledger.codes.push(code.clone()));
        let (answer, doubt) = self.insist(|| self.party.redeem(&code)).await;
        if answer.status != 200 {
            return self.may_be_refused("redemption", &answer, doubt || issued.elapsed() > CODE_LIVES);
        }
        let mut tokens = self.keep(&answer);
        for _ in 0..2 {
            let (answer, _) = self.insist(|| self.party.userinfo(&tokens.0)).await;
            assert_eq!(answer.status, 200, "{answer:?}");
            let began = Instant::now();
            let (answer, doubt) = self.insist(|| self.party.refresh(&tokens.1)).await;
            if answer.status != 200 {
                return self.may_be_refused("refresh", &answer, doubt && began.elapsed() > REPEATABLE);
            }
            tokens = self.keep(&answer);
        }
        self.write_down(|ledger| ledger.flows += 1);
    }

    fn keep(&self, answer: &Answer) -> (String, String) {
        let tokens = (answer.text("access_token").to_owned(), answer.text("refresh_token").to_owned());
        self.write_down(|ledger| {
            ledger.access.push(tokens.0.clone());
            ledger.refresh.push(tokens.1.clone());
        });
        tokens
    }

    /// A refusal is right only when the same may have been done before, or the time was over.
    fn may_be_refused(&self, what: &str, answer: &Answer, rightly: bool) {
        assert!(rightly && answer.is_refusal("invalid_grant"), "the first {what} was refused: {answer:?}");
        self.write_down(|ledger| ledger.refused += 1);
    }

    fn write_down(&self, change: impl FnOnce(&mut Ledger)) {
        change(&mut self.ledger.lock().unwrap());
    }

    /// Repeats until there is an answer, and says whether an earlier sending may have been received.
    async fn insist<F: Future<Output = Result<Answer, Error>>>(&self, send: impl Fn() -> F) -> (Answer, bool) {
        let (began, mut doubt) = (Instant::now(), false);
        while began.elapsed() < PATIENCE {
            match send().await {
                Ok(answer) if answer.status < 500 && answer.parameter("error").is_none() => {
                    self.write_down(|ledger| ledger.doubtful += usize::from(doubt));
                    return (answer, doubt);
                }
                Ok(_) => self.write_down(|ledger| ledger.failures += 1),
                Err(error) => doubt |= !error.is_connect(),
            }
            self.write_down(|ledger| ledger.repeated += 1);
            sleep(PAUSE).await;
        }
        panic!("no answer for {PATIENCE:?}");
    }
}
