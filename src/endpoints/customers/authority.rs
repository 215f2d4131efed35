//! What it takes to see and to change customers.

use crate::{
    directory::{Desk, customers as places},
    http::{ArgusError, Caller, Idp},
    read,
};
use aggregates::{
    customer::{Customer, CustomerCommand},
    ids::{CustomerId, DomainId},
};
use projections::{
    customers::{self, CustomerView},
    rights,
};

/// To see customers.
const VIEW: &str = "viewCustomers";
/// To change them.
const MANAGE: &str = "manageCustomers";

/// The customers for which the caller may view customers.
///
/// # Errors
/// 403 when there is none.
pub(super) async fn viewed(idp: &Idp, caller: &Caller) -> Result<Vec<CustomerId>, ArgusError> {
    let held = read!(idp.database.connections(), |c| rights::customers_where(c, &caller.rights, VIEW))?;
    if held.is_empty() { Err(ArgusError::Denied) } else { Ok(held) }
}

/// An administrator of customers with an open transaction.
pub(super) struct Administrator<'a> {
    caller: &'a Caller,
    viewed: Vec<CustomerId>,
    pub(super) desk: Desk,
}

impl<'a> Administrator<'a> {
    /// Opens the transaction.
    ///
    /// # Errors
    /// 403 for a caller who may not view customers; 503.
    pub(super) async fn open(idp: &Idp, caller: &'a Caller) -> Result<Self, ArgusError> {
        let viewed = viewed(idp, caller).await?;
        let desk = Desk::open(&idp.store, idp.tools(), caller.context.clone()).await?;
        Ok(Self { caller, viewed, desk })
    }

    /// The customer that is meant, which the caller may change.
    ///
    /// # Errors
    /// 403; 404 when it is not in sight.
    pub(super) async fn changeable(&mut self, domain: DomainId, reference: &str) -> Result<CustomerView, ArgusError> {
        let c = self.desk.lane().connection();
        let found = customers::find(c, &self.viewed, (domain, reference)).await?.ok_or(ArgusError::NotFound)?;
        self.require(found.customer, domain).await?;
        Ok(found)
    }

    /// The customer that the body names as the parent, which the caller may change.
    ///
    /// # Errors
    /// 403; 412 when it is not in sight.
    pub(super) async fn parent(&mut self, domain: DomainId, reference: &str) -> Result<CustomerId, ArgusError> {
        match self.changeable(domain, reference).await {
            Ok(found) => Ok(found.customer),
            Err(ArgusError::NotFound) => Err(ArgusError::field("parent", "names no customer here")),
            Err(other) => Err(other),
        }
    }

    /// 403 unless the caller manages customers for it, or for one above it when it is disabled.
    ///
    /// # Errors
    /// 403.
    pub(super) async fn require(&mut self, customer: CustomerId, domain: DomainId) -> Result<(), ArgusError> {
        let (caller, c) = (self.caller, self.desk.lane().connection());
        let managed = rights::holds_above(c, &caller.rights, MANAGE, customer, domain).await?;
        if managed { Ok(()) } else { Err(ArgusError::Denied) }
    }

    /// 403 unless the caller holds, for the customer, all that its new parent would bring it under: nobody gives what they do not hold.
    ///
    /// # Errors
    /// 403.
    pub(super) async fn require_move(&mut self, customer: CustomerId, parent: CustomerId) -> Result<(), ArgusError> {
        let c = self.desk.lane().connection();
        let covered = rights::covers_move(c, &self.caller.rights, customer, parent).await?;
        if covered { Ok(()) } else { Err(ArgusError::Denied) }
    }

    /// 403 unless the caller holds all that was granted for the customer: applications ask for rights by its short name.
    ///
    /// # Errors
    /// 403.
    pub(super) async fn require_rename(&mut self, customer: CustomerId) -> Result<(), ArgusError> {
        let c = self.desk.lane().connection();
        let covered = rights::covers_place(c, &self.caller.rights, customer).await?;
        if covered { Ok(()) } else { Err(ArgusError::Denied) }
    }

    /// Tells a customer; whether anything happened.
    ///
    /// # Errors
    /// What the rules say.
    pub(super) async fn tell(&mut self, customer: CustomerId, command: CustomerCommand) -> Result<bool, ArgusError> {
        let context = self.desk.context().clone();
        let done = self.desk.lane().execute::<Customer>(customer.uuid(), command, &context).await;
        Ok(!done.map_err(places::refused)?.events.is_empty())
    }

    /// Makes everything final; the customer as it is then.
    ///
    /// # Errors
    /// 503.
    pub(super) async fn close(mut self, domain: DomainId, customer: CustomerId) -> Result<CustomerView, ArgusError> {
        let c = self.desk.lane().connection();
        let shown = customers::find(c, &self.viewed, (domain, &customer.to_string())).await?;
        let shown = shown.ok_or(ArgusError::Denied)?;
        self.desk.commit().await?;
        Ok(shown)
    }
}
