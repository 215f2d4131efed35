//! The people and places of the flow tests, and changes to them in the middle of a story. The command line administers the
//! directory in the same way.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use aggregates::{
    customer::Customer,
    function::Function,
    group::{Group, Member},
    ids::{CustomerId, DomainId, FunctionId, GroupId, UserId},
    user::{User, UserCommand},
    values::Permission,
};
use argus::{
    directory::{
        Desk,
        api_keys::{self, ApiKeyInput},
        customers::{self, NewCustomer},
        functions::{self, NewFunction},
        groups::{self, NewGroup},
        permissions::{self, NamedPermission},
        references,
        users::{self, NewUser},
    },
    event_store::{Actor, Context},
    http::Idp,
};
use std::collections::BTreeMap;
use zeroize::Zeroizing;

pub(crate) const ALICE_PASSWORD: &str = "wind over the northern fjord";
pub(crate) const BOB_PASSWORD: &str = "three green bottles standing";
pub(crate) const AUDREY_PASSWORD: &str = "ledgers balance at midnight";
pub(crate) const ADMIN_PASSWORD: &str = "keeper of the seven gates";

/// What [`seed`] made.
pub(crate) struct Directory {
    pub(crate) domain: DomainId,
    pub(crate) acme: CustomerId,
    pub(crate) globex: CustomerId,
    pub(crate) alice: UserId,
    pub(crate) bob: UserId,
    pub(crate) audrey: UserId,
    pub(crate) admin: UserId,
    /// The administrator's API key, usable from everywhere.
    pub(crate) admin_key: Zeroizing<String>,
    /// By short name: `analyst`, `traffic`, `administrator`, …
    pub(crate) functions: BTreeMap<&'static str, FunctionId>,
}

impl Directory {
    pub(crate) fn function(&self, short_name: &str) -> FunctionId {
        self.functions[short_name]
    }
}

/// The customers `acme` and `globex` below the root; `alice`, analyst for acme and member of groups of both; `bob`, who holds
/// nothing; `audrey`, auditor for acme; `admin`.
pub(crate) async fn seed(idp: &Idp) -> Directory {
    let mut desk = desk(idp).await;
    let domain = references::domain(&mut desk, idp.config.domain().as_str()).await.unwrap().id;
    let acme = customer(&mut desk, domain, "acme", "Acme Ltd").await;
    let globex = customer(&mut desk, domain, "globex", "Globex Corporation").await;
    function(&mut desk, "traffic").await;
    let alice = user(&mut desk, domain, person("alice", "Alice Liddell", Some("acme"))).await;
    let bob = user(&mut desk, domain, person("bob", "Bob Builder", Some("globex"))).await;
    let audrey = user(&mut desk, domain, person("audrey", "Audrey Auditor", Some("acme"))).await;
    let admin = references::user(&mut desk, domain, "admin").await.unwrap().id;
    for (name, customer) in [("acme-analysts", "acme"), ("globex-friends", "globex")] {
        let group = group(&mut desk, domain, name, customer).await;
        join(&mut desk, domain, group, alice).await;
    }
    grant_in(&mut desk, domain, alice, "analyst", Some("acme")).await;
    grant_in(&mut desk, domain, audrey, "auditor", Some("acme")).await;
    let mut functions = BTreeMap::new();
    for name in ["analyst", "customerUser", "auditor", "administrator", "viewOAuthClients", "traffic"] {
        functions.insert(name, references::function(&mut desk, name).await.unwrap().id);
    }
    let admin_key = issue_key_in(&mut desk, domain, admin, &key_from(&["0.0.0.0/0", "::/0"])).await;
    desk.commit().await.unwrap();
    for (user, password) in
        [(alice, ALICE_PASSWORD), (bob, BOB_PASSWORD), (audrey, AUDREY_PASSWORD), (admin, ADMIN_PASSWORD)]
    {
        set_password(idp, user, password, false).await;
    }
    Directory { domain, acme, globex, alice, bob, audrey, admin, admin_key, functions }
}

/// What the tests call a person.
pub(crate) fn person(user_name: &str, name: &str, customer: Option<&str>) -> NewUser {
    NewUser {
        user_name: user_name.to_owned(),
        name: Some(name.to_owned()),
        email: Some(format!("{user_name}@mail.example")),
        phone: Some("+47 22 00 00 01".to_owned()),
        customer: customer.map(str::to_owned),
        ..NewUser::default()
    }
}

/// A desk for an operator on the command line.
pub(crate) async fn desk(idp: &Idp) -> Desk {
    Desk::open(&idp.store, idp.tools(), operator()).await.unwrap()
}

pub(crate) fn operator() -> Context {
    let (actor, request_id) = (Actor::System("system:cli"), "test".to_owned());
    Context { actor, caller_ip: None, request_id, causation: None, reason: Some("tests".to_owned()) }
}

async fn customer(desk: &mut Desk, domain: DomainId, short_name: &str, name: &str) -> CustomerId {
    let input = NewCustomer { short_name: short_name.to_owned(), name: name.to_owned(), parent: None };
    make_customer(desk, domain, input).await
}

/// Makes a customer below another.
pub(crate) async fn customer_below(desk: &mut Desk, domain: DomainId, parent: &str, short_name: &str) -> CustomerId {
    let (name, parent) = (short_name.to_owned(), Some(parent.to_owned()));
    make_customer(desk, domain, NewCustomer { short_name: short_name.to_owned(), name, parent }).await
}

async fn make_customer(desk: &mut Desk, domain: DomainId, input: NewCustomer) -> CustomerId {
    let (id, command) = (desk.new_id(), customers::create(desk, domain, &input).await.unwrap());
    desk.execute::<Customer>(id, command).await.unwrap();
    CustomerId::new(id)
}

async fn function(desk: &mut Desk, short_name: &str) -> FunctionId {
    let (short_name, name) = (short_name.to_owned(), short_name.to_owned());
    let input = NewFunction { short_name, name, description: String::new(), role: false };
    let (id, command) = (desk.new_id(), functions::create(desk, &input).await.unwrap());
    desk.execute::<Function>(id, command).await.unwrap();
    FunctionId::new(id)
}

/// Makes a function that another implies.
pub(crate) async fn function_below(desk: &mut Desk, parent: &str, short_name: &str) -> FunctionId {
    let child = function(desk, short_name).await;
    let parent = references::function(desk, parent).await.unwrap().id;
    let command = functions::add_child(desk, parent, child).await.unwrap();
    desk.execute::<Function>(parent.uuid(), command).await.unwrap();
    child
}

/// Makes a user.
pub(crate) async fn user(desk: &mut Desk, domain: DomainId, input: NewUser) -> UserId {
    let id = UserId::new(desk.new_id());
    let command = users::create(desk, id, domain, &input).await.unwrap();
    desk.execute::<User>(id.uuid(), command).await.unwrap();
    id
}

pub(crate) async fn group(desk: &mut Desk, domain: DomainId, short_name: &str, customer: &str) -> GroupId {
    let (short_name, name) = (short_name.to_owned(), short_name.to_owned());
    let input = NewGroup { short_name, name, description: String::new(), customer: Some(customer.to_owned()) };
    let (id, command) = (desk.new_id(), groups::create(desk, domain, &input).await.unwrap());
    desk.execute::<Group>(id, command).await.unwrap();
    GroupId::new(id)
}

pub(crate) async fn join(desk: &mut Desk, domain: DomainId, group: GroupId, user: UserId) {
    let command = groups::add_member(desk, domain, group, Member::User(user)).await.unwrap();
    desk.execute::<Group>(group.uuid(), command).await.unwrap();
}

pub(crate) async fn grant_in(desk: &mut Desk, domain: DomainId, user: UserId, function: &str, customer: Option<&str>) {
    let named = NamedPermission { function: function.to_owned(), customer: customer.map(str::to_owned) };
    let permission = permissions::meant(desk, domain, &named).await.unwrap();
    permissions::grant(desk, domain, Member::User(user), permission).await.unwrap();
}

async fn issue_key_in(desk: &mut Desk, domain: DomainId, user: UserId, input: &ApiKeyInput) -> Zeroizing<String> {
    let new = input.meant(desk, domain).await.unwrap();
    let (command, shown) = api_keys::issue(desk, new).await.unwrap();
    desk.execute::<User>(user.uuid(), command).await.unwrap();
    Zeroizing::new(shown.reveal().to_owned())
}

/// A key for these networks, narrowed in no way.
pub(crate) fn key_from(sources: &[&str]) -> ApiKeyInput {
    ApiKeyInput {
        description: "tests".to_owned(),
        sources: sources.iter().map(|source| (*source).to_owned()).collect(),
        expiration_days: 90,
        read_only: false,
        functions: vec![],
        customers: vec![],
    }
}

/// Lets a user sign in with a password.
pub(crate) async fn set_password(idp: &Idp, user: UserId, password: &str, must_change: bool) {
    let typed = Zeroizing::new(password.to_owned());
    let hash = idp.passwords.hash(typed, idp.entropy.as_ref()).await.unwrap();
    tell(idp, user, UserCommand::SetPassword { hash, must_change }).await;
}

/// A command to a user.
pub(crate) async fn tell(idp: &Idp, user: UserId, command: UserCommand) {
    let mut desk = desk(idp).await;
    desk.execute::<User>(user.uuid(), command).await.unwrap();
    desk.commit().await.unwrap();
}

/// Gives a permission; no customer: for the root.
pub(crate) async fn grant(idp: &Idp, directory: &Directory, user: UserId, function: &str, customer: Option<&str>) {
    let mut desk = desk(idp).await;
    grant_in(&mut desk, directory.domain, user, function, customer).await;
    desk.commit().await.unwrap();
}

/// Takes a permission away.
pub(crate) async fn revoke(idp: &Idp, user: UserId, function: FunctionId, customer: CustomerId) {
    let mut desk = desk(idp).await;
    permissions::revoke(&mut desk, Member::User(user), Permission { function, customer }).await.unwrap();
    desk.commit().await.unwrap();
}

/// A new API key of a user.
pub(crate) async fn issue_key(idp: &Idp, user: UserId, sources: &[&str]) -> Zeroizing<String> {
    issue_narrow_key(idp, user, &key_from(sources)).await
}

/// The same with everything that can be said about a key.
pub(crate) async fn issue_narrow_key(idp: &Idp, user: UserId, input: &ApiKeyInput) -> Zeroizing<String> {
    let mut desk = desk(idp).await;
    let domain = references::domain(&mut desk, idp.config.domain().as_str()).await.unwrap().id;
    let key = issue_key_in(&mut desk, domain, user, input).await;
    desk.commit().await.unwrap();
    key
}

/// A new API key of a user that changes nothing, usable from everywhere.
pub(crate) async fn issue_read_only_key(idp: &Idp, user: UserId) -> Zeroizing<String> {
    issue_narrow_key(idp, user, &ApiKeyInput { read_only: true, ..key_from(&["0.0.0.0/0", "::/0"]) }).await
}

/// Makes a user in a story of its own.
pub(crate) async fn newcomer(idp: &Idp, directory: &Directory, input: NewUser) -> UserId {
    let mut desk = desk(idp).await;
    let id = user(&mut desk, directory.domain, input).await;
    desk.commit().await.unwrap();
    id
}
