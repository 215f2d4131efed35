//! `/` for somebody who is signed in: the applications that the person may use, and the way out.

use super::page;
use crate::pages::headers::FormTargets;
use askama::Template;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};

/// One application.
#[derive(Debug, Clone, Copy)]
pub struct Tile<'a> {
    /// The client's name.
    pub name: &'a str,
    /// What it is for; may be empty.
    pub description: &'a str,
    /// The client's main URI.
    pub main_uri: &'a str,
}

impl Tile<'_> {
    /// The first letter, in place of a picture.
    fn initial(&self) -> String {
        self.name.chars().find(|c| c.is_alphanumeric()).map_or_else(String::new, |c| c.to_uppercase().collect())
    }

    /// The main URI if it leads to a site; definitions take no other, and a page must not depend on that.
    fn link(&self) -> Option<&str> {
        let leads_to_a_site = self.main_uri.starts_with("https://") || self.main_uri.starts_with("http://");
        leads_to_a_site.then_some(self.main_uri)
    }
}

/// The launcher.
#[derive(Template)]
#[template(path = "portal.html")]
pub struct Portal<'a> {
    /// What the person is called.
    pub name: &'a str,
    /// What the person signs in as.
    pub user_name: &'a str,
    /// The name of the person's customer.
    pub customer: &'a str,
    /// In the order of their names.
    pub applications: &'a [Tile<'a>],
}

impl IntoResponse for Portal<'_> {
    fn into_response(self) -> Response {
        page(StatusCode::OK, FormTargets::Own, &self)
    }
}
