//! Given / when / then for clients. `definition()` is a confidential client without a customer; each test says what differs.
#![expect(clippy::unwrap_used, reason = "a test may stop")]

use super::*;
use crate::{
    given::given,
    ids::{CustomerId, DomainId, FunctionId},
    values::{
        AccessTokenFormat, ClaimSource, ClaimValue, CustomClaim, PermittedScopes, SecretHash, SecurityLevel,
        UserAttribute,
    },
    wire::assert_golden,
};
use std::collections::BTreeSet;
use uuid::Uuid;

fn function(number: u128) -> FunctionId {
    FunctionId::new(Uuid::from_u128(number))
}

const SCOPE: u128 = 0x5c0;
const WIDER: u128 = 0x31d;

fn definition() -> Definition {
    Definition {
        short_name: "portal".parse().unwrap(),
        name: "Portal".parse().unwrap(),
        description: "Shows cases.".parse().unwrap(),
        main_uri: "https://portal.example".parse().unwrap(),
        redirect_uris: vec!["https://portal.example/cb".parse().unwrap()],
        ip_ranges: vec!["192.0.2.0/24".parse().unwrap()].try_into().unwrap(),
        authentication: password("00"),
        domain: DomainId::new(Uuid::from_u128(1)),
        customer: None,
        required_function: function(0xf),
        permission_scope: function(SCOPE),
        permitted_scopes: PermittedScopes::Any,
        hidden: false,
        custom_claims: vec![],
        max_security_level: SecurityLevel::External,
        require_pkce: false,
        client_credentials: true,
        require_same_client_ip: false,
        access_token_format: AccessTokenFormat::Argus,
        disabled: false,
    }
}

fn password(hash: &str) -> ClientAuthentication {
    ClientAuthentication::Password { secret: SecretHash::Sha256(hash.to_owned()) }
}

fn definition_but(change: impl FnOnce(&mut Definition)) -> Definition {
    let mut definition = definition();
    change(&mut definition);
    definition
}

fn claim(name: &str) -> CustomClaim {
    let from = ClaimSource::Value(ClaimValue::Flag(true));
    CustomClaim { claim: name.parse().unwrap(), scope: "profile".parse().unwrap(), from }
}

/// A user who holds the permission scope of `definition()` and is signed in at the usual level.
fn holder() -> Facts {
    user([function(SCOPE)], SecurityLevel::Standard)
}

fn user(may_hand_out: impl Into<BTreeSet<FunctionId>>, level: SecurityLevel) -> Facts {
    Facts { short_name_taken: false, author: Author::User { may_hand_out: may_hand_out.into(), level } }
}

fn operator() -> Facts {
    Facts { short_name_taken: false, author: Author::Operator }
}

fn defined() -> ClientEvent {
    ClientEvent::Defined { definition: Box::new(definition()) }
}

fn define(definition: Definition, facts: Facts) -> Result<Vec<ClientEvent>, ClientError> {
    Client::default().decide(ClientCommand::Define { definition: Box::new(definition), facts })
}

/// What happens when `definition()` shall become `wanted`.
fn redefine(wanted: Definition, facts: Facts) -> Result<Vec<ClientEvent>, ClientError> {
    given::<Client>([defined()]).decide(ClientCommand::Redefine { definition: Box::new(wanted), facts })
}

#[test]
fn nobody_defines_a_client_with_a_permission_scope_that_is_not_theirs() {
    assert_eq!(define(definition(), user([], SecurityLevel::Administrative)), Err(ClientError::ScopeNotHeld));
    assert_eq!(define(definition(), user([function(WIDER)], SecurityLevel::Standard)), Err(ClientError::ScopeNotHeld));
}

#[test]
fn nobody_changes_a_client_whose_permission_scope_is_not_theirs() {
    let wanted = definition_but(|it| it.redirect_uris = vec!["https://evil.example/".parse().unwrap()]);
    assert_eq!(redefine(wanted, user([], SecurityLevel::Standard)), Err(ClientError::ScopeNotHeld));
    let narrowed = definition_but(|it| it.permission_scope = function(WIDER));
    assert_eq!(redefine(narrowed, user([function(WIDER)], SecurityLevel::Standard)), Err(ClientError::ScopeNotHeld));
}

#[test]
fn nobody_widens_a_permission_scope_beyond_their_own() {
    let wanted = definition_but(|it| it.permission_scope = function(WIDER));
    assert_eq!(redefine(wanted.clone(), holder()), Err(ClientError::ScopeNotHeld));
    let both = user([function(SCOPE), function(WIDER)], SecurityLevel::Standard);
    let event = ClientEvent::PermissionScopeChanged { permission_scope: function(WIDER) };
    assert_eq!(redefine(wanted, both), Ok(vec![event]));
}

#[test]
fn a_change_that_changes_nothing_still_needs_the_right() {
    assert_eq!(redefine(definition(), user([], SecurityLevel::Standard)), Err(ClientError::ScopeNotHeld));
}

#[test]
fn nobody_gives_or_touches_a_security_level_above_their_own() {
    let administrative = definition_but(|it| it.max_security_level = SecurityLevel::Administrative);
    assert_eq!(define(administrative.clone(), holder()), Err(ClientError::LevelNotHeld));
    assert_eq!(redefine(administrative.clone(), holder()), Err(ClientError::LevelNotHeld));
    let client: Client = given([ClientEvent::Defined { definition: Box::new(administrative) }]);
    let lower = ClientCommand::Redefine { definition: Box::new(definition()), facts: holder() };
    assert_eq!(client.decide(lower), Err(ClientError::LevelNotHeld));
}

#[test]
fn a_missing_right_is_told_before_anything_else() {
    let facts = Facts { short_name_taken: true, ..user([], SecurityLevel::External) };
    let broken = definition_but(|it| it.authentication = ClientAuthentication::None);
    assert_eq!(define(broken.clone(), facts.clone()), Err(ClientError::ScopeNotHeld));
    assert_eq!(redefine(broken, facts), Err(ClientError::ScopeNotHeld));
}

#[test]
fn a_short_name_in_use_is_refused() {
    let taken = Facts { short_name_taken: true, ..operator() };
    assert_eq!(define(definition(), taken.clone()), Err(ClientError::ShortNameTaken));
    let renamed = definition_but(|it| it.short_name = "other".parse().unwrap());
    assert_eq!(redefine(renamed, taken), Err(ClientError::ShortNameTaken));
}

#[test]
fn a_client_without_a_secret_must_use_pkce() {
    let public = |require_pkce| {
        definition_but(|it| (it.authentication, it.require_pkce) = (ClientAuthentication::None, require_pkce))
    };
    assert_eq!(define(public(false), operator()), Err(ClientError::PublicWithoutPkce));
    assert_eq!(redefine(public(false), operator()), Err(ClientError::PublicWithoutPkce));
    assert!(define(public(true), operator()).is_ok());
}

#[test]
fn repeated_or_endless_lists_are_refused() {
    let uri = |n: usize| format!("https://portal.example/{n}").parse().unwrap();
    for redirect_uris in [vec![uri(1), uri(1)], (0..=ClientError::MAX_REDIRECT_URIS).map(uri).collect()] {
        assert_eq!(
            define(definition_but(|it| it.redirect_uris = redirect_uris), operator()),
            Err(ClientError::RedirectUris)
        );
    }
    let many = (0..=ClientError::MAX_CUSTOM_CLAIMS).map(|n| claim(&format!("claim{n}"))).collect();
    for custom_claims in [vec![claim("a"), claim("a")], many] {
        assert_eq!(
            define(definition_but(|it| it.custom_claims = custom_claims), operator()),
            Err(ClientError::CustomClaims)
        );
    }
}

#[test]
fn a_client_does_not_move_to_another_domain_or_customer() {
    let domain = definition_but(|it| it.domain = DomainId::new(Uuid::from_u128(2)));
    let customer = definition_but(|it| it.customer = Some(CustomerId::new(Uuid::from_u128(3))));
    for moved in [domain, customer] {
        assert_eq!(redefine(moved, operator()), Err(ClientError::Moved));
    }
}

#[test]
fn a_client_is_defined_once() {
    let again = ClientCommand::Define { definition: Box::new(definition()), facts: operator() };
    assert_eq!(given::<Client>([defined()]).decide(again.clone()), Err(ClientError::AlreadyDefined));
    assert_eq!(given::<Client>([defined(), ClientEvent::Deleted {}]).decide(again), Err(ClientError::AlreadyDefined));
}

#[test]
fn an_unknown_or_deleted_client_cannot_be_changed_or_deleted() {
    for client in [Client::default(), given([defined(), ClientEvent::Deleted {}])] {
        let redefine = ClientCommand::Redefine { definition: Box::new(definition()), facts: operator() };
        assert_eq!(client.decide(redefine), Err(ClientError::Unknown));
        assert_eq!(client.decide(ClientCommand::Delete), Err(ClientError::Unknown));
        assert_eq!(client.definition(), None);
    }
}

#[test]
fn a_client_is_defined_by_whoever_holds_its_scope() {
    assert_eq!(define(definition(), holder()), Ok(vec![defined()]));
    assert_eq!(define(definition(), operator()), Ok(vec![defined()]));
    assert_eq!(given::<Client>([defined()]).definition(), Some(&definition()));
}

#[test]
fn a_change_that_changes_nothing_is_no_event() {
    assert_eq!(redefine(definition(), holder()), Ok(vec![]));
}

#[test]
fn another_secret_is_a_rotation_and_another_method_is_not() {
    let secret = SecretHash::Sha256("01".to_owned());
    let rotated = definition_but(|it| it.authentication = password("01"));
    assert_eq!(redefine(rotated, holder()), Ok(vec![ClientEvent::SecretRotated { secret }]));

    let public = definition_but(|it| (it.authentication, it.require_pkce) = (ClientAuthentication::None, true));
    let events = redefine(public, holder()).unwrap();
    let changed = ClientEvent::AuthenticationChanged { authentication: ClientAuthentication::None };
    assert_eq!(events.first(), Some(&changed));
    assert!(matches!(events.get(1), Some(ClientEvent::TokenRulesChanged { require_pkce: true, .. })));
}

#[test]
fn earlier_grants_end_on_deletion_and_on_another_way_to_authenticate_but_not_on_a_rotated_secret() {
    let epoch_after = |event| given::<Client>([defined(), event]).epoch;
    assert_eq!(given::<Client>([defined()]).epoch, 0);
    assert_eq!(epoch_after(ClientEvent::Deleted {}), 1);
    assert_eq!(epoch_after(ClientEvent::Disabled {}), 1);
    assert_eq!(epoch_after(ClientEvent::Enabled {}), 0);
    assert_eq!(epoch_after(ClientEvent::AuthenticationChanged { authentication: ClientAuthentication::None }), 1);
    assert_eq!(epoch_after(ClientEvent::SecretRotated { secret: SecretHash::Sha256("01".to_owned()) }), 0);
    assert_eq!(epoch_after(ClientEvent::VisibilityChanged { hidden: true }), 0);
}

#[test]
fn a_client_is_disabled_and_enabled_once_and_an_event_of_its_own_says_so() {
    let disabled = definition_but(|it| it.disabled = true);
    assert_eq!(define(disabled.clone(), operator()), Ok(vec![defined(), ClientEvent::Disabled {}]));
    assert_eq!(redefine(disabled.clone(), holder()), Ok(vec![ClientEvent::Disabled {}]));
    let client: Client = given([defined(), ClientEvent::Disabled {}]);
    let redefine = |wanted| ClientCommand::Redefine { definition: Box::new(wanted), facts: holder() };
    assert_eq!(client.decide(redefine(disabled)), Ok(vec![]));
    assert_eq!(client.decide(redefine(definition())), Ok(vec![ClientEvent::Enabled {}]));
}

/// Every aspect differs from `definition()`.
fn everything_else() -> Definition {
    Definition {
        short_name: "portal-2".parse().unwrap(),
        name: "Portal 2".parse().unwrap(),
        description: "Shows more.".parse().unwrap(),
        main_uri: "https://portal.example/2".parse().unwrap(),
        redirect_uris: vec![
            "https://portal.example/2/cb".parse().unwrap(),
            "http://127.0.0.1:8080/cb".parse().unwrap(),
        ],
        ip_ranges: vec!["2001:db8::/32".parse().unwrap(), "198.51.100.7".parse().unwrap()].try_into().unwrap(),
        authentication: ClientAuthentication::Password { secret: SecretHash::Argon2id("$argon2id$v=19$".to_owned()) },
        required_function: function(0xf2),
        permission_scope: function(WIDER),
        permitted_scopes: PermittedScopes::Only(["openid", "profile"].map(|scope| scope.parse().unwrap()).into()),
        hidden: true,
        custom_claims: vec![
            CustomClaim { from: ClaimSource::Value(ClaimValue::Text("blue".to_owned())), ..claim("team") },
            CustomClaim { from: ClaimSource::Value(ClaimValue::Number(7)), ..claim("level") },
            CustomClaim { from: ClaimSource::Attribute(UserAttribute::CustomerShortName), ..claim("tenant") },
            CustomClaim { from: ClaimSource::Function(function(0xf)), ..claim("analyst") },
        ],
        max_security_level: SecurityLevel::Administrative,
        require_pkce: true,
        client_credentials: false,
        require_same_client_ip: true,
        access_token_format: AccessTokenFormat::Jwt,
        disabled: true,
        ..definition()
    }
}

/// What happens to `client` when it shall be what it was at version 1, `definition()`.
fn restore(client: &Client, facts: Facts) -> Result<Vec<ClientEvent>, ClientError> {
    client.decide(ClientCommand::Restore { to_version: 1, definition: Box::new(definition()), facts })
}

#[test]
fn what_was_deleted_or_never_there_is_not_restored() {
    assert_eq!(restore(&Client::default(), operator()), Err(ClientError::Unknown));
    let deleted: Client = given([defined(), ClientEvent::Deleted {}]);
    assert_eq!(restore(&deleted, operator()), Err(ClientError::Unknown));
}

#[test]
fn nobody_restores_a_permission_scope_that_they_do_not_hold_before_and_after() {
    let client: Client = given([defined(), ClientEvent::PermissionScopeChanged { permission_scope: function(WIDER) }]);
    for held in [SCOPE, WIDER] {
        assert_eq!(restore(&client, user([function(held)], SecurityLevel::Standard)), Err(ClientError::ScopeNotHeld));
    }
    assert!(restore(&client, user([function(SCOPE), function(WIDER)], SecurityLevel::Standard)).is_ok());
}

#[test]
fn a_short_name_that_another_client_took_meanwhile_is_not_restored() {
    let renamed = ClientEvent::Renamed { short_name: "other".parse().unwrap(), name: "Other".parse().unwrap() };
    let facts = Facts { short_name_taken: true, ..operator() };
    assert_eq!(restore(&given([defined(), renamed]), facts), Err(ClientError::ShortNameTaken));
}

#[test]
fn to_restore_what_is_so_already_is_refused() {
    assert_eq!(restore(&given([defined()]), operator()), Err(ClientError::NothingToRestore));
}

#[test]
fn neither_a_secret_nor_the_way_to_authenticate_is_restored() {
    let rotated = ClientEvent::SecretRotated { secret: SecretHash::Sha256("11".to_owned()) };
    assert_eq!(restore(&given([defined(), rotated.clone()]), operator()), Err(ClientError::NothingToRestore));
    let hidden = ClientEvent::VisibilityChanged { hidden: true };
    let shown = ClientEvent::VisibilityChanged { hidden: false };
    let restored = vec![ClientEvent::Restored { to_version: 1 }, shown];
    assert_eq!(restore(&given([defined(), rotated, hidden.clone()]), operator()), Ok(restored.clone()));
    let public = ClientEvent::AuthenticationChanged { authentication: ClientAuthentication::None };
    assert_eq!(restore(&given([defined(), public, hidden]), operator()), Err(ClientError::PublicWithoutPkce));
    let client: Client = given([defined()].into_iter().chain(restored));
    assert_eq!(client.definition(), Some(&definition()));
}

#[test]
fn a_disabled_client_stays_so_when_an_earlier_definition_is_restored() {
    let client: Client = given([defined(), ClientEvent::VisibilityChanged { hidden: true }, ClientEvent::Disabled {}]);
    let shown = ClientEvent::VisibilityChanged { hidden: false };
    assert_eq!(restore(&client, operator()), Ok(vec![ClientEvent::Restored { to_version: 1 }, shown]));
}

#[test]
fn every_aspect_that_changes_is_an_event_and_together_they_give_what_was_wanted() {
    let events = redefine(everything_else(), operator()).unwrap();
    assert_eq!(events.len(), 13);
    let client: Client = given([defined()].into_iter().chain(events));
    assert_eq!(client.definition(), Some(&everything_else()));
}

#[test]
fn events_are_stored_in_their_golden_form() {
    let mut examples = redefine(everything_else(), operator()).unwrap();
    examples.push(ClientEvent::Defined { definition: Box::new(Definition { disabled: false, ..everything_else() }) });
    examples.push(ClientEvent::Enabled {});
    examples.push(ClientEvent::Restored { to_version: 3 });
    examples.push(ClientEvent::AuthenticationChanged { authentication: ClientAuthentication::None });
    examples.push(ClientEvent::Deleted {});
    assert_golden(ClientEvent::STORED_AS, &examples);
}

#[test]
fn no_event_prints_its_secret() {
    let printed = format!("{:?}", ClientEvent::Defined { definition: Box::new(everything_else()) });
    assert!(!printed.contains("argon2id"), "{printed}");
}
