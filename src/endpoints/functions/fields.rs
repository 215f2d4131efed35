//! What a body says about a function.

use crate::http::{Fields, common_fields::never};
use aggregates::values::{Description, DisplayName, ShortName};
use serde::de::IgnoredAny;

/// What was said. What is absent was not, or was bad.
pub(super) struct FunctionFields {
    pub(super) short_name: Option<ShortName>,
    pub(super) name: Option<DisplayName>,
    pub(super) description: Option<Description>,
    pub(super) role: Option<bool>,
}

impl FunctionFields {
    /// Takes the fields out. There is one language, and a description under both its names must be one.
    pub(super) fn read(fields: &mut Fields) -> Self {
        let short_name = fields.parsed("name");
        let name = fields.object("localizedNames", |names| names.parsed("english"));
        let description: Option<Description> = fields.parsed("description");
        let localized = fields.object("localizedDescriptions", |texts| texts.parsed("english"));
        if description.is_some() && localized.is_some() && description != localized {
            fields.refuse("description", "must be the localized description, or absent");
        }
        let role = fields.flag("role");
        never(fields, "readOnly");
        never(fields, "sysadm");
        fields.word::<IgnoredAny>("roleType", &["other", "otherRole"]);
        fields.word::<IgnoredAny>("minimumSecurityLevel", &["external", "standard"]);
        Self { short_name, name, description: localized.or(description), role }
    }
}
