//! What requests are about: all of it belongs to acme, and is made for one request, so that none spoils another.

use super::callers::Stage;
use crate::evidence::support::{notary, settled};
use crate::support::{
    directory::{customer_below, desk, function_below, grant, group, issue_key, join, person, user},
    server::HOME,
    sessions,
};
use aggregates::ids::{GroupId, UserId};
use argus::pages::assets::stylesheet;
use std::sync::atomic::{AtomicU32, Ordering};

/// In every name that only acme may see.
pub(super) const CANARY: &str = "acme";

static NEXT: AtomicU32 = AtomicU32::new(1);

/// A name that nothing else has.
pub(super) fn fresh_name(of: &str) -> String {
    format!("{of}-{}", NEXT.fetch_add(1, Ordering::Relaxed))
}

/// The route with something real in the place of every variable, and in the query where a DELETE names its objects there.
pub(super) async fn path(stage: &Stage, method: &str, route: &str) -> String {
    if (method, route) == ("DELETE", "/useradmin/v2/permission") {
        return format!("{route}?permission={}", permission(stage).await);
    }
    if (method, route) == ("DELETE", "/useradmin/v2/membership") {
        return format!("{route}?membershipID={}", membership(stage).await);
    }
    if let Some(keys) = route.strip_suffix("/{first}/{second}") {
        return api_key(stage, keys).await;
    }
    let mut path = route.to_owned();
    for variable in variables(route) {
        path = path.replace(&format!("{{{variable}}}"), &object(stage, route, variable).await);
    }
    path + query(method, route)
}

/// The same with what does not exist.
pub(super) fn path_to_nothing(method: &str, route: &str) -> String {
    let path = variables(route).iter().fold(route.to_owned(), |path, variable| {
        let nothing = match *variable {
            "sessionIdentifier" | "grantIdentifier" => "0192f3c8-7d1e-7aa0-8a35-0fd3a8a1c001",
            _ => "nothing",
        };
        path.replace(&format!("{{{variable}}}"), nothing)
    });
    path + query(method, route)
}

/// What has to stand in the query.
fn query(method: &str, route: &str) -> &'static str {
    match (method, route) {
        ("DELETE", "/useradmin/v2/group/{shortNameOrID}/members") => "?subject=audrey",
        ("DELETE", "/useradmin/v2/function/{functionNameOrID}/children") => "?child=viewUsers",
        ("GET", "/authentication/v1/oauth/client/{idOrShortname}/diff") => "?from=1",
        ("GET", "/useradmin/v2/user/{shortNameOrID}/picture" | "/currentuser/v1/picture") => "?default=true",
        ("GET", "/audit/v1/consistency") => "?from=1",
        _ => "",
    }
}

/// The names between braces.
pub(super) fn variables(route: &str) -> Vec<&str> {
    route.split('{').skip(1).filter_map(|rest| rest.split('}').next()).collect()
}

async fn object(stage: &Stage, route: &str, variable: &str) -> String {
    let name = fresh_name(CANARY);
    let directory = &stage.server.directory;
    match variable {
        "file" if route.starts_with("/docs/") => "swagger-ui.css".to_owned(),
        "file" => stylesheet().trim_start_matches("/static/").to_owned(),
        "idOrShortname" if !route.contains("/function/") => {
            let client = stage.server.client(&name, |definition| definition.customer = Some(directory.acme)).await;
            if route.contains("/restore") {
                client.redefine(|definition| definition.hidden = true).await;
            }
            client.client_id()
        }
        "shortNameOrID" if route.contains("/group") && !route.contains("/subject") => {
            group_of_acme(stage, &name).await;
            name
        }
        "user" | "shortNameOrID" | "shortNameOrId" => {
            somebody(stage, &name).await;
            name
        }
        "sessionIdentifier" => {
            let user = somebody(stage, &name).await;
            sessions::start(&stage.server.idp, user, HOME).await;
            session_id(stage, user).await
        }
        // It is nobody's, and analysts hold it, so that the answer is about the customer.
        "function" | "functionNameOrID" | "idOrShortname" => {
            let name = fresh_name("function");
            let mut desk = desk(&stage.server.idp).await;
            function_below(&mut desk, "customerUser", &name).await;
            desk.commit().await.unwrap();
            name
        }
        "moment" => "1".to_owned(),
        "permissionID" => permission(stage).await,
        "position" => entry(stage, &name).await,
        "customer" | "idOrShortName" => {
            let mut desk = desk(&stage.server.idp).await;
            customer_below(&mut desk, directory.domain, "acme", &name).await;
            desk.commit().await.unwrap();
            name
        }
        other => unreachable!("say what {{{other}}} stands for"),
    }
}

/// A key below the route of a user's keys, or of the administrator's own.
async fn api_key(stage: &Stage, keys: &str) -> String {
    let (mut owner, name) = (stage.server.directory.admin, fresh_name(CANARY));
    if keys.contains("{user}") {
        owner = somebody(stage, &name).await;
    }
    let key = issue_key(&stage.server.idp, owner, &["127.0.0.1"]).await;
    let (prefix, _) = key.rsplit_once('/').unwrap();
    format!("{}/{prefix}", keys.replace("{user}", &name))
}

/// A user of acme who may sign in and nothing else.
async fn somebody(stage: &Stage, name: &str) -> UserId {
    let mut desk = desk(&stage.server.idp).await;
    let id = user(&mut desk, stage.server.directory.domain, person(name, name, Some("acme"))).await;
    desk.commit().await.unwrap();
    id
}

/// An entry of acme that is under a checkpoint.
async fn entry(stage: &Stage, name: &str) -> String {
    let user = somebody(stage, name).await;
    stage.server.audit().await;
    settled(&stage.server).await;
    notary(&stage.server, None).sign_now().await.unwrap();
    let sql = "SELECT position::text FROM events WHERE aggregate_id = $1 AND sequence = 1";
    sqlx::query_scalar(sql).bind(user.to_string()).fetch_one(&mut stage.server.at.owner().await).await.unwrap()
}

/// A permission of somebody for acme.
async fn permission(stage: &Stage) -> String {
    let user = somebody(stage, &fresh_name(CANARY)).await;
    grant(&stage.server.idp, &stage.server.directory, user, "customerUser", Some("acme")).await;
    let sql = "SELECT number::text FROM permissions WHERE subject_id = $1";
    sqlx::query_scalar(sql).bind(user.uuid()).fetch_one(&mut stage.server.at.owner().await).await.unwrap()
}

async fn group_of_acme(stage: &Stage, name: &str) -> GroupId {
    let mut desk = desk(&stage.server.idp).await;
    let id = group(&mut desk, stage.server.directory.domain, name, "acme").await;
    desk.commit().await.unwrap();
    id
}

/// The membership of somebody in a group of acme.
async fn membership(stage: &Stage) -> String {
    let group = group_of_acme(stage, &fresh_name(CANARY)).await;
    let somebody = somebody(stage, &fresh_name(CANARY)).await;
    let mut desk = desk(&stage.server.idp).await;
    join(&mut desk, stage.server.directory.domain, group, somebody).await;
    desk.commit().await.unwrap();
    let sql = "SELECT id::text FROM group_members WHERE group_id = $1";
    sqlx::query_scalar(sql).bind(group.uuid()).fetch_one(&mut stage.server.at.owner().await).await.unwrap()
}

async fn session_id(stage: &Stage, user: UserId) -> String {
    let sql = "SELECT id::text FROM sessions WHERE user_id = $1";
    sqlx::query_scalar(sql).bind(user.uuid()).fetch_one(&mut stage.server.at.owner().await).await.unwrap()
}
