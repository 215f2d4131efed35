//! `/users/v2/user|group|subject…`: users and groups in few words, for everybody who may do something for their customer.

use super::{
    described::{BasicWords, SubjectCriteria, SubjectListQuery, SubjectSearch},
    known::{basic_sight, find},
    search_input::{Asked, answer},
};
use crate::{
    http::{
        ArgusError, Asking, Caller, Envelope, Idp, JsonBody, OfDomain, Page, Reference, Reply,
        described_search::SearchOf, described_words, query_fields, search_fields,
    },
    read,
};
use axum::{extract::State, http::Uri};
use projections::{
    infos::{CustomerInfo, DomainInfo, SubjectType},
    subjects::{self, Known, PhoneNumber, Subject},
};
use serde::{Deserialize, Serialize};
use utoipa::{ToSchema, openapi::Array};

const USER: Option<SubjectType> = Some(SubjectType::User);
const GROUP: Option<SubjectType> = Some(SubjectType::Group);
const EITHER: Option<SubjectType> = None;

/// A user or a group in few words.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct BasicSubject {
    /// The integer id; no user has the number of a group.
    id: i64,
    /// What it is.
    r#type: SubjectType,
    /// The name in references.
    short_name: Option<String>,
    /// The name to show.
    name: Option<String>,
    /// The customer that it belongs to.
    customer: CustomerInfo,
    /// The domain that it lies in.
    domain: DomainInfo,
    /// `deleted`, `daemonAccount`.
    flags: Vec<String>,
    /// Of a user: the e-mail address, for who may view users of the customer.
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    /// Of a user: the telephone number, likewise.
    #[serde(skip_serializing_if = "Option::is_none")]
    phone_number: Option<String>,
    /// Of a user: the telephone number in parts, likewise.
    #[serde(skip_serializing_if = "Option::is_none")]
    phone: Option<PhoneNumber>,
    /// Of a user: always `english`.
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<String>,
}

impl From<Subject> for BasicSubject {
    fn from(subject: Subject) -> Self {
        let Subject { id, kind, short_name, name, customer, domain, email, phone_number, phone, language, .. } =
            subject;
        let mut flags = subject.flags;
        flags.retain(|flag| matches!(flag.as_str(), "deleted" | "daemonAccount"));
        Self { id, r#type: kind, short_name, name, customer, domain, flags, email, phone_number, phone, language }
    }
}

/// Which groups of a subject.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "it documents what `groups_of_subject` reads")]
pub(super) struct GroupsQuery {
    /// Whether also those around its groups: true unless given.
    include_inherited: Option<bool>,
    /// Only `id`.
    #[param(schema_with = by_id)]
    sort_by: Option<Vec<String>>,
}

const BY_ID: &search_fields::Words<()> = &[("id", ())];

fn by_id() -> Array {
    described_words::described(BY_ID)
}

async fn list(idp: &Idp, caller: &Caller, kind: Option<SubjectType>, uri: &Uri) -> Result<Reply, ArgusError> {
    let search = Asked { kind, basic: true }.of_list(uri)?;
    answer(idp, &basic_sight(idp, caller).await?, &search, BasicSubject::from).await
}

async fn search(idp: &Idp, caller: &Caller, kind: Option<SubjectType>, body: JsonBody) -> Result<Reply, ArgusError> {
    let search = Asked { kind, basic: true }.of_search(body.fields())?;
    answer(idp, &basic_sight(idp, caller).await?, &search, BasicSubject::from).await
}

async fn one(
    idp: &Idp,
    caller: &Caller,
    (kind, reference): (Option<SubjectType>, &str),
    uri: &Uri,
) -> Result<Reply, ArgusError> {
    let domain = OfDomain::find(idp, caller, uri).await?;
    let known = Known { reference, domain, deleted: false, kind };
    Ok(Reply::ok(BasicSubject::from(find(idp, &basic_sight(idp, caller).await?, known).await?)))
}

/// Lists users of the customers for which the caller may do something.
///
/// # Errors
/// 401; 412.
#[utoipa::path(get, path = "/users/v2/user", params(SubjectListQuery, search_fields::PageQuery, BasicWords),
    responses((status = 200, description = "A page of users.", body = Envelope<Vec<BasicSubject>>), ArgusError))]
pub async fn list_users(State(idp): State<Idp>, Asking(caller): Asking, uri: Uri) -> Result<Reply, ArgusError> {
    list(&idp, &caller, USER, &uri).await
}

/// Searches for users of the customers for which the caller may do something.
///
/// # Errors
/// 401; 412.
#[utoipa::path(post, path = "/users/v2/user/search", request_body = SearchOf<SubjectCriteria>,
    responses((status = 200, description = "A page of users.", body = Envelope<Vec<BasicSubject>>), ArgusError))]
pub async fn search_users(State(idp): State<Idp>, Asking(caller): Asking, body: JsonBody) -> Result<Reply, ArgusError> {
    search(&idp, &caller, USER, body).await
}

/// Shows a user; a deleted one by number alone.
///
/// # Errors
/// 401; 404; 412.
#[utoipa::path(get, path = "/users/v2/user/{shortNameOrID}",
    params(("shortNameOrID" = String, Path, description = "Id or short name."), OfDomain),
    responses((status = 200, description = "In few words.", body = Envelope<BasicSubject>), ArgusError))]
pub async fn user(
    State(idp): State<Idp>,
    Asking(caller): Asking,
    Reference(reference): Reference,
    uri: Uri,
) -> Result<Reply, ArgusError> {
    one(&idp, &caller, (USER, &reference), &uri).await
}

/// Lists groups of the customers for which the caller may do something.
///
/// # Errors
/// 401; 412.
#[utoipa::path(get, path = "/users/v2/group", params(SubjectListQuery, search_fields::PageQuery, BasicWords),
    responses((status = 200, description = "A page of groups.", body = Envelope<Vec<BasicSubject>>), ArgusError))]
pub async fn list_groups(State(idp): State<Idp>, Asking(caller): Asking, uri: Uri) -> Result<Reply, ArgusError> {
    list(&idp, &caller, GROUP, &uri).await
}

/// Searches for groups of the customers for which the caller may do something.
///
/// # Errors
/// 401; 412.
#[utoipa::path(post, path = "/users/v2/group/search", request_body = SearchOf<SubjectCriteria>,
    responses((status = 200, description = "A page of groups.", body = Envelope<Vec<BasicSubject>>), ArgusError))]
pub async fn search_groups(
    State(idp): State<Idp>,
    Asking(caller): Asking,
    body: JsonBody,
) -> Result<Reply, ArgusError> {
    search(&idp, &caller, GROUP, body).await
}

/// Shows a group; a deleted one by number alone.
///
/// # Errors
/// 401; 404; 412.
#[utoipa::path(get, path = "/users/v2/group/{shortNameOrID}",
    params(("shortNameOrID" = String, Path, description = "Id or short name."), OfDomain),
    responses((status = 200, description = "In few words.", body = Envelope<BasicSubject>), ArgusError))]
pub async fn group(
    State(idp): State<Idp>,
    Asking(caller): Asking,
    Reference(reference): Reference,
    uri: Uri,
) -> Result<Reply, ArgusError> {
    one(&idp, &caller, (GROUP, &reference), &uri).await
}

/// Lists users and groups of the customers for which the caller may do something.
///
/// # Errors
/// 401; 412.
#[utoipa::path(get, path = "/users/v2/subject", params(SubjectListQuery, search_fields::PageQuery, BasicWords),
    responses((status = 200, description = "A page of users and groups.", body = Envelope<Vec<BasicSubject>>), ArgusError))]
pub async fn list_subjects(State(idp): State<Idp>, Asking(caller): Asking, uri: Uri) -> Result<Reply, ArgusError> {
    list(&idp, &caller, EITHER, &uri).await
}

/// Searches for users and groups of the customers for which the caller may do something.
///
/// # Errors
/// 401; 412.
#[utoipa::path(post, path = "/users/v2/subject/search", request_body = SubjectSearch,
    responses((status = 200, description = "A page of users and groups.", body = Envelope<Vec<BasicSubject>>), ArgusError))]
pub async fn search_subjects(
    State(idp): State<Idp>,
    Asking(caller): Asking,
    body: JsonBody,
) -> Result<Reply, ArgusError> {
    search(&idp, &caller, EITHER, body).await
}

/// Shows a user or a group; a deleted one by number alone.
///
/// # Errors
/// 401; 404; 412.
#[utoipa::path(get, path = "/users/v2/subject/{shortNameOrID}",
    params(("shortNameOrID" = String, Path, description = "Id or short name."), OfDomain),
    responses((status = 200, description = "In few words.", body = Envelope<BasicSubject>), ArgusError))]
pub async fn subject(
    State(idp): State<Idp>,
    Asking(caller): Asking,
    Reference(reference): Reference,
    uri: Uri,
) -> Result<Reply, ArgusError> {
    one(&idp, &caller, (EITHER, &reference), &uri).await
}

/// Lists the groups that a user or a group is in, in the order of ids.
///
/// # Errors
/// 401; 404; 412.
#[utoipa::path(get, path = "/users/v2/subject/{shortNameOrID}/groups",
    params(("shortNameOrID" = String, Path, description = "Id or short name."), GroupsQuery, search_fields::PageQuery),
    responses((status = 200, description = "A page of groups.", body = Envelope<Vec<BasicSubject>>), ArgusError))]
pub async fn groups_of_subject(
    State(idp): State<Idp>,
    Asking(caller): Asking,
    Reference(reference): Reference,
    uri: Uri,
) -> Result<Reply, ArgusError> {
    let mut query = query_fields(uri.query().unwrap_or_default(), &["sortBy"])?;
    let inherited = query.switch("includeInherited").unwrap_or(true);
    search_fields::words(&mut query, "sortBy", BY_ID);
    let (limit, offset) = search_fields::page(&mut query);
    query.finish()?;
    let sight = basic_sight(&idp, &caller).await?;
    let known = Known { reference: &reference, domain: caller.domain, deleted: false, kind: EITHER };
    let of = (find(&idp, &sight, known).await?.subject, inherited);
    let around =
        read!(idp.database.connections(), |c| { subjects::list_groups_around(c, &sight, of, (limit, offset)) })?;
    let rows: Vec<_> = around.rows.into_iter().map(BasicSubject::from).collect();
    Ok(Reply::list(&rows, Page { limit, offset, count: around.count }))
}
