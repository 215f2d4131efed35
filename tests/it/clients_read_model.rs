//! The read model of clients against real Postgres: what is not for the caller's eyes first.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use crate::support::postgres;
use aggregates::{
    client::{Client, ClientAuthentication, ClientEvent, Definition, State},
    ids::{ClientId, CustomerId, DomainId, FunctionId, UserId},
    values::{
        AccessTokenFormat, ClaimSource, Constraints, CustomClaim, PermittedScopes, Sealed, SecretHash, SecurityLevel,
    },
};
use cqrs_es::{Aggregate, DomainEvent};
use projections::{
    Recorded, Unseal,
    clients::{self, Criteria, Flag, KeywordField, Search, SortKey},
    rights::Rights,
    search::{Keywords, Sort, SubCriteria},
};
use sqlx::PgConnection;
use std::collections::HashMap;
use uuid::Uuid;

const DOMAIN: u128 = 1;
const ROOT: u128 = 10;
const NORTH: u128 = 11;
const SOUTH: u128 = 12;
const VIEW: u128 = 100;
const USE: u128 = 101;
const SECRET: u128 = 102;
const ALICE: u128 = 1000;

/// A database of one's own. The estimates for recursive queries are high enough to have them compiled, which takes seconds;
/// the application's connections have that off as well.
async fn connection() -> PgConnection {
    let mut connection = postgres::fresh().owner().await;
    sqlx::query("SET jit = off").execute(&mut connection).await.unwrap();
    connection
}

struct NoKeys;

impl Unseal for NoKeys {
    fn open(&self, _: &[u8], _: &Sealed) -> Option<String> {
        None
    }
}

/// A domain with customers `root` > `north`, `south`; Alice may view and use for `north`.
async fn directory(c: &mut PgConnection) {
    let id = Uuid::from_u128;
    for (sql, ids) in [
        ("INSERT INTO domains VALUES ($1, 1, 'main', 'Main', 0, 1)", vec![id(DOMAIN)]),
        ("INSERT INTO customers VALUES ($1, 10, $2, NULL, 'root', 'Root', false, 0, 1)", vec![id(ROOT), id(DOMAIN)]),
        (
            "INSERT INTO customers VALUES ($1, 11, $2, $3, 'north', 'North', false, 0, 1)",
            vec![id(NORTH), id(DOMAIN), id(ROOT)],
        ),
        (
            "INSERT INTO customers VALUES ($1, 12, $2, $3, 'south', 'South', false, 0, 1)",
            vec![id(SOUTH), id(DOMAIN), id(ROOT)],
        ),
        ("INSERT INTO functions VALUES ($1, 100, 'viewOAuthClients', 'View', '', false, 0, 1)", vec![id(VIEW)]),
        ("INSERT INTO functions VALUES ($1, 101, 'useIt', 'Use', '', false, 0, 1)", vec![id(USE)]),
        ("INSERT INTO functions VALUES ($1, 102, 'secret', 'Secret', '', false, 0, 1)", vec![id(SECRET)]),
        (
            "INSERT INTO users (id, number, domain_id, customer_id, user_name, name, created_at, sequence)
             VALUES ($1, 1000, $2, $3, 'alice', 'Alice', 0, 1)",
            vec![id(ALICE), id(DOMAIN), id(NORTH)],
        ),
        ("INSERT INTO permissions VALUES ($1, $2, $3, 1, 0, 'system:test')", vec![id(ALICE), id(VIEW), id(NORTH)]),
        ("INSERT INTO permissions VALUES ($1, $2, $3, 2, 0, 'system:test')", vec![id(ALICE), id(USE), id(NORTH)]),
    ] {
        let query = ids.into_iter().fold(sqlx::query(sql), |query, id| query.bind(id));
        query.execute(&mut *c).await.unwrap();
    }
}

fn definition(short_name: &str, customer: Option<u128>) -> Definition {
    Definition {
        short_name: short_name.parse().unwrap(),
        name: format!("The {short_name}").parse().unwrap(),
        description: "".parse().unwrap(),
        main_uri: "https://app.example/".parse().unwrap(),
        redirect_uris: vec![],
        ip_ranges: vec!["192.0.2.0/24".parse().unwrap()].try_into().unwrap(),
        authentication: ClientAuthentication::Password { secret: SecretHash::Sha256("00".to_owned()) },
        domain: DomainId::new(Uuid::from_u128(DOMAIN)),
        customer: customer.map(|customer| CustomerId::new(Uuid::from_u128(customer))),
        required_function: FunctionId::new(Uuid::from_u128(USE)),
        permission_scope: FunctionId::new(Uuid::from_u128(VIEW)),
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

fn recorded(id: ClientId, sequence: i64, event: &ClientEvent) -> Recorded {
    let actor = format!("user:{}", Uuid::from_u128(ALICE));
    Recorded {
        position: sequence,
        aggregate_type: "client".to_owned(),
        aggregate_id: id.to_string(),
        sequence,
        event_type: event.event_type(),
        event_version: event.event_version(),
        payload: serde_json::to_value(event).unwrap(),
        metadata: HashMap::from([("actor".to_owned(), actor), ("at".to_owned(), sequence.to_string())]),
        recorded_at: sqlx::types::chrono::DateTime::UNIX_EPOCH,
    }
}

async fn apply(c: &mut PgConnection, id: ClientId, sequence: i64, event: &ClientEvent) {
    (clients::MODEL.apply)(c, &[recorded(id, sequence, event)], &NoKeys).await.expect("the event is applied");
}

async fn define(c: &mut PgConnection, number: u128, definition: Definition) -> ClientId {
    let id = ClientId::new(Uuid::from_u128(number));
    apply(c, id, 1, &ClientEvent::Defined { definition: Box::new(definition) }).await;
    id
}

fn alice() -> Rights {
    Rights::of(UserId::new(Uuid::from_u128(ALICE)))
}

fn all() -> Search {
    Search { criteria: Criteria::default(), sub_criteria: vec![], sort: vec![], limit: 100, offset: 0 }
}

fn with(criteria: Criteria) -> Search {
    Search { criteria, ..all() }
}

fn words(words: &[&str]) -> Keywords<KeywordField> {
    Keywords { words: words.iter().map(|word| (*word).to_owned()).collect(), ..Keywords::default() }
}

/// Short names found, and the count.
async fn found(c: &mut PgConnection, rights: &Rights, search: &Search) -> (Vec<String>, i64) {
    let found = clients::search(c, rights, search).await.unwrap();
    (found.rows.iter().map(|view| view.client.definition.short_name.to_string()).collect(), found.count)
}

async fn names(c: &mut PgConnection, search: &Search) -> Vec<String> {
    found(c, &alice(), search).await.0
}

/// One client per customer and one without; two that Alice may not use.
async fn five_clients(c: &mut PgConnection) {
    directory(c).await;
    define(c, 0xa, definition("everywhere", None)).await;
    define(c, 0xb, definition("north-app", Some(NORTH))).await;
    define(c, 0xc, definition("south-app", Some(SOUTH))).await;
    define(c, 0xd, definition("root-app", Some(ROOT))).await;
    let required_function = FunctionId::new(Uuid::from_u128(SECRET));
    define(c, 0xe, Definition { required_function, ..definition("north-secret", Some(NORTH)) }).await;
}

#[tokio::test]
async fn what_a_caller_may_not_use_is_neither_listed_nor_counted_nor_found() {
    let c = &mut connection().await;
    five_clients(c).await;
    let both = (vec!["everywhere".to_owned(), "north-app".to_owned()], 2);
    assert_eq!(found(c, &alice(), &all()).await, both);
    let word = |word: &str| with(Criteria { keywords: words(&[word]), ..Criteria::default() });
    assert_eq!(found(c, &alice(), &word("south")).await, (vec![], 0));
    let of = |customer: &str| with(Criteria { customers: Some(vec![customer.to_owned()]), ..Criteria::default() });
    for reference in ["south", "12", "root", "nowhere", &Uuid::from_u128(SOUTH).to_string()] {
        assert_eq!(found(c, &alice(), &of(reference)).await, (vec![], 0), "{reference}");
    }
    let nothing = Criteria { keywords: words(&["nothing has this"]), ..Criteria::default() };
    for (exclude, required) in [(true, false), (true, true)] {
        let sub = SubCriteria { criteria: nothing.clone(), exclude, required };
        assert_eq!(found(c, &alice(), &Search { sub_criteria: vec![sub], ..all() }).await, both);
    }
    let page = Search { limit: 1, offset: 1, ..all() };
    assert_eq!(found(c, &alice(), &page).await, (vec!["north-app".to_owned()], 2));
}

#[tokio::test]
async fn a_delegated_token_sees_no_further_than_its_scope_and_customer() {
    let c = &mut connection().await;
    five_clients(c).await;
    let scope = FunctionId::new(Uuid::from_u128(VIEW));
    assert_eq!(found(c, &alice().delegated(scope, None), &all()).await, (vec![], 0));
    let customer = CustomerId::new(Uuid::from_u128(SOUTH));
    let south = Constraints { customers: Some([customer].into()), ..Constraints::default() };
    assert_eq!(found(c, &alice().within(south), &all()).await, (vec![], 0));
    let nobody = Rights::of(UserId::new(Uuid::from_u128(7)));
    assert_eq!(found(c, &nobody, &all()).await, (vec![], 0));
}

#[tokio::test]
async fn hidden_and_deleted_clients_are_found_only_when_asked_for() {
    let c = &mut connection().await;
    directory(c).await;
    define(c, 0xa, definition("shown", None)).await;
    define(c, 0xb, Definition { hidden: true, ..definition("hidden", None) }).await;
    let deleted = define(c, 0xc, definition("deleted", None)).await;
    apply(c, deleted, 2, &ClientEvent::Deleted {}).await;
    assert_eq!(names(c, &all()).await, ["shown"]);
    let include = |flag| with(Criteria { include: vec![flag], ..Criteria::default() });
    assert_eq!(names(c, &include(Flag::Hidden)).await, ["hidden"]);
    assert_eq!(names(c, &include(Flag::Deleted)).await, ["deleted"]);
    let sub = SubCriteria { criteria: include(Flag::Deleted).criteria, ..SubCriteria::default() };
    assert_eq!(names(c, &Search { sub_criteria: vec![sub], ..all() }).await, Vec::<String>::new());
}

#[tokio::test]
async fn words_have_no_wildcards_and_quotes_are_characters() {
    let c = &mut connection().await;
    directory(c).await;
    define(c, 0xa, definition("a_b", None)).await;
    define(c, 0xb, definition("axb", None)).await;
    let word = |list: &[&str], any| Criteria {
        keywords: Keywords { any, fields: vec![KeywordField::ShortName], ..words(list) },
        ..Criteria::default()
    };
    assert_eq!(names(c, &with(word(&["A_B"], false))).await, ["a_b"]);
    for hostile in ["%", "a%", r"\", "' OR true --", "a\"b", "$1"] {
        assert_eq!(names(c, &with(word(&[hostile], false))).await, Vec::<String>::new(), "{hostile}");
    }
    assert_eq!(names(c, &with(word(&["a", "x"], false))).await, ["axb"]);
    assert_eq!(names(c, &with(word(&["_", "x"], true))).await, ["a_b", "axb"]);
}

#[tokio::test]
async fn criteria_narrow_and_sub_criteria_combine() {
    let c = &mut connection().await;
    directory(c).await;
    for (number, name) in [(0xa, "alpha"), (0xb, "beta"), (0xc, "gamma")] {
        define(c, number, definition(name, (number == 0xb).then_some(NORTH))).await;
    }
    let word = |word: &str| Criteria { keywords: words(&[word]), ..Criteria::default() };
    let sub = |name: &str, exclude, required| SubCriteria { criteria: word(name), exclude, required };
    let subs = |sub_criteria| Search { sub_criteria, ..all() };
    assert_eq!(names(c, &subs(vec![sub("alpha", false, false), sub("beta", false, false)])).await, ["alpha", "beta"]);
    assert_eq!(names(c, &subs(vec![sub("alpha", true, false)])).await, ["beta", "gamma"]);
    assert_eq!(names(c, &subs(vec![sub("gamma", false, true)])).await, ["gamma"]);
    for reference in ["north", "NORTH", "11"] {
        let customers = Some(vec![reference.to_owned()]);
        assert_eq!(names(c, &with(Criteria { customers, ..Criteria::default() })).await, ["beta"], "{reference}");
    }
    let required_functions = Some(vec!["useit".to_owned()]);
    let domains = Some(vec!["1".to_owned()]);
    assert_eq!(names(c, &with(Criteria { required_functions, domains, ..Criteria::default() })).await.len(), 3);
    let sort = vec![Sort { key: SortKey::Created, descending: false }, Sort { key: SortKey::Name, descending: true }];
    assert_eq!(names(c, &Search { sort, ..all() }).await, ["gamma", "beta", "alpha"]);
}

#[tokio::test]
async fn a_short_name_is_unique_among_the_live_clients_of_a_domain() {
    let c = &mut connection().await;
    directory(c).await;
    let first = define(c, 0xa, definition("app", None)).await;
    let second = ClientId::new(Uuid::from_u128(0xb));
    let again = ClientEvent::Defined { definition: Box::new(definition("APP", None)) };
    let refused = (clients::MODEL.apply)(c, &[recorded(second, 1, &again)], &NoKeys).await;
    assert!(refused.unwrap_err().to_string().contains("clients_short_name"));
    let domain = DomainId::new(Uuid::from_u128(DOMAIN));
    assert!(clients::short_name_taken(c, domain, &"App".parse().unwrap(), second).await.unwrap());
    assert!(!clients::short_name_taken(c, domain, &"App".parse().unwrap(), first).await.unwrap());
    apply(c, first, 2, &ClientEvent::Deleted {}).await;
    apply(c, second, 1, &again).await;
    let row = clients::find_by_short_name(c, domain, &"app".parse().unwrap()).await.unwrap();
    assert_eq!(row.map(|row| row.id), Some(second));
}

fn every_change() -> Vec<ClientEvent> {
    vec![
        ClientEvent::Renamed { short_name: "renamed".parse().unwrap(), name: "Renamed".parse().unwrap() },
        ClientEvent::Described {
            description: "New.".parse().unwrap(),
            main_uri: "https://new.example/".parse().unwrap(),
        },
        ClientEvent::RedirectUrisChanged { redirect_uris: vec!["https://new.example/cb".parse().unwrap()] },
        ClientEvent::IpRangesChanged { ip_ranges: vec!["::/0".parse().unwrap()].try_into().unwrap() },
        ClientEvent::SecretRotated { secret: SecretHash::Argon2id("$argon2id$".to_owned()) },
        ClientEvent::AuthenticationChanged { authentication: ClientAuthentication::None },
        ClientEvent::RequiredFunctionChanged { required_function: FunctionId::new(Uuid::from_u128(SECRET)) },
        ClientEvent::PermissionScopeChanged { permission_scope: FunctionId::new(Uuid::from_u128(USE)) },
        ClientEvent::PermittedScopesChanged {
            permitted_scopes: PermittedScopes::Only(["openid".parse().unwrap()].into()),
        },
        ClientEvent::CustomClaimsChanged {
            custom_claims: vec![CustomClaim {
                claim: "analyst".parse().unwrap(),
                scope: "profile".parse().unwrap(),
                from: ClaimSource::Function(FunctionId::new(Uuid::from_u128(USE))),
            }],
        },
        ClientEvent::SecurityLevelChanged { max_security_level: SecurityLevel::Standard },
        ClientEvent::VisibilityChanged { hidden: true },
        ClientEvent::TokenRulesChanged {
            require_pkce: true,
            client_credentials: false,
            require_same_client_ip: true,
            access_token_format: AccessTokenFormat::Jwt,
        },
        ClientEvent::Restored { to_version: 1 },
        ClientEvent::Disabled {},
        ClientEvent::Enabled {},
        ClientEvent::Deleted {},
    ]
}

#[tokio::test]
async fn the_row_is_the_aggregate_after_every_event_also_when_one_is_applied_again() {
    let c = &mut connection().await;
    directory(c).await;
    let first = ClientEvent::Defined { definition: Box::new(definition("app", None)) };
    let mut client = Client::default();
    let id = ClientId::new(Uuid::from_u128(0xa));
    let mut seen = Vec::new();
    for (event, sequence) in std::iter::once(first).chain(every_change()).zip(1..) {
        client.apply(event.clone());
        seen.push(recorded(id, sequence, &event));
        (clients::MODEL.apply)(c, seen.last_chunk::<1>().unwrap(), &NoKeys).await.unwrap();
        (clients::MODEL.apply)(c, &seen, &NoKeys).await.unwrap();
        let row = clients::find_by_id(c, id).await.unwrap().unwrap();
        let (State::Active(definition) | State::Deleted(definition)) = &client.state else { panic!("it is defined") };
        assert_eq!(&row.definition, &**definition, "after {}", event.event_type());
        assert_eq!(u32::try_from(row.epoch).unwrap(), client.epoch);
        assert_eq!((row.sequence, row.deleted), (sequence, event == ClientEvent::Deleted {}));
    }
}

#[tokio::test]
async fn a_view_names_what_the_client_refers_to() {
    let c = &mut connection().await;
    directory(c).await;
    let id = define(c, 0xa, definition("app", Some(NORTH))).await;
    let claims = every_change().into_iter().find(|event| matches!(event, ClientEvent::CustomClaimsChanged { .. }));
    apply(c, id, 2, &claims.unwrap()).await;
    let view = clients::view(c, id).await.unwrap().unwrap();
    assert_eq!((view.domain.id, view.domain.name.as_str()), (1, "Main"));
    assert_eq!(view.customer.map(|customer| customer.short_name).as_deref(), Some("north"));
    assert_eq!((view.required_function.id, view.required_function.name.as_str()), (101, "useIt"));
    assert_eq!(view.permission_scope.name, "viewOAuthClients");
    assert_eq!(view.created_by.and_then(|user| user.user_name).as_deref(), Some("alice"));
    assert_eq!(view.claim_functions.values().collect::<Vec<_>>(), ["useIt"]);
    assert_eq!((view.created_at.millis(), view.updated_at.millis()), (1, 2));
}

#[tokio::test]
async fn the_portal_links_to_what_a_user_may_open() {
    let c = &mut connection().await;
    five_clients(c).await;
    define(c, 0xf, Definition { hidden: true, ..definition("hidden", None) }).await;
    let names = clients::list_usable(c, &alice()).await.unwrap();
    assert_eq!(
        names.iter().map(|client| client.name.as_str()).collect::<Vec<_>>(),
        ["The everywhere", "The north-app"]
    );
}
