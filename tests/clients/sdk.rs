//! The unmodified `argus-api` SDK for Python: its password sessions, its OAuth functions, its refreshing authentication.

use super::{file, run};
use crate::browser::demo::Demo;
use std::process::Command;

#[test]
fn the_argus_sdk_works_unmodified() {
    let demo = Demo::start();
    let mut python = Command::new(file("tests/clients/.venv/bin/python"));
    // The tests run over plain HTTP on the loopback interface, which oauthlib otherwise refuses.
    python.env("OAUTHLIB_INSECURE_TRANSPORT", "1").env("PYTHONDONTWRITEBYTECODE", "1");
    run(python.arg(file("tests/clients/sdk/test_sdk.py")), &demo);
}
