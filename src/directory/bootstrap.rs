//! The first start: a domain with its root customer, the built-in functions, and the first administrator. One transaction, once
//! in the life of a database: it looks at the log, where nothing is ever deleted, not at what exists.

use super::{
    Desk, DirectoryError, Tools, builtin,
    customers::{self, NewCustomer},
    desk::looked_up,
    domains::{self, NewDomain},
    functions::{self, NewFunction},
    password_rules::OneTimePassword,
    permissions,
    users::{self, NewUser},
};
use crate::event_store::{Actor, Context, EventStore};
use aggregates::{
    customer::Customer,
    domain::Domain,
    function::Function,
    group::Member,
    ids::{CustomerId, DomainId, FunctionId, UserId},
    user::{User, UserCommand},
    values::{Permission, ShortName},
};
use std::collections::BTreeMap;
use zeroize::Zeroizing;

/// The user name of the first administrator.
pub const ADMIN: &str = "admin";

/// Who may sign in after the first start. To be shown on the terminal, once.
pub struct FirstAdministrator {
    /// The domain's short name.
    pub domain: String,
    /// The name to sign in with.
    pub user_name: &'static str,
    /// The password; it must be changed at the first sign-in.
    pub password: OneTimePassword,
}

/// Makes everything, unless anything was ever recorded in the directory.
///
/// # Errors
/// When the database is away; then nothing was made.
pub async fn bootstrap(
    store: &EventStore,
    tools: Tools,
    domain: &ShortName,
) -> Result<Option<FirstAdministrator>, DirectoryError> {
    let request_id = "bootstrap".to_owned();
    let reason = Some("first start".to_owned());
    let actor = Actor::System("system:bootstrap");
    let mut desk =
        Desk::open(store, tools, Context { actor, caller_ip: None, request_id, causation: None, reason }).await?;
    if !looked_up(projections::domains::is_unused(desk.lane().connection()).await)? {
        return Ok(None);
    }
    let (domain_id, root) = make_domain(&mut desk, domain).await?;
    let administrator = make_functions(&mut desk).await?;
    let password = OneTimePassword::draw(desk.tools().entropy.as_ref());
    let admin = make_admin(&mut desk, domain_id, &password).await?;
    let permission = Permission { function: administrator, customer: root };
    permissions::grant(&mut desk, domain_id, Member::User(admin), permission).await?;
    desk.commit().await?;
    Ok(Some(FirstAdministrator { domain: domain.to_string(), user_name: ADMIN, password }))
}

async fn make_domain(desk: &mut Desk, short_name: &ShortName) -> Result<(DomainId, CustomerId), DirectoryError> {
    let (domain, root) = (desk.new_id(), desk.new_id());
    let (short_name, name) = (short_name.to_string(), short_name.to_string());
    let command = domains::create(desk, &NewDomain { short_name: short_name.clone(), name: name.clone() }).await?;
    desk.execute::<Domain>(domain, command).await?;
    let input = NewCustomer { short_name, name, parent: None };
    let command = customers::create(desk, DomainId::new(domain), &input).await?;
    desk.execute::<Customer>(root, command).await?;
    Ok((DomainId::new(domain), CustomerId::new(root)))
}

/// Makes the built-in functions and answers with the administrator's role.
async fn make_functions(desk: &mut Desk) -> Result<FunctionId, DirectoryError> {
    let mut made: BTreeMap<&'static str, FunctionId> = BTreeMap::new();
    for (short_name, name, role) in builtin::FUNCTIONS {
        let id = FunctionId::new(desk.new_id());
        let (short, name) = ((*short_name).to_owned(), (*name).to_owned());
        let input = NewFunction { short_name: short, name, description: String::new(), role: *role };
        let command = functions::create(desk, &input).await?;
        desk.execute::<Function>(id.uuid(), command).await?;
        for child_id in made.iter().filter(|(child, _)| builtin::implies(short_name, child)).map(|(_, id)| *id) {
            let command = functions::add_child(desk, id, child_id).await?;
            desk.execute::<Function>(id.uuid(), command).await?;
        }
        made.insert(short_name, id);
    }
    let missing = || DirectoryError::Refused("there is no administrator's role".to_owned());
    made.remove(builtin::ADMINISTRATOR).ok_or_else(missing)
}

async fn make_admin(desk: &mut Desk, domain: DomainId, password: &OneTimePassword) -> Result<UserId, DirectoryError> {
    let id = UserId::new(desk.new_id());
    let name = Some("Administrator".to_owned());
    let input = NewUser { user_name: ADMIN.to_owned(), name, ..NewUser::default() };
    let command = users::create(desk, id, domain, &input).await?;
    desk.execute::<User>(id.uuid(), command).await?;
    let tools = desk.tools().clone();
    let typed = Zeroizing::new(password.reveal().to_owned());
    let hash = tools.passwords.hash(typed, tools.entropy.as_ref()).await.map_err(|_| DirectoryError::Busy)?;
    desk.execute::<User>(id.uuid(), UserCommand::SetPassword { hash, must_change: true }).await?;
    Ok(id)
}
