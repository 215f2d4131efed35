//! `GET /docs/api/openapi.json`: the API described, from the handlers and their types.
//!
//! A handler that belongs to the API has, below its doc comment (first line: summary; the rest: description),
//!
//! ```text
//! #[utoipa::path(put, path = "/useradmin/v2/group/{group}", params(("group" = String, Path, description = "Id or short name.")),
//!     request_body = GroupFields,
//!     responses((status = 200, description = "Changed.", body = Envelope<Group>), ArgusError))]
//! ```
//!
//! and stands in the list below. The path is the one of the route table; a query is a struct that derives `IntoParams`; `Envelope<T>`
//! is the reply with one object, `Envelope<Vec<T>>` a list; [`ArgusError`] or [`OAuthError`](crate::http::OAuthError) stands for
//! every error. Who may call is said once, in `credentials`: a call that asks for something else says `security(...)`. Operation ids
//! and tags follow from the path (`names`), that bodies are read strictly is added to each (`strict`): no `null`, no unknown field, and
//! to each change the header that gives its reason (`reasons`).
//! `tests/it/openapi.rs` compares the description with the route table.

mod credentials;
mod names;
mod reasons;
mod strict;

use crate::{
    endpoints::{
        api_key, audit, authentication_events, client_info, current_user, customers, evidence, functions, health,
        oauth, oauth_client, own_password, password_authentication, people, permissions, picture, session, sessions,
        user_authentication,
    },
    http::{Envelope, OAuthErrorBody, envelope::Nothing},
};
use axum::Json;
use credentials::Credentials;
use names::Names;
use reasons::Reasons;
use std::sync::LazyLock;
use strict::Strict;
use utoipa::{OpenApi, openapi};

#[derive(OpenApi)]
#[openapi(
    info(title = "Argus identity provider", version = "1", description = "OAuth 2.0, OpenID Connect and the Argus API."),
    modifiers(&Credentials, &Names, &Strict, &Reasons),
    components(schemas(Envelope<Nothing>, OAuthErrorBody)),
    paths(
        oauth::discovery::get,
        oauth::keys::get,
        oauth::token::verify::get,
        oauth::token::post,
        oauth::introspect::post,
        oauth::revoke::post,
        oauth::userinfo::get,
        oauth::authorize::post,
        people::picture::get,
        people::picture::put,
        current_user::picture::get,
        current_user::picture::put,
        people::permissions::of_user,
        people::permissions::of_group,
        people::users::get,
        people::users::post,
        people::users::search,
        people::user::get,
        people::user::put,
        people::user::delete,
        people::user::move_to,
        people::user::reenable,
        people::groups::get,
        people::groups::post,
        people::groups::search,
        people::group::get,
        people::group::put,
        people::group::delete,
        people::group::move_to,
        people::group::reenable,
        people::members::get,
        people::members::post,
        people::members::delete,
        people::memberships::get,
        people::memberships::delete,
        people::memberships::search,
        people::subjects::get,
        people::subjects::search,
        people::subject::get,
        people::subject::post,
        people::basic::list_users,
        people::basic::search_users,
        people::basic::user,
        people::basic::list_groups,
        people::basic::search_groups,
        people::basic::group,
        people::basic::list_subjects,
        people::basic::search_subjects,
        people::basic::subject,
        people::basic::groups_of_subject,
        oauth_client::collection::get,
        oauth_client::collection::post,
        oauth_client::search::post,
        oauth_client::client::get,
        oauth_client::client::put,
        oauth_client::client::delete,
        oauth_client::history::get,
        oauth_client::history::at,
        oauth_client::diff::get,
        oauth_client::who_can::get,
        oauth_client::preview::post,
        oauth_client::restore::post,
        oauth_client::restore::preview,
        picture::get,
        password_authentication::post,
        password_authentication::legacy,
        session::get,
        session::delete,
        session::constrain::post,
        session::customer::get,
        session::function::get,
        session::permission::any,
        session::permission::one,
        session::evict::delete,
        sessions::own,
        sessions::get,
        sessions::delete,
        current_user::user::get,
        current_user::groups::get,
        current_user::customers::get,
        current_user::functions::get,
        current_user::permissions::get,
        functions::collection::get,
        functions::collection::post,
        functions::collection::search,
        functions::function::get,
        functions::function::put,
        functions::function::delete,
        functions::children::get,
        functions::children::post,
        functions::children::delete,
        functions::parents::get,
        functions::mapping::get,
        functions::mapping::search,
        functions::basic::get,
        functions::basic::search,
        functions::basic::one,
        permissions::collection::get,
        permissions::collection::post,
        permissions::collection::delete,
        permissions::bulk::post,
        permissions::search::post,
        permissions::permission::delete,
        customers::collection::get,
        customers::collection::post,
        customers::search::post,
        customers::customer::get,
        customers::customer::put,
        customers::status::disable,
        customers::status::reenable,
        customers::place::put,
        customers::domain::get,
        audit::entries::get,
        audit::export::get,
        audit::entry::get,
        evidence::proof::get,
        evidence::checkpoints::newest_note,
        evidence::checkpoints::get,
        evidence::consistency::get,
        api_key::collection::get,
        api_key::collection::post,
        api_key::key::put,
        api_key::key::delete,
        user_authentication::api_key::list,
        user_authentication::api_key::post,
        user_authentication::api_key::put,
        user_authentication::api_key::delete,
        user_authentication::status::get,
        user_authentication::block::block,
        user_authentication::block::unblock,
        user_authentication::methods::get,
        user_authentication::methods::own,
        user_authentication::methods::current,
        authentication_events::own::get,
        authentication_events::user::get,
        authentication_events::customer::get,
        own_password::change::put,
        own_password::change::current,
        own_password::test::put,
        client_info::client,
        client_info::methods,
        session::logout,
        health::health,
        health::ready,
        health::metrics,
    )
)]
struct Description;

static DESCRIPTION: LazyLock<openapi::OpenApi> = LazyLock::new(Description::openapi);

/// The whole description.
pub(super) async fn get() -> Json<&'static openapi::OpenApi> {
    Json(&DESCRIPTION)
}
