//! `/useradmin/v2/user` and `/useradmin/v2/user/search`: list, make and find users.

use super::{
    authority::{Administrator, MANAGE_USERS},
    described::{SubjectCriteria, SubjectListQuery, Words},
    known::sight,
    person_fields::{UserFields, beginnings, person},
    search_input::{Asked, answer},
};
use crate::{
    directory::users::{self, ProfileChange},
    http::{
        ArgusError, Asking, Changing, Envelope, Fields, Idp, JsonBody, Reply, described_search::SearchOf,
        domain_or_own, search_fields::PageQuery, unknown_domain,
    },
};
use aggregates::{ids::UserId, user::UserCommand, values::Profile};
use axum::{extract::State, http::Uri};
use projections::{infos::SubjectType, subjects::Subject};

const ASKED: Asked = Asked { kind: Some(SubjectType::User), basic: false };

/// Lists users.
///
/// # Errors
/// 401; 403 for a caller who may not view users of anybody; 412.
#[utoipa::path(get, path = "/useradmin/v2/user", params(SubjectListQuery, PageQuery, Words),
    responses((status = 200, description = "A page of users.", body = Envelope<Vec<Subject>>), ArgusError))]
pub async fn get(State(idp): State<Idp>, Asking(caller): Asking, uri: Uri) -> Result<Reply, ArgusError> {
    let sight = sight(&idp, &caller, ASKED.kind).await?;
    answer(&idp, &sight, &ASKED.of_list(&uri)?, |user| user).await
}

/// Searches for users.
///
/// # Errors
/// 401; 403 for a caller who may not view users of anybody; 412.
#[utoipa::path(post, path = "/useradmin/v2/user/search", request_body = SearchOf<SubjectCriteria>,
    responses((status = 200, description = "A page of users.", body = Envelope<Vec<Subject>>), ArgusError))]
pub async fn search(State(idp): State<Idp>, Asking(caller): Asking, body: JsonBody) -> Result<Reply, ArgusError> {
    let sight = sight(&idp, &caller, ASKED.kind).await?;
    answer(&idp, &sight, &ASKED.of_search(body.fields())?, |user| user).await
}

/// Makes a user, who cannot sign in before an administrator has set a password: 201 with the user.
///
/// # Errors
/// 401; 403 for a caller who may not manage users of the customer; 412; 503.
#[utoipa::path(post, path = "/useradmin/v2/user", request_body = UserFields,
    responses((status = 201, description = "The user.", body = Envelope<Subject>), ArgusError))]
pub async fn post(State(idp): State<Idp>, Changing(caller): Changing, body: JsonBody) -> Result<Reply, ArgusError> {
    let sight = sight(&idp, &caller, ASKED.kind).await?;
    let new = NewUser::read(body.fields())?;
    let domain = domain_or_own(&idp, &caller, new.domain.as_deref()).await.map_err(unknown_domain)?;
    let id = UserId::new(idp.new_id());
    let mut administrator = Administrator::open(&idp, &caller, sight, None).await?;
    let customer = administrator.customer(domain, &new.customer, MANAGE_USERS).await?;
    let create = users::create_at(&mut administrator.desk, id, (domain, customer), &new.profile).await?;
    administrator.tell_user(id, create).await?;
    administrator.tell_user(id, UserCommand::MarkDaemon { daemon: new.daemon }).await?;
    Ok(Reply::created(administrator.close(id).await?))
}

struct NewUser {
    customer: String,
    domain: Option<String>,
    profile: Profile,
    daemon: bool,
}

impl NewUser {
    fn read(mut fields: Fields) -> Result<Self, ArgusError> {
        let customer = fields.reference("customer");
        let customer = fields.required("customer", customer);
        let domain = fields.reference("domain");
        let (change, daemon) = person(&mut fields);
        beginnings(&mut fields);
        let ProfileChange { user_name, name, email, phone, description } = change;
        let (user_name, name) = (fields.required("shortName", user_name), fields.required("name", name));
        fields.finish()?;
        let profile = user_name.zip(name).map(|(user_name, name)| Profile {
            user_name,
            name,
            email: email.flatten(),
            phone: phone.flatten(),
            description: description.unwrap_or_default(),
        });
        let (customer, profile) = customer.zip(profile).ok_or(ArgusError::NotJson)?;
        Ok(Self { customer, domain, profile, daemon: daemon.unwrap_or_default() })
    }
}
