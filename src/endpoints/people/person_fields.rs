//! The fields of a user in a body.

use super::fields::{description, never};
use crate::{directory::users::ProfileChange, http::Fields};
use aggregates::values::{Email, Phone};
use serde::Serialize;
use utoipa::ToSchema;

/// A user as a body gives it. `shortName`, `name` and `customer` are required for a new one; `customer` and `domain` cannot be
/// changed here.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct UserFields {
    /// Id or short name of the customer. Only for a new user.
    customer: Option<String>,
    /// Id or short name of the customer's domain; the caller's unless given. Only for a new user.
    domain: Option<String>,
    /// The name to sign in with: `[a-z0-9._-]`, 1 to 64 characters.
    short_name: Option<String>,
    /// The name to show.
    name: Option<String>,
    /// The e-mail address; blank: none.
    email: Option<String>,
    /// The telephone number; both parts empty: none.
    phone: Option<PhoneFields>,
    /// The telephone number in one text, like +47 22 00 00 00. Not beside `phone`.
    phone_number: Option<String>,
    /// Who it is, in words.
    description: Option<String>,
    /// The same under its older name. Not beside `description`.
    role: Option<String>,
    /// Whether no person stands behind the account.
    daemon_account: Option<bool>,
    /// Only `english`.
    language: Option<String>,
    /// Only false.
    externally_managed: Option<bool>,
    /// Only false. Only for a new user.
    notification_user: Option<bool>,
    /// Only `password` and `apikey`, which every user has. Only for a new user.
    enable_authentication_methods: Option<Vec<String>>,
    /// Only false. Only for a new user.
    skip_default_authentication_methods: Option<bool>,
}

/// A telephone number in two parts.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct PhoneFields {
    /// Digits, with or without a leading `+`.
    country_code: String,
    /// Digits.
    national_number: String,
}

/// What is to be known of the person, and whether the account is a technical one.
pub(super) fn person(fields: &mut Fields) -> (ProfileChange, Option<bool>) {
    let words = description(fields);
    let role = if fields.has("role") && words.is_some() {
        fields.refuse("role", "is description under its older name: give one of the two");
        None
    } else {
        fields.parsed("role")
    };
    let change = ProfileChange {
        user_name: fields.parsed("shortName"),
        name: fields.parsed("name"),
        email: email(fields),
        phone: phone(fields),
        description: words.or(role),
    };
    let daemon = fields.flag("daemonAccount");
    fields.word::<String>("language", &["english"]);
    never(fields, "externallyManaged");
    (change, daemon)
}

/// What only a new user may bring along.
pub(super) fn beginnings(fields: &mut Fields) {
    never(fields, "notificationUser");
    never(fields, "skipDefaultAuthenticationMethods");
    let methods = fields.texts("enableAuthenticationMethods").unwrap_or_default();
    if methods.iter().any(|method| !matches!(method.as_str(), "password" | "apikey")) {
        fields.refuse("enableAuthenticationMethods", "must be of password, apikey: other methods are not served");
    }
}

fn email(fields: &mut Fields) -> Option<Option<Email>> {
    let text = fields.text("email")?;
    if text.trim().is_empty() {
        return Some(None);
    }
    text.parse().map_err(|problem| fields.refuse("email", problem)).ok().map(Some)
}

fn phone(fields: &mut Fields) -> Option<Option<Phone>> {
    if fields.has("phone") && fields.has("phoneNumber") {
        fields.refuse("phoneNumber", "is phone in one text: give one of the two");
    }
    let whole = fields.text("phoneNumber").map(|text| ("phoneNumber", text));
    let parts = fields.object("phone", |phone| {
        let (code, number) = (phone.text("countryCode"), phone.text("nationalNumber"));
        Some((code.unwrap_or_default(), number.unwrap_or_default()))
    });
    let joined = |(code, number): (String, String)| match (code.trim_start_matches('+'), number.as_str()) {
        ("", "") => String::new(),
        (code, number) => format!("+{code}{number}"),
    };
    let (name, text) = parts.map(|parts| ("phone", joined(parts))).or(whole)?;
    if text.trim().is_empty() {
        return Some(None);
    }
    text.parse().map_err(|problem| fields.refuse(name, problem)).ok().map(Some)
}
