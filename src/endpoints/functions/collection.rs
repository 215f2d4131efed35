//! `/useradmin/v2/function` and `/useradmin/v2/function/search`: list, make and find functions.

use super::{
    authority::{Administrator, require_view},
    described::{FunctionCriteria, FunctionQuery, NewFunction},
    fields::FunctionFields,
    search_input::{answer, of_list, of_search},
};
use crate::{
    directory::functions::{self, NamedFunction},
    http::{
        ArgusError, Asking, Changing, Envelope, Fields, Idp, JsonBody, Reply, common_fields::required_reference,
        described_search::SearchOf, search_fields::PageQuery,
    },
};
use aggregates::ids::FunctionId;
use axum::{extract::State, http::Uri};
use projections::functions::FunctionView;

/// Lists functions.
///
/// # Errors
/// 401; 403 for a caller who may not view functions; 412.
#[utoipa::path(get, path = "/useradmin/v2/function", params(FunctionQuery, PageQuery),
    responses((status = 200, description = "A page of functions.", body = Envelope<Vec<FunctionView>>), ArgusError))]
pub async fn get(State(idp): State<Idp>, Asking(caller): Asking, uri: Uri) -> Result<Reply, ArgusError> {
    require_view(&idp, &caller).await?;
    answer(&idp, &caller, &of_list(&uri)?, |view| view).await
}

/// Searches for functions.
///
/// # Errors
/// 401; 403 for a caller who may not view functions; 412.
#[utoipa::path(post, path = "/useradmin/v2/function/search", request_body = SearchOf<FunctionCriteria>,
    responses((status = 200, description = "A page of functions.", body = Envelope<Vec<FunctionView>>), ArgusError))]
pub async fn search(State(idp): State<Idp>, Asking(caller): Asking, body: JsonBody) -> Result<Reply, ArgusError> {
    require_view(&idp, &caller).await?;
    answer(&idp, &caller, &of_search(body.fields())?, |view| view).await
}

/// Makes a function below another: whoever holds that one holds it. 201 with the function.
///
/// # Errors
/// 401; 403 for a caller who may not manage functions, or does not hold the parent everywhere; 412; 503.
#[utoipa::path(post, path = "/useradmin/v2/function", request_body = NewFunction,
    responses((status = 201, description = "The function.", body = Envelope<FunctionView>), ArgusError))]
pub async fn post(State(idp): State<Idp>, Changing(caller): Changing, body: JsonBody) -> Result<Reply, ArgusError> {
    let mut administrator = Administrator::open(&idp, &caller).await?;
    let (named, parent) = read(body.fields())?;
    let parent = administrator.named("parent", &parent).await?.id;
    administrator.require_own(parent).await?;
    let id = FunctionId::new(idp.new_id());
    let create = functions::create_named(&mut administrator.desk, named).await?;
    administrator.tell(id, create).await?;
    let below = functions::add_child(&mut administrator.desk, parent, id).await?;
    administrator.tell(parent, below).await?;
    Ok(Reply::created(administrator.close(id).await?))
}

fn read(mut fields: Fields) -> Result<(NamedFunction, String), ArgusError> {
    let parent = required_reference(&mut fields, "parent");
    let FunctionFields { short_name, name, description, role } = FunctionFields::read(&mut fields);
    let short_name = fields.required("name", short_name);
    // Every short name is a name to show.
    let name = name.or_else(|| short_name.as_ref().and_then(|text| text.as_str().parse().ok()));
    fields.finish()?;
    let (short_name, name) = short_name.zip(name).ok_or(ArgusError::NotJson)?;
    let description = description.unwrap_or_default();
    let named = NamedFunction { short_name, name, description, role: role.unwrap_or_default() };
    parent.map(|parent| (named, parent)).ok_or(ArgusError::NotJson)
}
