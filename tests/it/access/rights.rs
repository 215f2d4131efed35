//! In random directories, what every kind of credential may do equals what trying everything finds: at once, and at the next use
//! after something was taken away.

use super::{
    built::{Built, Credential},
    plan::{Plan, Rights, plans},
};
use crate::support::server::TestServer;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::runtime::Runtime;

const DIRECTORIES: u32 = 12;

/// What was compared.
#[derive(Default)]
struct Tally {
    directories: AtomicUsize,
    comparisons: AtomicUsize,
    rights: AtomicUsize,
    /// Tokens that the client got, did not get, and that no longer worked.
    issued: AtomicUsize,
    denied: AtomicUsize,
    refused: AtomicUsize,
}

/// How rights follow from a plan; none when the credential must not work.
type Expected = fn(&Plan) -> Option<Rights>;

/// A credential, and what to expect of it.
struct Holder {
    what: &'static str,
    credential: Credential,
    expected: Expected,
}

fn own(plan: &Plan) -> Rights {
    plan.held()
}

fn narrowed(plan: &Plan) -> Rights {
    plan.within(&own(plan), &plan.narrowed[0])
}

fn narrowed_twice(plan: &Plan) -> Rights {
    plan.within(&narrowed(plan), &plan.narrowed[1])
}

fn bearer(token: &str) -> Credential {
    ("authorization", format!("Bearer {token}"))
}

/// Everything that the user may act with; a token only if the client was let in.
async fn holders(built: &Built<'_>, tally: &Tally) -> Vec<Holder> {
    let session = built.session().await;
    let once = built.narrowed(&session, &built.plan.narrowed[0]).await;
    let twice = built.narrowed(&once, &built.plan.narrowed[1]).await;
    let api_key = ("argus-api-key", built.api_key().await);
    let mut holders = vec![
        Holder { what: "session", credential: bearer(&session), expected: |plan| Some(own(plan)) },
        Holder { what: "narrowed", credential: bearer(&once), expected: |plan| Some(narrowed(plan)) },
        Holder { what: "narrowed twice", credential: bearer(&twice), expected: |plan| Some(narrowed_twice(plan)) },
        Holder { what: "API key", credential: api_key, expected: |plan| Some(plan.within(&own(plan), &plan.api_key)) },
    ];
    let delegated: [(&str, &str, Expected); 3] = [
        ("token", &session, |plan| plan.delegated(&own(plan))),
        ("token of the narrowed", &once, |plan| plan.delegated(&narrowed(plan))),
        ("token of the twice narrowed", &twice, |plan| plan.delegated(&narrowed_twice(plan))),
    ];
    for (what, session, expected) in delegated {
        let token = built.delegated(session).await;
        assert_eq!(token.is_some(), expected(&built.plan).is_some(), "{what} was issued");
        match token {
            Some(token) => {
                count(&tally.issued, 1);
                let held = expected(&built.plan).into_iter().flatten().map(|(function, _)| function).collect();
                assert_eq!(built.recorded().await, held, "what is on record of the {what}");
                holders.push(Holder { what, credential: bearer(&token), expected });
            }
            None => count(&tally.denied, 1),
        }
    }
    holders
}

fn count(counter: &AtomicUsize, more: usize) {
    counter.fetch_add(more, Ordering::Relaxed);
}

async fn compare(built: &Built<'_>, holders: &[Holder], tally: &Tally) {
    for holder in holders {
        let found = built.rights_of(&holder.credential).await;
        let expected = (holder.expected)(&built.plan);
        assert_eq!(found, expected, "{}", holder.what);
        count(&tally.comparisons, 1);
        match found {
            Some(found) => count(&tally.rights, found.len()),
            None => count(&tally.refused, 1),
        }
    }
}

async fn play(server: &TestServer, plan: Plan, tally: &Tally) {
    let number = tally.directories.fetch_add(1, Ordering::Relaxed);
    let mut built = Built::new(server, format!("plan{number}"), plan).await;
    let holders = holders(&built, tally).await;
    compare(&built, &holders, tally).await;
    for change in built.plan.changes.clone() {
        built.change(change).await;
        compare(&built, &holders, tally).await;
    }
}

#[test]
fn the_rights_of_every_credential_are_what_trying_everything_finds() {
    let runtime = Runtime::new().unwrap();
    let server = runtime.block_on(TestServer::start());
    let config = Config { cases: DIRECTORIES, max_shrink_iters: 60, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let tally = Tally::default();
    let ran = runner.run(&plans(), |plan| {
        runtime.block_on(play(&server, plan, &tally));
        Ok(())
    });
    assert!(ran.is_ok(), "{ran:?}");
    let Tally { directories, comparisons, rights, issued, denied, refused } = tally;
    let seen = [directories, comparisons, rights, issued, denied, refused].map(AtomicUsize::into_inner);
    let [directories, comparisons, rights, issued, denied, refused] = seen;
    println!("{directories} directories, {comparisons} comparisons, {rights} rights held");
    println!("tokens: {issued} issued, {denied} not, {refused} times refused later");
    assert!(seen.iter().all(|seen| *seen > 0), "every case was seen: {seen:?}");
}
