//! Files that somebody made or changed to mislead whoever verifies, and databases that mislead whoever signs.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use super::{
    scene::Scene,
    support::{add_events, notary, settled},
};
use crate::support::{postgres::scratch, server::TestServer};
use argus::{
    entropy::SeededEntropy,
    evidence::{Checkpoint, Line, Report, Source, Verification, Verifier, VerifyError, export_log},
    keys::{Keys, MasterKey},
};
use projections::evidence::LeafRow;
use sqlx::Executor;
use std::{fs, path::Path, sync::Arc};

async fn export(scene: &Scene) -> Vec<String> {
    let path = scratch().join("log");
    let copy = scene.base.copy().await;
    export_log(&copy.connections(), &mut fs::File::create(&path).unwrap()).await.unwrap();
    fs::read_to_string(path).unwrap().lines().map(str::to_owned).collect()
}

async fn verify(scene: &Scene, log: &[u8], evidence: bool) -> Result<Report, VerifyError> {
    let path = scratch().join("log");
    fs::write(&path, log).unwrap();
    let evidence = evidence.then(|| scene.evidence.clone());
    Verification { log: Source::File(path), evidence, verifier: scene.verifier.clone() }.run().await
}

/// What is said of it: the finding, or why there is none.
fn said(outcome: Result<Report, VerifyError>) -> String {
    match outcome {
        Ok(report) => report.finding.map_or_else(|| "verified".to_owned(), |finding| finding.to_string()),
        Err(error) => error.to_string(),
    }
}

/// The places of the lines that begin so.
fn places(lines: &[String], beginning: &str) -> Vec<usize> {
    (0..lines.len()).filter(|at| lines[*at].starts_with(beginning)).collect()
}

fn note(line: &str) -> String {
    let note = Line::read(line).and_then(|line| if let Line::Checkpoint(note) = line { Some(note) } else { None });
    note.unwrap()
}

fn written(checkpoint: &Checkpoint, keys: &Keys) -> String {
    Line::Checkpoint(checkpoint.sign(keys)).write().unwrap()
}

fn other_keys() -> Keys {
    let entropy = Arc::new(SeededEntropy::new(666));
    Keys::new(&MasterKey::generate(entropy.as_ref()), entropy).unwrap()
}

type Lines = Vec<String>;

/// Every way to change an export: what is done, what comes of it, and what is said then.
fn changed(scene: &Scene, lines: &Lines) -> Vec<(&'static str, Lines, &'static str)> {
    let (events, leaves) = (places(lines, "{\"event\""), places(lines, "{\"number\""));
    let notes = places(lines, "{\"checkpoint\"");
    let (first, last) = (notes[0], *notes.last().unwrap());
    let with = |change: &dyn Fn(&mut Lines)| {
        let mut lines = lines.clone();
        change(&mut lines);
        lines
    };
    let exchanged = |at: usize, line: String| with(&|lines| lines[at].clone_from(&line));
    let signed = scene.verifier.open(&note(&lines[last])).unwrap();
    let elsewhere = Checkpoint { origin: "idp.other".to_owned(), root: [7; 32], ..signed.clone() };
    let most = Line::Leaf(LeafRow { number: i64::MAX, position: i64::MAX, hash: [0; 32] }).write().unwrap();
    let not_signed = "is not signed by the log's key";
    let (other, exported) = ("is not what was signed", "is not the one that was exported");
    vec![
        ("two events in another order", with(&|lines| lines.swap(events[3], events[4])), "position 4: "),
        ("two hashes in another order", with(&|lines| lines.swap(leaves[3], leaves[4])), exported),
        ("an event twice", with(&|lines| lines.insert(events[5], lines[events[5]].clone())), "was inserted"),
        ("a hash twice", with(&|lines| lines.insert(leaves[5], lines[leaves[5]].clone())), exported),
        (
            "an event said in another way",
            exchanged(events[2], lines[events[2]].replacen(':', ": ", 1)),
            "neither a log",
        ),
        ("an old checkpoint again", with(&|lines| lines.push(lines[first].clone())), other),
        ("the newest checkpoint early", with(&|lines| lines.insert(first, lines[last].clone())), other),
        ("a checkpoint by another key", exchanged(last, written(&signed, &other_keys())), not_signed),
        ("a checkpoint of another log", exchanged(last, written(&elsewhere, &scene.notary.keys)), other),
        ("a checkpoint that is a letter", exchanged(last, "{\"checkpoint\":\"Dear reader\"}".to_owned()), not_signed),
        ("a hash with the largest number", with(&|lines| lines.push(most.clone())), "hashes that were signed"),
        ("an export that was cut off", lines[..leaves[20]].to_vec(), "the event was removed"),
        ("nothing", Vec::new(), "the event was removed"),
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_export_that_somebody_changed_is_never_verified() {
    let scene = Scene::set().await;
    let lines = export(&scene).await;
    for (name, lines, expected) in changed(&scene, &lines) {
        let text = lines.iter().map(|line| format!("{line}\n")).collect::<String>();
        let said = said(verify(&scene, text.as_bytes(), true).await);
        println!("{name:<35} {said}");
        assert!(said.contains(expected), "{name}: {said}");
    }
    let text = lines.join("\n") + "\n";
    assert_eq!(said(verify(&scene, text.as_bytes(), true).await), "verified", "otherwise this proves nothing");
    for bytes in [&b"\xff\n"[..], b"\0\n", b"\n"] {
        let outcome = verify(&scene, &[text.as_bytes(), bytes].concat(), true).await;
        assert!(matches!(outcome, Err(VerifyError::Read(_))), "{bytes:?}");
    }
    // What was being written when it was cut off is not there.
    let cut = &text.as_bytes()[..text.len() - 3];
    let report = verify(&scene, cut, true).await.unwrap();
    assert_eq!(report.finding, None);
    assert_eq!(usize::try_from(report.verified.unwrap().tree_size).unwrap(), scene.positions.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_line_without_end_does_not_fill_the_memory() {
    let scene = Scene::set().await;
    let endless = scratch().join("log");
    fs::File::create(&endless).unwrap().set_len(1 << 40).unwrap();
    let log = Source::File(endless.clone());
    let verification = Verification { log, evidence: Some(scene.evidence.clone()), verifier: scene.verifier.clone() };
    let error = verification.run().await.unwrap_err().to_string();
    assert!(error.contains("line 1: neither a log nor evidence"), "{error}");
    fs::remove_file(endless).unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_key_verifies_nothing() {
    let scene = Scene::set().await;
    let verifier = Verifier::of(&other_keys(), "idp.example".to_owned());
    let copy = scene.base.copy().await;
    for evidence in [None, Some(scene.evidence.clone())] {
        let log = Source::Database(copy.connections());
        let said = said(Verification { log, evidence, verifier: verifier.clone() }.run().await);
        assert!(said.contains("is not signed by the log's key"), "{said}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn evidence_that_was_forged_itself_is_not_believed() {
    let scene = Scene::set().await;
    let text = fs::read_to_string(&scene.evidence).unwrap();
    let line = text.lines().nth(5).unwrap();
    let other = text.lines().nth(6).unwrap().split('"').nth_back(1).unwrap();
    let forged = text.replace(line.split('"').nth_back(1).unwrap(), other);
    for text in [forged, text.replace(&format!("{line}\n"), ""), text.lines().take(4).collect::<Vec<_>>().join("\n")] {
        let path = scratch().join("evidence");
        fs::write(&path, text).unwrap();
        let log = Source::Database(scene.base.copy().await.connections());
        let verification = Verification { log, evidence: Some(path), verifier: scene.verifier.clone() };
        verification.run().await.unwrap_err();
    }
}

/// The server is made to sign another past behind the one that was exported: the file is believed up to where that begins.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn evidence_that_goes_on_with_another_past_still_tells_the_place() {
    let scene = Scene::set().await;
    let text = fs::read_to_string(&scene.evidence).unwrap();
    let newest = scene.verifier.open(&note(text.lines().last().unwrap())).unwrap();
    let path = scratch().join("evidence");
    let other = written(&Checkpoint { root: [7; 32], ..newest }, &scene.notary.keys);
    fs::write(&path, format!("{text}{other}\n")).unwrap();
    let copy = scene.base.copy().await;
    let verify = async |evidence: &Path| {
        let (log, evidence) = (Source::Database(copy.connections()), Some(evidence.to_owned()));
        said(Verification { log, evidence, verifier: scene.verifier.clone() }.run().await)
    };
    assert!(verify(&path).await.contains("is not evidence to compare with"));
    let position = scene.positions[9];
    let change = format!("SET session_replication_role = replica; DELETE FROM events WHERE position = {position}");
    copy.owner().await.execute(change.as_str()).await.unwrap();
    assert_eq!(verify(&path).await, format!("entry 9, position {position}: the event was removed"));
}

#[tokio::test]
async fn another_past_is_not_signed() {
    let server = TestServer::start().await;
    add_events(&server, 300).await;
    settled(&server).await;
    let path = scratch().join("evidence");
    notary(&server, Some(path.clone())).sign_now().await.unwrap();
    let before = fs::read(&path).unwrap();
    let mut owner = server.at.owner().await;
    let rewrite =
        "SET session_replication_role = replica; UPDATE evidence_nodes SET hash = sha256('x') WHERE number = 0";
    owner.execute(rewrite).await.unwrap();
    add_events(&server, 1).await;
    settled(&server).await;
    let error = notary(&server, None).sign_now().await.unwrap_err().to_string();
    assert!(error.contains("are not those that were signed"), "{error}");
    // Without its checkpoints the database alone would not tell.
    owner.execute("DELETE FROM checkpoints").await.unwrap();
    let error = notary(&server, Some(path.clone())).sign_now().await.unwrap_err().to_string();
    assert!(error.contains("or an earlier one"), "{error}");
    assert_eq!(fs::read(&path).unwrap(), before);
}
