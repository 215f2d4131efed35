//! What it takes to see and to change functions.

use crate::{
    directory::{Desk, functions},
    http::{ArgusError, Caller, Idp},
    read,
};
use aggregates::{
    function::{Function, FunctionCommand},
    ids::FunctionId,
};
use projections::{
    domains,
    functions::{FunctionRow, FunctionView, find_view},
    lookup, rights,
};

/// To see functions as administrators do.
const VIEW: &str = "viewFunctions";
/// To change them.
const MANAGE: &str = "manageFunctions";

/// 403 for a caller who may view functions for nobody.
pub(super) async fn require_view(idp: &Idp, caller: &Caller) -> Result<(), ArgusError> {
    let rights = &caller.rights;
    let held = read!(idp.database.connections(), |c| rights::holds(c, rights, VIEW, None, caller.domain))?;
    if held { Ok(()) } else { Err(ArgusError::Denied) }
}

/// The function that is meant, for a caller who may view functions.
pub(super) async fn find_viewed(idp: &Idp, caller: &Caller, reference: &str) -> Result<FunctionRow, ArgusError> {
    require_view(idp, caller).await?;
    let found = read!(idp.database.connections(), |c| lookup::function(c, reference))?;
    found.ok_or(ArgusError::NotFound)
}

/// An administrator of functions with an open transaction.
pub(super) struct Administrator<'a> {
    caller: &'a Caller,
    pub(super) desk: Desk,
}

impl<'a> Administrator<'a> {
    /// Opens the transaction.
    ///
    /// # Errors
    /// 403 unless the caller manages functions everywhere; 503.
    pub(super) async fn open(idp: &Idp, caller: &'a Caller) -> Result<Self, ArgusError> {
        require_view(idp, caller).await?;
        Self::at(Desk::open(&idp.store, idp.tools(), caller.context.clone()).await?, caller).await
    }

    /// The same for what changes much at once.
    ///
    /// # Errors
    /// As above.
    pub(super) async fn open_in_bulk(idp: &Idp, caller: &'a Caller) -> Result<Self, ArgusError> {
        require_view(idp, caller).await?;
        Self::at(Desk::open_in_bulk(&idp.store, idp.tools(), caller.context.clone()).await?, caller).await
    }

    async fn at(mut desk: Desk, caller: &'a Caller) -> Result<Self, ArgusError> {
        let c = desk.lane().connection();
        let everywhere = domains::is_only(c, caller.domain).await?
            && rights::holds_everywhere(c, &caller.rights, MANAGE, caller.domain).await?;
        if everywhere { Ok(Self { caller, desk }) } else { Err(ArgusError::Denied) }
    }

    /// The function that is meant.
    ///
    /// # Errors
    /// 404.
    pub(super) async fn find(&mut self, reference: &str) -> Result<FunctionRow, ArgusError> {
        self.look_up(reference).await?.ok_or(ArgusError::NotFound)
    }

    /// The function that a field of a body names.
    ///
    /// # Errors
    /// 412.
    pub(super) async fn named(&mut self, field: &str, reference: &str) -> Result<FunctionRow, ArgusError> {
        self.look_up(reference).await?.ok_or_else(|| ArgusError::field(field, "names no function"))
    }

    async fn look_up(&mut self, reference: &str) -> Result<Option<FunctionRow>, ArgusError> {
        Ok(lookup::function(self.desk.lane().connection(), reference).await?)
    }

    /// 403 unless the caller holds the function everywhere.
    ///
    /// # Errors
    /// 403.
    pub(super) async fn require_own(&mut self, function: FunctionId) -> Result<(), ArgusError> {
        let (caller, c) = (self.caller, self.desk.lane().connection());
        let own = rights::covers(c, &caller.rights, function, None, caller.domain).await?;
        if own { Ok(()) } else { Err(ArgusError::Denied) }
    }

    /// Tells a function; whether anything happened.
    ///
    /// # Errors
    /// What the rules say.
    pub(super) async fn tell(&mut self, function: FunctionId, command: FunctionCommand) -> Result<bool, ArgusError> {
        let context = self.desk.context().clone();
        let done = self.desk.lane().execute::<Function>(function.uuid(), command, &context).await;
        Ok(!done.map_err(functions::refused)?.events.is_empty())
    }

    /// Makes everything final; the function as it is then.
    ///
    /// # Errors
    /// 503.
    pub(super) async fn close(mut self, function: FunctionId) -> Result<FunctionView, ArgusError> {
        let view = find_view(self.desk.lane().connection(), function).await?.ok_or(ArgusError::NotFound)?;
        self.desk.commit().await?;
        Ok(view)
    }
}
