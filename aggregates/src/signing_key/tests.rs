//! Given these events, when this is asked, then that happens.

use super::*;
use crate::{
    given::given,
    values::{PublicJwk, SealedPrivateKey, Seconds, SigningAlgorithm, Timestamp},
    wire::assert_golden,
};
use cqrs_es::Aggregate;

const NOON: Timestamp = Timestamp::from_millis(1_700_000_000_000);
const HOUR: Seconds = Seconds(3600);

fn public_jwk() -> PublicJwk {
    PublicJwk::Rsa { n: "sXch".to_owned(), e: "AQAB".to_owned() }
}

fn generated() -> SigningKeyEvent {
    SigningKeyEvent::Generated {
        algorithm: SigningAlgorithm::Rs256,
        public_jwk: public_jwk(),
        sealed_private: SealedPrivateKey::new("v1.AAEC".to_owned()),
        at: NOON,
    }
}

fn activated() -> SigningKeyEvent {
    SigningKeyEvent::Activated { at: NOON }
}

fn retired() -> SigningKeyEvent {
    SigningKeyEvent::Retired { at: NOON, published_until: NOON.after(HOUR) }
}

fn generate() -> SigningKeyCommand {
    SigningKeyCommand::Generate {
        algorithm: SigningAlgorithm::Rs256,
        public_jwk: public_jwk(),
        sealed_private: SealedPrivateKey::new("v1.AAEC".to_owned()),
        now: NOON,
    }
}

const fn activate(published_for: Seconds) -> SigningKeyCommand {
    SigningKeyCommand::Activate { published_for, now: NOON }
}

const fn retire() -> SigningKeyCommand {
    SigningKeyCommand::Retire { published_for: HOUR, now: NOON }
}

fn decide(
    history: impl IntoIterator<Item = SigningKeyEvent>,
    command: SigningKeyCommand,
) -> Result<Vec<SigningKeyEvent>, SigningKeyError> {
    given::<SigningKey>(history).decide(command)
}

#[test]
fn only_a_successor_is_activated() {
    assert_eq!(decide([], activate(Seconds(0))), Err(SigningKeyError::NotSuccessor));
    assert_eq!(decide([generated(), activated()], activate(Seconds(0))), Err(SigningKeyError::NotSuccessor));
    assert_eq!(decide([generated(), activated(), retired()], activate(Seconds(0))), Err(SigningKeyError::NotSuccessor));
}

#[test]
fn a_successor_that_nobody_can_have_seen_does_not_sign() {
    assert_eq!(decide([generated()], activate(Seconds(1))), Err(SigningKeyError::TooYoung));
}

#[test]
fn only_the_active_key_is_retired() {
    assert_eq!(decide([], retire()), Err(SigningKeyError::NotActive));
    assert_eq!(decide([generated()], retire()), Err(SigningKeyError::NotActive));
    assert_eq!(decide([generated(), activated(), retired()], retire()), Err(SigningKeyError::NotActive));
}

#[test]
fn a_key_is_generated_once() {
    for history in [vec![generated()], vec![generated(), activated()], vec![generated(), activated(), retired()]] {
        assert_eq!(decide(history, generate()), Err(SigningKeyError::Exists));
    }
}

#[test]
fn a_key_lives_from_successor_to_retirement() {
    assert_eq!(decide([], generate()), Ok(vec![generated()]));
    assert_eq!(decide([generated()], activate(Seconds(0))), Ok(vec![activated()]));
    assert_eq!(decide([generated(), activated()], retire()), Ok(vec![retired()]));
}

#[test]
fn the_stored_form_stays() {
    assert_eq!(SigningKey::TYPE, "signing_key");
    assert_golden(SigningKeyEvent::STORED_AS, &[generated(), activated(), retired()]);
}
