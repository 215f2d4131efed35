//! `/useradmin/v2/group` and `/useradmin/v2/group/search`: list, make and find groups.

use super::{
    authority::{Administrator, MANAGE_GROUPS},
    described::{SubjectCriteria, SubjectListQuery, Words},
    fields::{description, never},
    group_fields::GroupFields,
    known::sight,
    search_input::{Asked, answer},
};
use crate::{
    directory::groups::{self, NamedGroup},
    http::{
        ArgusError, Asking, Changing, Envelope, Fields, Idp, JsonBody, Reply, described_search::SearchOf,
        domain_or_own, search_fields::PageQuery, unknown_domain,
    },
};
use aggregates::ids::GroupId;
use axum::{extract::State, http::Uri};
use projections::{infos::SubjectType, subjects::Subject};

const ASKED: Asked = Asked { kind: Some(SubjectType::Group), basic: false };

/// Lists groups.
///
/// # Errors
/// 401; 403 for a caller who may not view groups of anybody; 412.
#[utoipa::path(get, path = "/useradmin/v2/group", params(SubjectListQuery, PageQuery, Words),
    responses((status = 200, description = "A page of groups.", body = Envelope<Vec<Subject>>), ArgusError))]
pub async fn get(State(idp): State<Idp>, Asking(caller): Asking, uri: Uri) -> Result<Reply, ArgusError> {
    let sight = sight(&idp, &caller, ASKED.kind).await?;
    answer(&idp, &sight, &ASKED.of_list(&uri)?, |group| group).await
}

/// Searches for groups.
///
/// # Errors
/// 401; 403 for a caller who may not view groups of anybody; 412.
#[utoipa::path(post, path = "/useradmin/v2/group/search", request_body = SearchOf<SubjectCriteria>,
    responses((status = 200, description = "A page of groups.", body = Envelope<Vec<Subject>>), ArgusError))]
pub async fn search(State(idp): State<Idp>, Asking(caller): Asking, body: JsonBody) -> Result<Reply, ArgusError> {
    let sight = sight(&idp, &caller, ASKED.kind).await?;
    answer(&idp, &sight, &ASKED.of_search(body.fields())?, |group| group).await
}

/// Makes a group: 201 with it.
///
/// # Errors
/// 401; 403 for a caller who may not manage groups of the customer; 412; 503.
#[utoipa::path(post, path = "/useradmin/v2/group", request_body = GroupFields,
    responses((status = 201, description = "The group.", body = Envelope<Subject>), ArgusError))]
pub async fn post(State(idp): State<Idp>, Changing(caller): Changing, body: JsonBody) -> Result<Reply, ArgusError> {
    let sight = sight(&idp, &caller, ASKED.kind).await?;
    let new = NewGroup::read(body.fields())?;
    let domain = domain_or_own(&idp, &caller, new.domain.as_deref()).await.map_err(unknown_domain)?;
    let id = GroupId::new(idp.new_id());
    let mut administrator = Administrator::open(&idp, &caller, sight, None).await?;
    let customer = administrator.customer(domain, &new.customer, MANAGE_GROUPS).await?;
    let create = groups::create_at(&mut administrator.desk, (domain, customer), new.named).await?;
    administrator.tell_group(id, create).await?;
    Ok(Reply::created(administrator.close(id).await?))
}

struct NewGroup {
    customer: String,
    domain: Option<String>,
    named: NamedGroup,
}

impl NewGroup {
    fn read(mut fields: Fields) -> Result<Self, ArgusError> {
        let customer = fields.reference("customer");
        let customer = fields.required("customer", customer);
        let domain = fields.reference("domain");
        let (short_name, name) = (fields.parsed("shortName"), fields.parsed("name"));
        let (short_name, name) = (fields.required("shortName", short_name), fields.required("name", name));
        let description = description(&mut fields).unwrap_or_default();
        never(&mut fields, "daemonAccount");
        never(&mut fields, "externallyManaged");
        fields.finish()?;
        let named = short_name.zip(name).map(|(short_name, name)| NamedGroup { short_name, name, description });
        let (customer, named) = customer.zip(named).ok_or(ArgusError::NotJson)?;
        Ok(Self { customer, domain, named })
    }
}
