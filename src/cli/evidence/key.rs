//! `argus audit key`: the verifier key of the log.

use super::{Session, notary};

pub(super) fn run(session: &Session) -> anyhow::Result<()> {
    println!("{}", notary(session).verifier());
    Ok(())
}
