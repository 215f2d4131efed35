//! The unmodified `argus-api` SDK for Python against the running server; and what of its schema is served.

use super::{file, run};
use crate::browser::demo::Demo;
use std::process::Command;

#[test]
fn the_argus_sdk_works_unmodified() {
    let demo = Demo::start();
    let mut python = Command::new(file("tests/clients/.venv/bin/python"));
    // The tests run over plain HTTP on the loopback interface, which oauthlib otherwise refuses.
    python.env("OAUTHLIB_INSECURE_TRANSPORT", "1").env("PYTHONDONTWRITEBYTECODE", "1");
    run(python.args(["-m", "unittest", "discover", "-s"]).arg(file("tests/clients/sdk")), &demo);
}
