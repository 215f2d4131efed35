//! Schemathesis: whatever its description allows and forbids, the server answers as described, and never with a 5xx.
//!
//! Which checks, and which of the demo's things it may touch: `schemathesis/schemathesis.toml`. `make schemathesis` tries harder:
//! `SCHEMATHESIS_EXAMPLES` is how many requests of either kind are made up for each call beside those at the edges of its schemas.

use super::{file, run};
use crate::browser::demo::Demo;
use std::process::Command;

/// Requests per call where nobody asked for more.
const FEW: &str = "5";

/// One run with the header, if any, that says who calls.
fn schemathesis(demo: &Demo, phases: &str, header: Option<&str>) {
    let mut program = Command::new(file("tests/clients/.venv/bin/st"));
    program.env("PYTHONDONTWRITEBYTECODE", "1").current_dir(std::env::temp_dir());
    program.arg("--config-file").arg(file("tests/clients/schemathesis/schemathesis.toml")).args(["--no-color", "run"]);
    let examples = std::env::var("SCHEMATHESIS_EXAMPLES");
    program.args(["--phases", phases, "--max-examples", examples.as_deref().unwrap_or(FEW)]);
    if let Some(header) = header {
        program.args(["--header", header]);
    }
    run(program.arg(format!("{}/docs/api/openapi.json", demo.after("Argus:"))), demo);
}

#[test]
fn an_administrator_gets_what_the_description_says() {
    let demo = Demo::start();
    let key = format!("Argus-API-Key: {}", demo.after("API key:"));
    schemathesis(&demo, "coverage,fuzzing", Some(&key));
    // Nothing that it did took its rights away, after which everything would have been refused as described.
    let session = format!("{}/authentication/v1/session", demo.after("Argus:"));
    run(Command::new("curl").args(["--fail", "--silent", "--header", &key, &session]), &demo);
}

#[test]
fn a_stranger_gets_what_the_description_says() {
    let demo = Demo::start();
    schemathesis(&demo, "fuzzing", None);
}
