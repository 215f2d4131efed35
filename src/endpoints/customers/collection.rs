//! `/customeradmin/v2/customer`: list and make customers.

use super::{
    authority::{Administrator, viewed},
    described::{CustomerQuery, NewCustomer},
    fields::constants,
    search_input::{answer, of_list},
};
use crate::{
    directory::customers,
    http::{
        ArgusError, Asking, Changing, Envelope, Fields, Idp, JsonBody, Reply, common_fields::required_reference,
        search_fields::PageQuery,
    },
    read,
};
use aggregates::{
    ids::CustomerId,
    values::{DisplayName, ShortName},
};
use axum::{extract::State, http::Uri};
use projections::{customers::CustomerView, lookup};
use serde::de::IgnoredAny;

/// Lists customers, also those that are disabled.
///
/// # Errors
/// 401; 403 for a caller who may not view customers; 412.
#[utoipa::path(get, path = "/customeradmin/v2/customer", params(CustomerQuery, PageQuery),
    responses((status = 200, description = "A page of customers.", body = Envelope<Vec<CustomerView>>), ArgusError))]
pub async fn get(State(idp): State<Idp>, Asking(caller): Asking, uri: Uri) -> Result<Reply, ArgusError> {
    let viewed = viewed(&idp, &caller).await?;
    answer(&idp, &viewed, &of_list(&uri)?).await
}

/// Makes a customer below another: 201 with the customer.
///
/// # Errors
/// 401; 403 for a caller who may not manage the parent; 412; 503.
#[utoipa::path(post, path = "/customeradmin/v2/customer", request_body = NewCustomer,
    responses((status = 201, description = "The customer.", body = Envelope<CustomerView>), ArgusError))]
pub async fn post(State(idp): State<Idp>, Changing(caller): Changing, body: JsonBody) -> Result<Reply, ArgusError> {
    let mut administrator = Administrator::open(&idp, &caller).await?;
    let wanted = Wanted::read(body.fields())?;
    let domain = match &wanted.domain {
        None => caller.domain,
        Some(reference) => {
            let found = read!(idp.database.connections(), |c| lookup::domain(c, reference))?;
            found.ok_or_else(|| ArgusError::field("domain", "names no domain"))?.id
        }
    };
    let parent = administrator.parent(domain, &wanted.parent).await?;
    let id = CustomerId::new(idp.new_id());
    let called = (wanted.short_name, wanted.name);
    let create = customers::create_below(&mut administrator.desk, (domain, Some(parent)), called).await?;
    administrator.tell(id, create).await?;
    Ok(Reply::created(administrator.close(domain, id).await?))
}

struct Wanted {
    domain: Option<String>,
    parent: String,
    short_name: ShortName,
    name: DisplayName,
}

impl Wanted {
    fn read(mut fields: Fields) -> Result<Self, ArgusError> {
        let domain = fields.reference("domain");
        let parent = required_reference(&mut fields, "parent");
        let (short_name, name) = (fields.parsed("shortName"), fields.parsed("name"));
        let (short_name, name) = (fields.required("shortName", short_name), fields.required("name", name));
        fields.word::<IgnoredAny>("type", &["group", "leaf"]);
        constants(&mut fields);
        fields.finish()?;
        let (parent, (short_name, name)) = parent.zip(short_name.zip(name)).ok_or(ArgusError::NotJson)?;
        Ok(Self { domain, parent, short_name, name })
    }
}
