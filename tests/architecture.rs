//! The shape of the house, checked: who may import whom, what is forbidden where, how long things get.
//!
//! Each rule lists every violation as `file:line`. The layers are explained in `docs/explanation/architecture.md`.
#![expect(clippy::unwrap_used, reason = "a test says what is wrong by failing")]

#[path = "architecture/imports.rs"]
mod imports;
#[path = "architecture/source.rs"]
mod source;

use imports::{imports, module_of};
use source::Source;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// The modules of the server, upper ones first; a module names only those of the rows below it, and of its own row.
const LAYERS: &[&[&str]] = &[
    &["main"],
    &["cli"],
    &["app"],
    &["router"],
    &["endpoints", "pages"],
    &["evidence"],
    &["tokens", "keys", "directory", "federation", "event_store", "sinks", "trail", "http"],
    &["database"],
    &["config", "clock", "entropy"],
];

#[track_caller]
fn assert_none(rule: &str, violations: impl IntoIterator<Item = String>) {
    let violations: BTreeSet<_> = violations.into_iter().collect();
    let list: Vec<_> = violations.into_iter().collect();
    assert!(list.is_empty(), "\n{rule}\n  {}\n", list.join("\n  "));
}

/// Every use of one of these words in code of these files.
fn uses<'a>(sources: impl Iterator<Item = &'a Source>, words: &[&str]) -> Vec<String> {
    let each = |source: &Source, word: &str| {
        let place = |offset| format!("{}  {word}", source.place(offset));
        source.uses_of(word).into_iter().map(place).collect::<Vec<_>>()
    };
    sources.flat_map(|source| words.iter().flat_map(|word| each(source, word)).collect::<Vec<_>>()).collect()
}

#[test]
fn sql_is_only_spoken_where_rows_live() {
    let places = ["projections/src", "src/event_store", "src/database"];
    let sources = source::product();
    let violations = uses(sources.iter().filter(|source| !source.within(&places)), &["sqlx"]);
    assert_none("sqlx belongs to the projections, the event store and the database", violations);
}

#[test]
fn http_is_only_spoken_where_requests_arrive() {
    let places = ["src/router.rs", "src/router", "src/http", "src/endpoints", "src/pages", "src/app.rs", "src/app"];
    let sources = source::product();
    let violations = uses(sources.iter().filter(|source| !source.within(&places)), &["axum"]);
    assert_none("axum belongs to router, http, endpoints, pages and app", violations);
}

#[test]
fn every_route_is_in_the_route_table() {
    let sources = source::product();
    // The demo's relying party is a server of its own.
    let places = ["src/router.rs", "src/pages/relying_party"];
    let violations = uses(sources.iter().filter(|source| !source.within(&places)), &[".route("]);
    assert_none("every URL is in src/router.rs and nowhere else", violations);
}

#[test]
fn aggregates_are_pure() {
    let forbidden = [
        "std::fs",
        "std::io",
        "std::env",
        "std::process",
        "std::thread",
        "std::time",
        "TcpStream",
        "UdpSocket",
        "SystemTime",
        "Instant",
        "Utc",
        "Local",
        "now_v7",
        "new_v4",
        "rand",
        "getrandom",
        "tokio",
        "sqlx",
        "reqwest",
    ];
    let sources = source::product();
    let violations = uses(sources.iter().filter(|source| source.within(&["aggregates"])), &forbidden);
    assert_none("an aggregate decides from its command alone: no I/O, clock, randomness, environment", violations);
}

#[test]
fn aggregates_depend_on_nothing_impure() {
    let manifest = fs::read_to_string(root().join("aggregates/Cargo.toml")).unwrap();
    let normal = manifest.split("[dependencies]").nth(1).unwrap_or_default().split("\n[").next().unwrap_or_default();
    let impure =
        ["tokio", "sqlx", "axum", "hyper", "reqwest", "rand", "getrandom", "aws-lc-rs", "projections", "chrono"];
    let named = normal.lines().filter_map(|line| line.split(['.', '=', ' ']).next());
    assert_none(
        "the crate of the aggregates stays pure",
        named.filter(|name| impure.contains(name)).map(|name| format!("aggregates/Cargo.toml  {name}")),
    );
}

#[test]
fn time_and_randomness_are_injected() {
    let forbidden = [
        "SystemTime::now",
        "Utc::now",
        "Local::now",
        "now_v7",
        "new_v4",
        "thread_rng",
        "getrandom",
        "rand::fill",
        "rand::random",
        "rand::rng",
    ];
    let sources = source::product();
    let elsewhere = sources.iter().filter(|source| !source.within(&["src/clock.rs", "src/entropy.rs"]));
    assert_none("ask the injected Clock and Entropy", uses(elsewhere, &forbidden));
}

#[test]
fn imports_go_one_way() {
    let layer = |module: &str| LAYERS.iter().position(|row| row.contains(&module));
    let mut violations = Vec::new();
    for source in source::product().iter().filter(|source| source.path.starts_with("src/")) {
        let own = module_of(source);
        let Some(from) = own.first() else { continue };
        for import in imports(source) {
            let Some(to) = import.path.first().filter(|to| *to != from) else { continue };
            let allowed = match (layer(from), layer(to)) {
                (Some(upper), Some(lower)) if upper == lower => !["endpoints", "pages"].contains(&from.as_str()),
                (Some(upper), Some(lower)) => upper < lower,
                _ => true,
            };
            if !allowed {
                violations.push(format!("{}  {from} names {to}", source.place(import.offset)));
            }
        }
    }
    assert_none(
        "cli, app, router, {endpoints, pages}, {tokens, keys, directory, event_store, http}, database",
        violations,
    );
}

#[test]
fn every_module_of_the_server_has_a_layer() {
    let placed: Vec<_> = LAYERS.iter().flat_map(|row| row.iter()).collect();
    let modules = source::product();
    let modules = modules.iter().filter(|source| source.path.starts_with("src/"));
    let names: BTreeSet<_> = modules.filter_map(|source| module_of(source).first().cloned()).collect();
    assert_none(
        "add the module to LAYERS in tests/architecture.rs, and to docs/explanation/architecture.md",
        names.into_iter().filter(|name| !placed.contains(&&name.as_str())),
    );
}

#[test]
fn no_endpoint_imports_another() {
    let sources = source::product();
    let endpoints: Vec<_> = sources.iter().filter(|source| source.within(&["src/endpoints"])).collect();
    let handlers: Vec<_> =
        endpoints.iter().filter(|source| is_handler(source)).map(|source| module_of(source)).collect();
    let mut violations = Vec::new();
    for source in &endpoints {
        let own = module_of(source);
        for import in imports(source) {
            let other = |handler: &&Vec<String>| {
                import.path.starts_with(handler) && !own.starts_with(handler) && !handler.starts_with(&own)
            };
            if let Some(handler) = handlers.iter().find(other) {
                violations.push(format!("{}  {} is an endpoint", source.place(import.offset), handler.join("::")));
            }
        }
    }
    assert_none("what two endpoints share is a module of its own, below both", violations);
}

/// Does the file answer requests itself? Handlers are named after HTTP's methods.
fn is_handler(source: &Source) -> bool {
    ["get", "post", "put", "delete", "patch"].iter().any(|method| source.code.contains(&format!("async fn {method}(")))
}

#[test]
fn nothing_panics() {
    let forbidden = [".unwrap()", ".expect(", ".unwrap_err()", "panic!", "todo!", "unimplemented!", "dbg!"];
    assert_none("an error is a value", uses(source::product().iter(), &forbidden));
}

#[test]
fn secrets_cannot_be_printed() {
    let mut violations = Vec::new();
    for source in source::product() {
        for (offset, _) in source.code.match_indices("#[derive(") {
            let (traits, after) = source.code[offset..].split_once(")]").unwrap_or_default();
            let item = after.split(['{', '(', ';']).next().unwrap_or_default();
            let name = item.split("struct ").nth(1).unwrap_or_default().split('<').next().unwrap_or_default().trim();
            let secret = ["Secret", "Secret32", "Password", "MasterKey"].iter().any(|end| name.ends_with(end));
            if secret && ["Debug", "Serialize"].iter().any(|leak| traits.contains(leak)) {
                violations.push(format!("{}  {name}", source.place(offset)));
            }
        }
    }
    assert_none("a secret type derives neither Debug nor Serialize", violations);
}

#[test]
fn every_file_says_what_it_is() {
    let silent = |source: &Source| !source.text.starts_with("//! ");
    let sources = source::all();
    assert_none("open the file with //!", sources.iter().filter(|s| silent(s)).map(|source| source.path.clone()));
}

#[test]
fn files_stay_short() {
    let long = source::product().into_iter().map(|source| (source.text.lines().count(), source.path));
    assert_none(
        "300 lines are the end: split by subject",
        long.filter(|(lines, _)| *lines > 300).map(|(lines, path)| format!("{path}  {lines} lines")),
    );
}

#[test]
fn functions_stay_short() {
    let mut violations = Vec::new();
    for source in source::product() {
        for offset in source.uses_of("fn ") {
            let rest = &source.code[offset..];
            let Some(brace) = rest.find('{').filter(|brace| *brace < rest.find(';').unwrap_or(usize::MAX)) else {
                continue;
            };
            let lines = rest[..brace + source::closing(&rest[brace..])].lines().count();
            if lines > 40 {
                violations.push(format!("{}  {lines} lines", source.place(offset)));
            }
        }
    }
    assert_none("40 lines are the end: name the steps", violations);
}

#[test]
fn every_route_is_documented() {
    let table = fs::read_to_string(root().join("src/router.rs")).unwrap();
    let reference = without_names(&fs::read_to_string(root().join("docs/reference/http-api.md")).unwrap());
    let routes =
        table.split(".route(").skip(1).filter_map(|after| after.trim_start().strip_prefix('"')?.split('"').next());
    assert_none(
        "describe the route in docs/reference/http-api.md",
        routes.filter(|route| !reference.contains(&format!("{}`", without_names(route)))).map(str::to_owned),
    );
}

/// Path parameters without their names, which differ between the table and the documentation.
fn without_names(text: &str) -> String {
    let mut parts = text.split('{');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |known, part| known + "{" + part.find('}').map_or(part, |end| &part[end..]))
}

#[test]
fn every_stored_event_is_documented() {
    let reference = fs::read_to_string(root().join("docs/reference/events.md")).unwrap();
    let Ok(wire) = fs::read_dir(root().join("aggregates/wire")) else { return };
    let names = wire.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let types: BTreeSet<_> = names.filter_map(|name| Some(name.rsplit_once(".v")?.0.to_owned())).collect();
    assert_none(
        "describe the event in docs/reference/events.md",
        types.into_iter().filter(|name| !reference.contains(&format!("`{name}`"))),
    );
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
