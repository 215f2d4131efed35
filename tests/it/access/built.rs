//! A [`Plan`] carried out by real commands, with real credentials.

use super::plan::{Bound, CUSTOMERS, Change, FUNCTIONS, GROUPS, Plan, Rights, USER};
use crate::support::{
    directory::{customer_below, desk, function_below, group, issue_narrow_key, key_from, person, user},
    people::SESSION,
    relying_party::{RelyingParty, TOKEN},
    server::{Answer, HOME, TestServer, json as json_request, with},
    sessions,
};
use aggregates::{
    client::{Author, ClientCommand, Facts},
    customer::{Customer, CustomerCommand},
    function::{Function, FunctionCommand},
    group::{Group, GroupCommand, Member},
    ids::{CustomerId, FunctionId, GroupId, UserId},
    values::{FunctionNumbers, Permission},
};
use argus::directory::{Desk, functions, groups, permissions};
use axum::{body::Body, http::Request};
use serde_json::json;
use std::collections::BTreeSet;

/// The directory as it was built.
pub(super) struct Built<'a> {
    server: &'a TestServer,
    pub(super) plan: Plan,
    name: String,
    functions: Vec<FunctionId>,
    customers: Vec<CustomerId>,
    groups: Vec<GroupId>,
    user: UserId,
    client: RelyingParty,
}

/// How the user is known: a header and its value.
pub(super) type Credential = (&'static str, String);

impl<'a> Built<'a> {
    pub(super) async fn new(server: &'a TestServer, name: String, plan: Plan) -> Self {
        let domain = server.directory.domain;
        let mut desk = desk(&server.idp).await;
        let user = user(&mut desk, domain, person(&name, &name, Some("acme"))).await;
        let (mut functions, mut customers, mut groups) = (Vec::new(), Vec::new(), Vec::new());
        for at in 0..FUNCTIONS {
            functions.push(function_below(&mut desk, "customerUser", &format!("{name}-f{at}")).await);
        }
        for at in 0..CUSTOMERS {
            let parent = if at == 0 { "globex".to_owned() } else { format!("{name}-c{}", plan.parents[at]) };
            customers.push(customer_below(&mut desk, domain, &parent, &format!("{name}-c{at}")).await);
        }
        for at in 1..=GROUPS {
            groups.push(group(&mut desk, domain, &format!("{name}-g{at}"), "acme").await);
        }
        for (from, to) in &plan.implies {
            let command = functions::add_child(&mut desk, functions[*from], functions[*to]).await.unwrap();
            desk.execute::<Function>(functions[*from].uuid(), command).await.unwrap();
        }
        let member =
            |subject: usize| if subject == USER { Member::User(user) } else { Member::Group(groups[subject - 1]) };
        for (inner, outer) in &plan.members {
            let command = groups::add_member(&mut desk, domain, groups[*outer - 1], member(*inner)).await.unwrap();
            desk.execute::<Group>(groups[*outer - 1].uuid(), command).await.unwrap();
        }
        for (subject, function, customer) in &plan.granted {
            let permission = Permission { function: functions[*function], customer: customers[*customer] };
            permissions::grant(&mut desk, domain, member(*subject), permission).await.unwrap();
        }
        desk.commit().await.unwrap();
        let delegate = &plan.delegate;
        let client = server.client(&name, |definition| {
            definition.required_function = functions[delegate.required];
            definition.permission_scope = functions[delegate.scope];
            definition.customer = delegate.customer.map(|customer| customers[customer]);
        });
        let client = client.await;
        Self { server, plan, name, functions, customers, groups, user, client }
    }

    /// A session of the user's own.
    pub(super) async fn session(&self) -> String {
        sessions::start(&self.server.idp, self.user, HOME).await
    }

    /// A session that was narrowed from another.
    pub(super) async fn narrowed(&self, session: &str, bound: &Bound) -> String {
        let mut body = json!({});
        let lists = [("function", 'f', &bound.functions), ("customer", 'c', &bound.customers)];
        for (list, kind, places) in lists {
            if let Some(places) = places {
                body[list] = places.iter().map(|at| format!("{}-{kind}{at}", self.name)).collect();
            }
        }
        let request = json_request("POST", "/authentication/v1/session/constrain", &body);
        let answer = self.server.call(with("authorization", &format!("Bearer {session}"), request)).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()["data"]["credentials"]["requestCredentialsData"].as_str().unwrap().to_owned()
    }

    /// An API key.
    pub(super) async fn api_key(&self) -> String {
        let named = |kind: char, places: &Option<BTreeSet<usize>>| {
            places.iter().flatten().map(|at| format!("{}-{kind}{at}", self.name)).collect()
        };
        let Bound { functions, customers } = &self.plan.api_key;
        let mut input = key_from(&["127.0.0.1"]);
        (input.functions, input.customers) = (named('f', functions), named('c', customers));
        issue_narrow_key(&self.server.idp, self.user, &input).await.to_string()
    }

    /// A token that the client gets in a session, unless it may not.
    pub(super) async fn delegated(&self, session: &str) -> Option<String> {
        let browser = self.server.person(self.user, &self.name, "");
        browser.keep(SESSION, session);
        let answer = browser.get(&self.client.authorize_url(&[])).await;
        let Some(code) = answer.location_parameter("code") else {
            assert_eq!(answer.location_parameter("error").as_deref(), Some("access_denied"));
            return None;
        };
        let answer = self.client.call(TOKEN, &self.client.redemption(&code)).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        Some(answer.json()["access_token"].as_str().unwrap().to_owned())
    }

    /// Carries out a change, in the directory and in the plan.
    pub(super) async fn change(&mut self, change: Change) {
        let mut desk = desk(&self.server.idp).await;
        match change {
            Change::TakePermission(at) => self.take_permission(&mut desk, at).await,
            Change::TakeFunction(at) => {
                let Some(edge) = pick(&self.plan.implies, at) else { return };
                self.plan.implies.remove(&edge);
                let command = FunctionCommand::RemoveChild { child: self.functions[edge.1] };
                desk.execute::<Function>(self.functions[edge.0].uuid(), command).await.unwrap();
            }
            Change::LeaveGroup(at) => {
                let Some(edge) = pick(&self.plan.members, at) else { return };
                self.plan.members.remove(&edge);
                let command = GroupCommand::RemoveMember { member: self.member(edge.0) };
                desk.execute::<Group>(self.groups[edge.1 - 1].uuid(), command).await.unwrap();
            }
            Change::DisableCustomer(at) => {
                if self.plan.disabled.insert(at) {
                    let command = CustomerCommand::Disable;
                    desk.execute::<Customer>(self.customers[at].uuid(), command).await.unwrap();
                }
            }
            Change::BindScope(at) => {
                drop(desk);
                return self.bind_scope(at).await;
            }
        }
        desk.commit().await.unwrap();
    }

    async fn take_permission(&mut self, desk: &mut Desk, at: usize) {
        let Some(taken) = pick(&self.plan.granted, at) else { return };
        self.plan.granted.remove(&taken);
        let permission = Permission { function: self.functions[taken.1], customer: self.customers[taken.2] };
        permissions::revoke(desk, self.member(taken.0), permission).await.unwrap();
    }

    async fn bind_scope(&mut self, at: usize) {
        self.plan.delegate.scope = at;
        let mut definition = self.server.definition_of(self.client.id).await;
        definition.permission_scope = self.functions[at];
        let facts = Facts { short_name_taken: false, author: Author::Operator };
        let command = ClientCommand::Redefine { definition: Box::new(definition), facts };
        self.server.tell_client(self.client.id, command).await;
    }

    fn member(&self, subject: usize) -> Member {
        if subject == USER { Member::User(self.user) } else { Member::Group(self.groups[subject - 1]) }
    }
}

/// The one at that place, counted round and round.
fn pick<T: Copy>(all: &BTreeSet<T>, at: usize) -> Option<T> {
    all.iter().copied().nth(at.checked_rem(all.len())?)
}

impl Built<'_> {
    async fn get(&self, (header, value): &Credential, path: &str) -> Answer {
        let request = Request::get(format!("/authentication/v1/session/{path}")).body(Body::empty()).unwrap();
        self.server.call(with(header, value, request)).await
    }

    /// The functions or customers of the plan that are listed.
    async fn listed(&self, credential: &Credential, list: &str, (key, kind): (&str, char)) -> BTreeSet<usize> {
        let body = self.get(credential, list).await.json();
        let names = body["data"].as_array().unwrap().iter().map(|one| one[key].as_str().unwrap());
        names.map(|name| name.strip_prefix(&format!("{}-{kind}", self.name)).unwrap().parse().unwrap()).collect()
    }

    async fn may(&self, credential: &Credential, what: &str) -> bool {
        let status = self.get(credential, &format!("permission/{what}")).await.status;
        assert!([200, 403].contains(&status), "{status}");
        status == 200
    }

    /// The functions that the last token was recorded with.
    pub(super) async fn recorded(&self) -> BTreeSet<usize> {
        let sql = "SELECT payload #>> '{code_redeemed,basis,functions}' FROM events
            WHERE event_type = 'grant.code_redeemed' ORDER BY position DESC LIMIT 1";
        let mut owner = self.server.at.owner().await;
        let text: String = sqlx::query_scalar(sql).fetch_one(&mut owner).await.unwrap();
        let numbers: Vec<i64> = text.parse::<FunctionNumbers>().unwrap().iter().collect();
        let sql = "SELECT short_name FROM functions WHERE number = ANY($1)";
        let names: Vec<String> = sqlx::query_scalar(sql).bind(&numbers).fetch_all(&mut owner).await.unwrap();
        assert_eq!(names.len(), numbers.len());
        names.iter().map(|name| name.strip_prefix(&format!("{}-f", self.name)).unwrap().parse().unwrap()).collect()
    }

    /// What a credential may do, as the server says it in four ways that agree; none when it does not work.
    pub(super) async fn rights_of(&self, credential: &Credential) -> Option<Rights> {
        let status = self.get(credential, "function").await.status;
        if status == 401 {
            return None;
        }
        let mut found = Rights::new();
        for function in 0..FUNCTIONS {
            let name = format!("{}-f{function}", self.name);
            for customer in 0..CUSTOMERS {
                if self.may(credential, &format!("{name}/{}-c{customer}", self.name)).await {
                    found.insert((function, customer));
                }
            }
            let somewhere = found.iter().any(|(held, _)| *held == function);
            assert_eq!(self.may(credential, &name).await, somewhere, "{name} for some customer");
        }
        let functions = self.listed(credential, "function", ("name", 'f')).await;
        assert_eq!(functions, found.iter().map(|(function, _)| *function).collect());
        let customers = self.listed(credential, "customer", ("shortName", 'c')).await;
        assert_eq!(customers, found.iter().map(|(_, customer)| *customer).collect());
        Some(found)
    }
}
