//! Every way of taking something away, each with people, places and a client of its own.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use super::{
    node::{Node, World},
    party::{Party, define, definition},
};
use crate::support::{
    directory::{
        customer_below, desk, function_below, grant_in, group, issue_key, join, operator, person, revoke, tell, user,
    },
    relying_party::ranges,
};
use aggregates::{
    client::{Author, Client, ClientAuthentication, ClientCommand, Definition, Facts},
    customer::{Customer, CustomerCommand},
    function::{Function, FunctionCommand},
    group::{Group, GroupCommand, Member},
    ids::{ClientId, CustomerId, FunctionId, GroupId, SessionId, UserId},
    user::UserCommand,
    values::{Permission, SecretHash},
};
use argus::{
    directory::{functions, groups, permissions},
    http::{Idp, client_authentication::sha256_hex},
    tokens::Presented,
};
use serde_json::json;

/// Of a password that nobody has.
const PASSWORD_HASH: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// What is taken away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    SignOut,
    SessionEviction,
    EndOfAllSessions,
    RevokedToken,
    BlockedUser,
    ChangedPassword,
    DeletedClient,
    DisabledClient,
    ChangedClientAuthentication,
    ChangedPermissionScope,
    ChangedRequiredFunction,
    ChangedAddressRange,
    TakenPermission,
    FunctionTakenFromRole,
    LeftGroup,
    RevokedApiKey,
    DisabledCustomer,
}

pub(super) const KINDS: &[Kind] = &[
    Kind::SignOut,
    Kind::SessionEviction,
    Kind::EndOfAllSessions,
    Kind::RevokedToken,
    Kind::BlockedUser,
    Kind::ChangedPassword,
    Kind::DeletedClient,
    Kind::DisabledClient,
    Kind::ChangedClientAuthentication,
    Kind::ChangedPermissionScope,
    Kind::ChangedRequiredFunction,
    Kind::ChangedAddressRange,
    Kind::TakenPermission,
    Kind::FunctionTakenFromRole,
    Kind::LeftGroup,
    Kind::RevokedApiKey,
    Kind::DisabledCustomer,
];

/// What the other instance is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Probe {
    /// Who the session is.
    Session,
    /// Who the access token is.
    Userinfo,
    /// Whether the session may do something.
    Right,
    /// Whether the access token may do it.
    DelegatedRight,
    /// Who the API key is.
    ApiKey,
    /// A code for the client, which the portal wants for the session's user.
    Code,
}

impl Kind {
    /// What works until then, and not after.
    pub(super) const fn probes(self) -> &'static [Probe] {
        match self {
            Self::SignOut | Self::SessionEviction | Self::EndOfAllSessions | Self::ChangedPassword => {
                &[Probe::Userinfo, Probe::Session]
            }
            Self::BlockedUser => &[Probe::Userinfo, Probe::ApiKey, Probe::Session, Probe::Code],
            Self::DisabledCustomer => &[Probe::Userinfo, Probe::ApiKey, Probe::Session],
            Self::TakenPermission | Self::FunctionTakenFromRole | Self::LeftGroup => {
                &[Probe::Right, Probe::DelegatedRight, Probe::Code]
            }
            Self::DeletedClient | Self::DisabledClient | Self::ChangedRequiredFunction => {
                &[Probe::Userinfo, Probe::DelegatedRight, Probe::Code]
            }
            Self::RevokedToken | Self::ChangedClientAuthentication | Self::ChangedAddressRange => {
                &[Probe::Userinfo, Probe::DelegatedRight]
            }
            Self::ChangedPermissionScope => &[Probe::DelegatedRight],
            Self::RevokedApiKey => &[Probe::ApiKey],
        }
    }

    /// What does not work again when it is given back. Whoever is signed in still may authorize a client that was enabled again.
    pub(super) const fn ended_for_good(self) -> &'static [Probe] {
        match self {
            kind if kind.is_live() => &[],
            Self::DisabledClient => &[Probe::Userinfo, Probe::DelegatedRight],
            kind => kind.probes(),
        }
    }

    /// Whether what is given back works with the credentials from before. Elsewhere nothing revives them.
    pub(super) const fn is_live(self) -> bool {
        matches!(
            self,
            Self::ChangedPermissionScope
                | Self::ChangedRequiredFunction
                | Self::ChangedAddressRange
                | Self::TakenPermission
                | Self::FunctionTakenFromRole
                | Self::LeftGroup
                | Self::DisabledCustomer
        )
    }
}

/// A user of a customer with a role that implies a function, and a client for those who hold the function.
pub(super) struct Scene {
    kind: Kind,
    name: String,
    user: UserId,
    customer: CustomerId,
    group: GroupId,
    role: FunctionId,
    function: FunctionId,
    client: ClientId,
    party: Party,
    held: Option<Held>,
}

/// Credentials that work until something is taken away.
struct Held {
    session: String,
    access: String,
    refresh: String,
    api_key: String,
}

impl Scene {
    pub(super) async fn set(world: &World, node: &Node, kind: Kind) -> Self {
        let name = format!("{kind:?}").to_lowercase();
        let domain = world.directory.domain;
        let mut desk = desk(&node.idp).await;
        let customer = customer_below(&mut desk, domain, "acme", &name).await;
        let user = user(&mut desk, domain, person(&name, &name, Some(&name))).await;
        let role = function_below(&mut desk, "administrator", &format!("{name}-role")).await;
        let function = function_below(&mut desk, &format!("{name}-role"), &name).await;
        let group = group(&mut desk, domain, &name, &name).await;
        if kind == Kind::LeftGroup {
            join(&mut desk, domain, group, user).await;
            let permission = Permission { function: role, customer };
            permissions::grant(&mut desk, domain, Member::Group(group), permission).await.unwrap();
        } else {
            grant_in(&mut desk, domain, user, &format!("{name}-role"), Some(&name)).await;
        }
        desk.commit().await.unwrap();
        let (client, party) = client(world, node, &name, &name).await;
        Self { kind, name, user, customer, group, role, function, client, party, held: None }
    }

    /// Makes what is needed to use what there is.
    pub(super) async fn give(&mut self, world: &World, node: &Node) {
        match self.kind {
            kind if kind.is_live() && self.held.is_some() => return,
            Kind::DeletedClient if self.held.is_some() => {
                let short_name = format!("{}-{}", self.name, self.client);
                (self.client, self.party) = client(world, node, &short_name, &self.name).await;
            }
            _ => {}
        }
        let session = node.session_of(self.user).await;
        let tokens = self.party.at(&node.url).tokens(&session).await;
        let (access, refresh) = (tokens.text("access_token").to_owned(), tokens.text("refresh_token").to_owned());
        let api_key = if self.kind.probes().contains(&Probe::ApiKey) {
            issue_key(&node.idp, self.user, &["127.0.0.1"]).await.to_string()
        } else {
            String::new()
        };
        self.held = Some(Held { session, access, refresh, api_key });
    }

    /// The client with the refresh token that it was given.
    pub(super) fn family(&self) -> (Party, String) {
        (self.party.clone(), self.held.as_ref().unwrap().refresh.clone())
    }

    /// Gives back what was taken.
    pub(super) async fn give_back(&self, world: &World, node: &Node) {
        let (idp, permission) = (&node.idp, Permission { function: self.role, customer: self.customer });
        match self.kind {
            Kind::SignOut
            | Kind::SessionEviction
            | Kind::EndOfAllSessions
            | Kind::RevokedToken
            | Kind::ChangedPassword
            | Kind::DeletedClient
            | Kind::RevokedApiKey => {}
            Kind::BlockedUser => tell(idp, self.user, UserCommand::Unblock).await,
            Kind::DisabledClient
            | Kind::ChangedClientAuthentication
            | Kind::ChangedPermissionScope
            | Kind::ChangedRequiredFunction
            | Kind::ChangedAddressRange => {
                self.redefine(idp, |definition| {
                    definition.disabled = false;
                    definition.authentication = ClientAuthentication::None;
                    definition.permission_scope = self.role;
                    definition.required_function = self.function;
                    definition.ip_ranges = ranges(&["127.0.0.0/8"]);
                })
                .await
            }
            Kind::TakenPermission => {
                let mut desk = desk(idp).await;
                permissions::grant(&mut desk, world.directory.domain, Member::User(self.user), permission)
                    .await
                    .unwrap();
                desk.commit().await.unwrap();
            }
            Kind::FunctionTakenFromRole => {
                let mut desk = desk(idp).await;
                let command = functions::add_child(&mut desk, self.role, self.function).await.unwrap();
                desk.execute::<Function>(self.role.uuid(), command).await.unwrap();
                desk.commit().await.unwrap();
            }
            Kind::LeftGroup => {
                let mut desk = desk(idp).await;
                let member = Member::User(self.user);
                let command = groups::add_member(&mut desk, world.directory.domain, self.group, member).await.unwrap();
                desk.execute::<Group>(self.group.uuid(), command).await.unwrap();
                desk.commit().await.unwrap();
            }
            Kind::DisabledCustomer => self.tell_customer(idp, CustomerCommand::Enable).await,
        }
    }

    /// Takes it away; over when that is acknowledged.
    pub(super) async fn take(&self, world: &World, node: &Node) {
        let (idp, held) = (&node.idp, self.held.as_ref().unwrap());
        match self.kind {
            Kind::SignOut => {
                assert_eq!(self.party.at(&node.url).sign_out(&held.session).await.unwrap().status, 200);
            }
            Kind::RevokedToken => {
                assert_eq!(self.party.at(&node.url).revoke(&held.access).await.unwrap().status, 200);
            }
            Kind::SessionEviction => {
                let id = Presented::<SessionId>::session(&idp.tokens, &held.session).unwrap().id;
                self.delete(world, node, &format!("session/{id}")).await;
            }
            Kind::EndOfAllSessions => self.delete(world, node, &format!("user/{}/sessions", self.name)).await,
            Kind::DeletedClient => self.delete(world, node, &format!("oauth/client/{}", self.client)).await,
            Kind::DisabledClient => self.redefine(idp, |definition| definition.disabled = true).await,
            Kind::BlockedUser => tell(idp, self.user, UserCommand::Block).await,
            Kind::ChangedPassword => {
                let hash = PASSWORD_HASH.parse().unwrap();
                tell(idp, self.user, UserCommand::SetPassword { hash, must_change: false }).await;
            }
            Kind::RevokedApiKey => {
                let prefix = held.api_key.rsplit_once('/').unwrap().0.parse().unwrap();
                tell(idp, self.user, UserCommand::RevokeApiKey { prefix }).await;
            }
            Kind::ChangedClientAuthentication => {
                let secret = SecretHash::Sha256(sha256_hex("of no use"));
                self.redefine(idp, |it| it.authentication = ClientAuthentication::Password { secret }).await;
            }
            Kind::ChangedPermissionScope => {
                let traffic = world.directory.function("traffic");
                self.redefine(idp, |definition| definition.permission_scope = traffic).await;
            }
            Kind::ChangedRequiredFunction => {
                let traffic = world.directory.function("traffic");
                self.redefine(idp, |definition| definition.required_function = traffic).await;
            }
            Kind::ChangedAddressRange => {
                let elsewhere = ranges(&["192.0.2.0/24"]);
                self.redefine(idp, |definition| definition.ip_ranges = elsewhere).await;
            }
            Kind::TakenPermission => {
                revoke(idp, self.user, self.role, self.customer).await;
            }
            Kind::FunctionTakenFromRole => {
                let mut desk = desk(idp).await;
                let command = FunctionCommand::RemoveChild { child: self.function };
                desk.execute::<Function>(self.role.uuid(), command).await.unwrap();
                desk.commit().await.unwrap();
            }
            Kind::LeftGroup => {
                let mut desk = desk(idp).await;
                let command = GroupCommand::RemoveMember { member: Member::User(self.user) };
                desk.execute::<Group>(self.group.uuid(), command).await.unwrap();
                desk.commit().await.unwrap();
            }
            Kind::DisabledCustomer => self.tell_customer(idp, CustomerCommand::Disable).await,
        }
    }

    /// The administrator's script ends something.
    async fn delete(&self, world: &World, node: &Node, path: &str) {
        let request = self.party.http().delete(format!("{}/authentication/v1/{path}", node.url));
        let request = request.header("Argus-API-Key", world.directory.admin_key.as_str());
        assert_eq!(request.send().await.unwrap().status(), 200);
    }

    async fn tell_customer(&self, idp: &Idp, command: CustomerCommand) {
        let mut desk = desk(idp).await;
        desk.execute::<Customer>(self.customer.uuid(), command).await.unwrap();
        desk.commit().await.unwrap();
    }

    async fn redefine(&self, idp: &Idp, change: impl FnOnce(&mut Definition)) {
        let mut desk = desk(idp).await;
        let loaded = desk.lane().load::<Client>(self.client.uuid()).await.unwrap();
        let mut definition = loaded.aggregate.definition().unwrap().clone();
        change(&mut definition);
        let facts = Facts { short_name_taken: false, author: Author::Operator };
        let command = ClientCommand::Redefine { definition: Box::new(definition), facts };
        let lane = desk.lane();
        lane.execute::<Client>(self.client.uuid(), command, &operator()).await.unwrap();
        desk.commit().await.unwrap();
    }

    /// Whether it works there; neither yes nor no is a failure.
    pub(super) async fn ask(&self, node: &Node, probe: Probe) -> bool {
        let held = self.held.as_ref().unwrap();
        let right = format!("session/permission/{}/{}", self.name, self.name);
        let get = |path: &str| self.party.http().get(format!("{}/authentication/v1/{path}", node.url));
        let request = match probe {
            Probe::Session => get("session").bearer_auth(&held.session),
            Probe::Userinfo => get("oauth/userinfo").bearer_auth(&held.access),
            Probe::Right => get(&right).bearer_auth(&held.session),
            Probe::DelegatedRight => get(&right).bearer_auth(&held.access),
            Probe::ApiKey => get("session").header("Argus-API-Key", &held.api_key),
            Probe::Code => {
                let status = self.party.at(&node.url).authorize_in_portal(&held.session).await.unwrap().status;
                assert!([201, 401, 403, 412].contains(&status), "{:?}, {probe:?}: {status}", self.kind);
                return status == 201;
            }
        };
        let status = request.send().await.unwrap().status().as_u16();
        assert!([200, 401, 403].contains(&status), "{:?}, {probe:?}: {status}", self.kind);
        status == 200
    }
}

/// A client without a secret, for holders of the function.
async fn client(world: &World, node: &Node, short_name: &str, function: &str) -> (ClientId, Party) {
    let mut fields = definition(short_name, None);
    fields["requiredFunction"] = json!(function);
    fields["permissionScope"] = json!(format!("{function}-role"));
    let answer = define(node, &world.directory.admin_key, &fields).await;
    assert_eq!(answer.status, 201, "{:?}", answer.body);
    let id = answer.body["data"]["id"].as_str().unwrap().parse().unwrap();
    (id, Party::known_as(node, short_name))
}
