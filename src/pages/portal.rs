//! `GET /`: the applications that the person who is signed in may use.

use super::{
    browser::Browser,
    views::{Fault, Portal, Problem, Tile},
};
use crate::{http::Idp, read};
use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use projections::clients::{self, Usable};

/// The portal, or the way to sign in.
pub async fn get(State(idp): State<Idp>, browser: Browser) -> Response {
    let problem = |fault| Problem::new(fault, &browser.request).into_response();
    let Ok(standing) = browser.look_up(&idp, None).await else { return problem(Fault::Unavailable) };
    let (Some(user), Some(session)) = (&standing.user, &standing.session) else {
        return Redirect::to("/login").into_response();
    };
    if session.must_change_password {
        return Redirect::to("/password").into_response();
    }
    let rights = standing.rights_of(user.id);
    let Ok(usable) = read!(idp.database.connections(), |c| clients::list_usable(c, &rights)) else {
        return problem(Fault::Unavailable);
    };
    let user_name = user.user_name.clone().unwrap_or_default();
    Portal {
        name: user.name.as_deref().unwrap_or(&user_name),
        user_name: &user_name,
        customer: standing
            .claims
            .as_ref()
            .and_then(|claims| claims.customer.as_ref())
            .map_or("", |customer| &customer.name),
        applications: &usable.iter().map(tile).collect::<Vec<_>>(),
    }
    .into_response()
}

fn tile(client: &Usable) -> Tile<'_> {
    Tile { name: &client.name, description: &client.description, main_uri: &client.main_uri }
}
