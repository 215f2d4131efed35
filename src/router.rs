//! The route table: every URL, method and handler. Nothing else.

mod openapi;

use crate::{
    endpoints::{
        api_key, audit, authentication_events, client_info, current_user, customers, evidence, functions, health,
        oauth, oauth_client, own_password, password_authentication, people, permissions, picture, session, sessions,
        user_authentication,
    },
    http::{Idp, known_host, layers, refused_calls},
    pages::{api_reference, assets, authorize, fallback, headers, login, logout, own_forms, password, portal},
};
use axum::{
    Router,
    middleware::from_fn_with_state,
    routing::{MethodRouter, delete, get, post, put},
};

/// The whole server as a service.
pub fn router(idp: Idp) -> Router {
    let routes = pages()
        .route_layer(own_forms::layer(&idp))
        .merge(oauth())
        .merge(argus())
        .merge(sessions())
        .merge(administration())
        .merge(people())
        .merge(credentials())
        .merge(functions())
        .merge(permissions())
        .merge(customers())
        .merge(operators())
        .merge(docs())
        .fallback(fallback::not_found)
        .method_not_allowed_fallback(fallback::method_not_allowed);
    let secured = layers::net(routes)
        .layer(from_fn_with_state(idp.clone(), refused_calls::watch))
        .layer(from_fn_with_state(idp.clone(), known_host::check))
        .layer(from_fn_with_state(idp.clone(), headers::secure));
    layers::around(secured, idp)
}

/// For people.
fn pages() -> Router<Idp> {
    Router::new()
        .route("/", get(portal::get))
        .route("/login", get(login::get).post(login::post))
        .route("/logout", without_head(get(logout::get).post(logout::post)))
        .route("/password", get(password::get).post(password::post))
        .route(assets::ROUTE, get(assets::get))
}

/// Where a HEAD would do what a GET does, such as issue a code, and nobody would get what came of it.
fn without_head(routes: MethodRouter<Idp>) -> MethodRouter<Idp> {
    routes.head(fallback::only_get_and_post).fallback(fallback::only_get_and_post)
}

/// OAuth 2.0 and OpenID Connect. Other sites send people to the authorization endpoint, with forms as well.
fn oauth() -> Router<Idp> {
    Router::new()
        .route("/oauth2/authorize", without_head(get(authorize::get).post(authorize::post)))
        .route("/.well-known/openid-configuration", get(oauth::discovery::get))
        .route("/.well-known/oauth-authorization-server", get(oauth::discovery::get))
        .route("/oauth2/keys", get(oauth::keys::get))
        .route("/authentication/v1/oauth/token", without_head(get(oauth::token::get).post(oauth::token::post)))
        .route("/authentication/v1/oauth/token/introspect", post(oauth::introspect::post))
        .route("/authentication/v1/oauth/token/revoke", post(oauth::revoke::post))
        .route("/authentication/v1/oauth/userinfo", get(oauth::userinfo::get).post(oauth::userinfo::get))
}

/// The Argus API.
fn argus() -> Router<Idp> {
    Router::new()
        .route("/authentication/v1/oauth/authorize", post(oauth::authorize::post))
        .route("/authentication/v1/oauth/client", get(oauth_client::get).post(oauth_client::post))
        .route("/authentication/v1/oauth/client/search", post(oauth_client::search::post))
        .route(
            "/authentication/v1/oauth/client/{idOrShortname}",
            get(oauth_client::client::get).put(oauth_client::client::put).delete(oauth_client::client::delete),
        )
        .route("/authentication/v1/oauth/client/{idOrShortname}/history", get(oauth_client::history::get))
        .route("/authentication/v1/oauth/client/{idOrShortname}/history/{moment}", get(oauth_client::history::at))
        .route("/authentication/v1/oauth/client/{idOrShortname}/diff", get(oauth_client::diff::get))
        .route("/authentication/v1/oauth/client/{idOrShortname}/who-can", get(oauth_client::who_can::get))
        .route("/authentication/v1/oauth/client/{idOrShortname}/preview", post(oauth_client::preview::post))
        .route("/authentication/v1/oauth/client/{idOrShortname}/restore", post(oauth_client::restore::post))
        .route("/authentication/v1/oauth/client/{idOrShortname}/restore/preview", post(oauth_client::restore::preview))
        .route("/authentication/v1/password/authentication", post(password_authentication::post))
        .route("/audit/v1/entries", get(audit::entries::get))
        .route("/audit/v1/entries/export", get(audit::export::get))
        .route("/audit/v1/entries/{position}", get(audit::entry::get))
        .route("/audit/v1/entries/{position}/proof", get(evidence::proof::get))
        .route("/audit/v1/checkpoint", get(evidence::checkpoints::newest_note))
        .route("/audit/v1/checkpoints", get(evidence::checkpoints::get))
        .route("/audit/v1/consistency", get(evidence::consistency::get))
}

/// What a session may do, who is signed in, and what callers learn of themselves.
fn sessions() -> Router<Idp> {
    Router::new()
        .route("/authentication/v1/session", get(session::get).delete(session::delete))
        .route("/authentication/v1/session/constrain", post(session::constrain::post))
        .route("/authentication/v1/session/customer", get(session::customer::get))
        .route("/authentication/v1/session/function", get(session::function::get))
        .route("/authentication/v1/session/permission/{function}", get(session::permission::any))
        .route("/authentication/v1/session/permission/{function}/{customer}", get(session::permission::one))
        .route("/authentication/v1/session/{sessionIdentifier}", delete(session::evict::delete))
        .route("/authentication/v1/sessions", get(sessions::own))
        .route("/authentication/v1/user/{user}/sessions", get(sessions::get).delete(sessions::delete))
        .route("/currentuser/v1/user", get(current_user::user::get))
        .route("/currentuser/v1/picture", get(current_user::picture::get).put(current_user::picture::put))
        .route("/currentuser/v1/groups", get(current_user::groups::get))
        .route("/currentuser/v1/customers", get(current_user::customers::get))
        .route("/currentuser/v1/functions", get(current_user::functions::get))
        .route("/currentuser/v1/permissions", get(current_user::permissions::get))
        .route("/currentuser/v1/permission/{function}/{customer}", get(session::permission::one))
}

/// Functions and roles, and which implies which.
fn functions() -> Router<Idp> {
    Router::new()
        .route("/useradmin/v2/function", get(functions::collection::get).post(functions::collection::post))
        .route("/useradmin/v2/function/search", post(functions::collection::search))
        .route(
            "/useradmin/v2/function/{functionNameOrID}",
            get(functions::function::get).put(functions::function::put).delete(functions::function::delete),
        )
        .route(
            "/useradmin/v2/function/{functionNameOrID}/children",
            get(functions::children::get).post(functions::children::post).delete(functions::children::delete),
        )
        .route("/useradmin/v2/function/{functionNameOrID}/parents", get(functions::parents::get))
        .route("/useradmin/v2/functionmapping", get(functions::mapping::get))
        .route("/useradmin/v2/functionmapping/search", post(functions::mapping::search))
        .route("/users/v2/function", get(functions::basic::get))
        .route("/users/v2/function/search", post(functions::basic::search))
        .route("/users/v2/function/{idOrShortname}", get(functions::basic::one))
}

/// Who holds which function for which customer.
fn permissions() -> Router<Idp> {
    Router::new()
        .route(
            "/useradmin/v2/permission",
            get(permissions::collection::get)
                .post(permissions::collection::post)
                .delete(permissions::collection::delete),
        )
        .route("/useradmin/v2/permission/bulk", post(permissions::bulk::post))
        .route("/useradmin/v2/permission/search", post(permissions::search::post))
        .route("/useradmin/v2/permission/{permissionID}", delete(permissions::permission::delete))
}

/// Customers, and the domains that they lie in.
fn customers() -> Router<Idp> {
    Router::new()
        .route("/customeradmin/v2/customer", get(customers::collection::get).post(customers::collection::post))
        .route("/customeradmin/v2/customer/search", post(customers::search::post))
        .route(
            "/customeradmin/v2/customer/{idOrShortName}",
            get(customers::customer::get).put(customers::customer::put),
        )
        .route("/customeradmin/v2/customer/{idOrShortName}/disable", put(customers::status::disable))
        .route("/customeradmin/v2/customer/{idOrShortName}/reenable", put(customers::status::reenable))
        .route("/customeradmin/v2/customer/{idOrShortName}/move", put(customers::place::put))
        .route("/customeradmin/v2/domain", get(customers::domain::get))
}

/// Users, groups and who is in them, for administrators.
fn administration() -> Router<Idp> {
    use people::{group, groups, members, memberships, subject, subjects, user, users};
    Router::new()
        .route("/useradmin/v2/user", get(users::get).post(users::post))
        .route("/useradmin/v2/user/search", post(users::search))
        .route("/useradmin/v2/user/{shortNameOrID}", get(user::get).put(user::put).delete(user::delete))
        .route("/useradmin/v2/user/{shortNameOrID}/move", put(user::move_to))
        .route("/useradmin/v2/user/{shortNameOrID}/reenable", put(user::reenable))
        .route("/useradmin/v2/user/{shortNameOrID}/permissions", get(people::permissions::of_user))
        .route("/useradmin/v2/group/{shortNameOrID}/permissions", get(people::permissions::of_group))
        .route("/useradmin/v2/user/{shortNameOrID}/picture", get(people::picture::get).put(people::picture::put))
        .route("/useradmin/v2/group", get(groups::get).post(groups::post))
        .route("/useradmin/v2/group/search", post(groups::search))
        .route("/useradmin/v2/group/{shortNameOrID}", get(group::get).put(group::put).delete(group::delete))
        .route("/useradmin/v2/group/{shortNameOrID}/move", put(group::move_to))
        .route("/useradmin/v2/group/{shortNameOrID}/reenable", put(group::reenable))
        .route(
            "/useradmin/v2/group/{shortNameOrID}/members",
            get(members::get).post(members::post).delete(members::delete),
        )
        .route("/useradmin/v2/membership", get(memberships::get).delete(memberships::delete))
        .route("/useradmin/v2/membership/search", post(memberships::search))
        .route("/useradmin/v2/subject", get(subjects::get))
        .route("/useradmin/v2/subject/search", post(subjects::search))
        .route("/useradmin/v2/subject/{shortNameOrId}", get(subject::get))
        .route("/useradmin/v2/subject/{shortNameOrId}/groups", post(subject::post))
}

/// Users and groups in few words, for everybody.
fn people() -> Router<Idp> {
    use people::basic;
    Router::new()
        .route("/users/v2/user", get(basic::list_users))
        .route("/users/v2/user/search", post(basic::search_users))
        .route("/users/v2/user/{shortNameOrID}", get(basic::user))
        .route("/users/v2/group", get(basic::list_groups))
        .route("/users/v2/group/search", post(basic::search_groups))
        .route("/users/v2/group/{shortNameOrID}", get(basic::group))
        .route("/users/v2/subject", get(basic::list_subjects))
        .route("/users/v2/subject/search", post(basic::search_subjects))
        .route("/users/v2/subject/{shortNameOrID}", get(basic::subject))
        .route("/users/v2/subject/{shortNameOrID}/groups", get(basic::groups_of_subject))
        .route("/users/v2/user/{shortNameOrID}/picture", get(picture::get))
}

/// How people and scripts prove who they are.
fn credentials() -> Router<Idp> {
    Router::new()
        .route("/authentication/v1/apikey", get(api_key::get).post(api_key::post))
        .route("/authentication/v1/apikey/{first}/{second}", put(api_key::key::put).delete(api_key::key::delete))
        .route("/authentication/v1/client", get(client_info::client))
        .route("/authentication/v1/methods", get(client_info::methods))
        .route("/authentication/v1/logout", delete(session::logout))
        .route("/authentication/v1/password", put(own_password::change::put))
        .route("/authentication/v1/password/test", put(own_password::test::put))
        .route("/authentication/v1/password/authenticate", post(password_authentication::legacy))
        .route("/currentuser/v1/password", put(own_password::change::current))
        .route("/authentication/v1/session/authmethods", get(user_authentication::methods::own))
        .route("/currentuser/v1/authmethods", get(user_authentication::methods::current))
        .route("/authentication/v1/events", get(authentication_events::own::get))
        .route("/authentication/v1/customer/events", get(authentication_events::customer::get))
        .route("/authentication/v1/user/{user}/events", get(authentication_events::user::get))
        .route("/authentication/v1/user/{user}/methods", get(user_authentication::methods::get))
        .route("/authentication/v1/user/{user}", get(user_authentication::status::get))
        .route("/authentication/v1/user/{user}/block", put(user_authentication::block::block))
        .route("/authentication/v1/user/{user}/unblock", put(user_authentication::block::unblock))
        .route(
            "/authentication/v1/user/{user}/apikey",
            get(user_authentication::api_key::list).post(user_authentication::api_key::post),
        )
        .route(
            "/authentication/v1/user/{user}/apikey/{first}/{second}",
            put(user_authentication::api_key::put).delete(user_authentication::api_key::delete),
        )
}

/// For whoever runs the server.
fn operators() -> Router<Idp> {
    Router::new()
        .route("/health", get(health::health))
        .route("/ready", get(health::ready))
        .route("/metrics", get(health::metrics))
}

/// The API described: for people, and for programs.
fn docs() -> Router<Idp> {
    Router::new()
        .route("/docs/api", get(api_reference::get))
        .route("/docs/api/openapi.json", get(openapi::get))
        .route("/docs/api/{file}", get(api_reference::file))
}
