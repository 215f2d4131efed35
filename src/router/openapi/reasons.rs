//! `Argus-Reason`, which every change takes beside its body ([`Changing`](crate::http::Changing)).

use utoipa::{
    Modify,
    openapi::{
        ObjectBuilder, OpenApi, Type,
        path::{Operation, Parameter, ParameterBuilder, ParameterIn, PathItem},
    },
};

/// How the paths of calls end that change nothing, or only what the caller's own credential is.
const NO_CHANGE: &[&str] = &[
    "/search",
    "/session/constrain",
    "/password/test",
    "/password/authenticate",
    "/password/authentication",
    "/oauth/authorize",
    "/oauth/token",
    "/oauth/token/introspect",
    "/oauth/token/revoke",
    "/oauth/userinfo",
    "/authentication/v1/session",
    "/authentication/v1/logout",
];

/// Adds the header to each change.
pub(super) struct Reasons;

impl Modify for Reasons {
    fn modify(&self, description: &mut OpenApi) {
        let changed = |(path, _): &(&String, &mut PathItem)| !NO_CHANGE.iter().any(|end| path.ends_with(end));
        for (_, item) in description.paths.paths.iter_mut().filter(changed) {
            for operation in [&mut item.post, &mut item.put, &mut item.delete].into_iter().flatten() {
                let Operation { parameters, .. } = operation;
                parameters.get_or_insert_default().push(reason().into());
            }
        }
    }
}

fn reason() -> Parameter {
    let text = ObjectBuilder::new().schema_type(Type::String).min_length(Some(1)).max_length(Some(500));
    ParameterBuilder::new()
        .name("Argus-Reason")
        .parameter_in(ParameterIn::Header)
        .description(Some(
            "Why, on one line in UTF-8: recorded beside every event, and required where the server is set to ask.",
        ))
        .schema(Some(text))
        .build()
}
