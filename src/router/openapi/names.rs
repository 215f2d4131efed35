//! What the description calls the calls: operation ids and tags, which follow from method and path.

use utoipa::{
    Modify,
    openapi::{OpenApi, Paths, tag::TagBuilder},
};

/// What the calls are about, by the beginning of their path; the first that fits counts.
const SUBJECTS: &[(&str, &str)] = &[
    ("/authentication/v1/oauth/client", "OAuth clients"),
    ("/authentication/v1/oauth/", "OAuth 2.0 and OpenID Connect"),
    ("/oauth2/", "OAuth 2.0 and OpenID Connect"),
    ("/.well-known/", "OAuth 2.0 and OpenID Connect"),
    ("/authentication/v1/", "Signing in, sessions and keys"),
    ("/currentuser/", "Oneself"),
    ("/useradmin/v2/function", "Administration of functions and permissions"),
    ("/useradmin/v2/permission", "Administration of functions and permissions"),
    ("/useradmin/", "Administration of people"),
    ("/customeradmin/", "Administration of customers"),
    ("/users/", "People, groups and functions for everybody"),
    ("/audit/", "Audit trail"),
    ("/", "Operation of the server"),
];

/// Second paths of one handler: the path, and the one that is described.
const ALSO: &[(&str, &str)] = &[
    ("/.well-known/oauth-authorization-server", "/.well-known/openid-configuration"),
    ("/currentuser/v1/permission/{function}/{customer}", "/authentication/v1/session/permission/{function}/{customer}"),
];

/// Operation ids and tags, which follow from method and path; and second paths.
pub(super) struct Names;

impl Modify for Names {
    fn modify(&self, description: &mut OpenApi) {
        let paths = &mut description.paths;
        for (path, described) in ALSO {
            if let Some(item) = paths.paths.get(*described).cloned() {
                paths.paths.insert((*path).to_owned(), item);
            }
        }
        name_operations(paths);
        let mut subjects: Vec<_> = SUBJECTS.iter().map(|(_, subject)| *subject).collect();
        subjects.dedup();
        description.tags = Some(subjects.iter().map(|subject| TagBuilder::new().name(*subject).build()).collect());
    }
}

fn name_operations(paths: &mut Paths) {
    for (path, item) in &mut paths.paths {
        let subject = SUBJECTS.iter().find(|(beginning, _)| path.starts_with(beginning));
        let methods =
            [("get", &mut item.get), ("post", &mut item.post), ("put", &mut item.put), ("delete", &mut item.delete)];
        for (method, operation) in methods {
            let Some(operation) = operation else { continue };
            operation.operation_id = Some(operation_id(method, path));
            operation.tags = subject.map(|(_, subject)| vec![(*subject).to_owned()]);
        }
    }
}

/// `getUseradminV2GroupByGroup`.
fn operation_id(method: &str, path: &str) -> String {
    let mut id = method.to_owned();
    for segment in path.split('/') {
        if segment.starts_with('{') {
            id.push_str("By");
        }
        for word in segment.split(|c: char| !c.is_ascii_alphanumeric()) {
            let (first, rest) = word.split_at_checked(1).unwrap_or_default();
            id.push_str(&first.to_ascii_uppercase());
            id.push_str(rest);
        }
    }
    id
}
