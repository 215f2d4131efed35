//! npm's `openid-client`: discovery, a real sign-in, PKCE, validation of the ID token, userinfo, refresh.

use super::{file, run};
use crate::browser::demo::Demo;
use std::process::Command;

#[test]
fn openid_client_works_unmodified() {
    let demo = Demo::start();
    run(Command::new("node").arg("--test").arg(file("tests/clients/openid/test.mjs")), &demo);
}
