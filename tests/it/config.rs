//! Settings: what is refused, and what the defaults are.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use argus::config::{Config, Noun, RequireReason, SinkConfig};
use std::fs;

fn with(toml: &str, variables: &[(&str, &str)]) -> Result<Config, String> {
    let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Config::from_sources(toml, variables).map_err(|error| error.to_string())
}

/// The text of the refusal; a `Config` has no `Debug` to unwrap it with.
fn refusal(toml: &str, variables: &[(&str, &str)]) -> String {
    with(toml, variables).err().unwrap_or_else(|| "accepted".to_owned())
}

#[test]
fn an_unknown_key_is_refused_by_its_name() {
    assert!(refusal("isuer = 'https://idp.example'", &[]).contains("isuer"));
    let nested = refusal("[database]\nconections = 4", &[]);
    assert!(nested.contains("conections") && nested.contains("connections"), "{nested}");
    assert!(refusal("[databse]\nurl = 'postgres://'", &[]).contains("databse"));
}

#[test]
fn an_unknown_variable_is_refused_by_its_name() {
    let refused = refusal("", &[("ARGUS__DATABASE__CONECTIONS", "4")]);
    assert!(refused.contains("conections"), "{refused}");
}

#[test]
fn a_value_of_the_wrong_form_is_refused_with_its_place() {
    let refused = refusal("", &[("ARGUS__DATABASE__CONNECTIONS", "many")]);
    assert!(refused.contains("ARGUS__DATABASE__CONNECTIONS"), "{refused}");
    assert!(refusal("listen = 'nowhere'", &[]).contains("listen"));
    assert!(refusal("listen = ", &[]).contains("TOML"));
}

#[test]
fn a_server_that_others_can_reach_must_know_its_issuer() {
    assert!(refusal("listen = '0.0.0.0:8080'", &[]).starts_with("issuer: must be set"));
    assert!(refusal("listen = '[::]:8080'", &[]).starts_with("issuer: must be set"));
    assert!(with("listen = '0.0.0.0:8080'\nissuer = 'https://idp.example'", &[]).is_ok());
}

#[test]
fn an_issuer_that_clients_could_not_trust_is_refused() {
    for issuer in [
        "http://idp.example",
        "http://localhost.example.org",
        "ftp://localhost",
        "idp.example",
        "/authentication",
        "https://idp.example/?x=1",
        "https://idp.example/?",
        "https://idp.example/#top",
        "https://user@idp.example",
        "https://:password@idp.example",
        "",
    ] {
        let refused = refusal(&format!("issuer = '{issuer}'"), &[]);
        assert!(refused.contains("issuer"), "{issuer}: {refused}");
    }
}

#[test]
fn trusting_every_network_is_refused() {
    assert!(refusal("trusted_proxies = ['10.0.0.0/8', '0.0.0.0/0']", &[]).contains("/0"));
    assert!(refusal("trusted_proxies = ['::/0']", &[]).contains("/0"));
    assert!(refusal("", &[("ARGUS__TRUSTED_PROXIES", "[0.0.0.0/0]")]).contains("/0"));
}

#[test]
fn values_that_cannot_work_are_refused() {
    for (toml, key) in [
        ("database.connections = 0", "database.connections"),
        ("database.max_connections = 20", "database.max_connections"),
        ("database.shared_buffers = 'lots'", "database.shared_buffers"),
        ("database.shared_buffers = '1MB -c fsync=off'", "database.shared_buffers"),
        ("database.start_timeout = 0", "database.start_timeout"),
        ("keys.rotate_after = 86399", "keys.rotate_after"),
        ("lifetimes.code = 0", "lifetimes.code"),
        ("lifetimes.access = -1", "lifetimes.access"),
        ("lifetimes.refresh_repeat = -1", "lifetimes.refresh_repeat"),
        ("default_domain = 'no spaces'", "default_domain"),
    ] {
        let refused = refusal(toml, &[]);
        assert!(refused.contains(key), "{toml}: {refused}");
    }
}

#[test]
fn a_sink_that_cannot_work_is_refused() {
    for (toml, complaint) in [
        ("[sinks.feed]\npath = '/var/feed'", "type"),
        ("[sinks.feed]\ntype = 'smoke'\npath = '/var/feed'", "smoke"),
        ("[sinks.feed]\ntype = 'jsonl'", "path"),
        ("[sinks.feed]\ntype = 'jsonl'\npath = '/var/feed'\npaht = ''", "paht"),
        ("[sinks.feed]\ntype = 'jsonl'\npath = '/var/feed'\nevents = ['grant.authorised']", "sinks.feed.events"),
        ("[sinks.feed]\ntype = 'jsonl'\npath = '/var/feed'\nevents = ['grants.*']", "grants.*"),
        ("[sinks.feed]\ntype = 'jsonl'\npath = '/var/feed'\nevents = ['*']", "sinks.feed.events"),
        ("[sinks.'a feed']\ntype = 'jsonl'\npath = '/var/feed'", "sinks.a feed"),
        ("[sinks.feed]\ntype = 'webhook'\nsecret = 'whsec_x'", "sinks.feed.url"),
        ("[sinks.feed]\ntype = 'webhook'\nurl = 'ftp://hook.example/'", "sinks.feed.url"),
        ("[sinks.feed]\ntype = 'webhook'\nurl = 'https://me:hunter2@hook.example/'", "sinks.feed.url"),
        ("[sinks.feed]\ntype = 'webhook'\nurl = 'https://hook.example/'", "sinks.feed.secret"),
        ("[sinks.feed]\ntype = 'webhook'\nurl = 'https://hook.example/'\nsecret = 'hunter2'", "sinks.feed.secret"),
        ("[sinks.feed]\ntype = 'webhook'\nurl = 'https://hook.example/'\nsecret = 'whsec_aHVudGVyMg=='", "24 to 64"),
        ("[sinks.feed]\ntype = 'nats'", "sinks.feed.url"),
        ("[sinks.feed]\ntype = 'nats'\nurl = 'nats://n.example'\nsubject = 'a..b'", "sinks.feed.subject"),
        ("[sinks.feed]\ntype = 'nats'\nurl = 'nats://n.example'\nsubject = 'a.>'", "sinks.feed.subject"),
        ("[sinks.feed]\ntype = 'eventstore'", "sinks.feed.url"),
        ("[sinks.feed]\ntype = 'eventstore'\nurl = 'kurrentdb://k.example'\nevents = ['grant.revoked']", "whole"),
    ] {
        let refused = refusal(toml, &[]);
        assert!(refused.contains(complaint) && !refused.contains("hunter2"), "{toml}: {refused}");
    }
}

#[test]
fn a_webhook_gives_up_within_15_seconds() {
    let secret = format!("whsec_{}", "A".repeat(32));
    for (timeout, works) in [(-1, false), (0, false), (1, true), (15, true), (16, false)] {
        let hook = "[sinks.feed]\ntype = 'webhook'\nurl = 'https://hook.example/'";
        let toml = format!("{hook}\nsecret = '{secret}'\ntimeout = {timeout}");
        assert_eq!(with(&toml, &[]).is_ok(), works, "{timeout}: {}", refusal(&toml, &[]));
    }
}

#[test]
fn secrets_of_sinks_can_come_from_files() {
    let dir = tempfile::tempdir().unwrap();
    let (url, secret) = (dir.path().join("url"), dir.path().join("secret"));
    fs::write(&url, "https://hook.example/in/hunter2\n").unwrap();
    fs::write(&secret, format!("whsec_{}\n", "A".repeat(32))).unwrap();
    let files = format!("url_file = '{}'\nsecret_file = '{}'", url.display(), secret.display());
    let config = with(&format!("[sinks.feed]\ntype = 'webhook'\n{files}"), &[]).ok().unwrap();
    let SinkConfig::Webhook(hook) = &config.sinks["feed"] else { unreachable!("it is a webhook") };
    assert_eq!(hook.target().unwrap().as_str(), "https://hook.example/in/hunter2");
    assert_eq!(hook.key().unwrap().as_slice(), [0; 24]);
    let both = format!("[sinks.feed]\ntype = 'nats'\nurl = 'nats://n.example'\nurl_file = '{}'", url.display());
    assert!(refusal(&both, &[]).starts_with("sinks.feed.url_file"));
}

#[test]
fn sinks_are_read_from_the_file_and_from_variables() {
    let file = "[sinks.feed]\ntype = 'jsonl'\npath = '/var/feed'\nevents = ['grant.*', 'client.renamed']";
    let config = with(file, &[("ARGUS__SINKS__OTHER__TYPE", "jsonl"), ("ARGUS__SINKS__OTHER__PATH", "/var/other")]);
    let sinks = config.ok().unwrap().sinks;
    assert_eq!(sinks.keys().collect::<Vec<_>>(), ["feed", "other"]);
    assert_eq!(sinks["feed"].events(), ["grant.*", "client.renamed"]);
    assert!(sinks["other"].events().is_empty());
}

#[test]
fn a_url_and_a_file_with_a_url_are_one_too_many() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("url");
    fs::write(&file, "postgres://argus:secret@db.example/argus\n").unwrap();
    let both = format!("database.url = 'postgres://x'\ndatabase.url_file = '{}'", file.display());
    assert!(refusal(&both, &[]).starts_with("database.url_file"));
    let missing = refusal("database.url_file = '/nonexistent/url'", &[]);
    assert!(missing.contains("/nonexistent/url"), "{missing}");
}

#[test]
fn a_secret_can_come_from_a_file() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("url");
    fs::write(&file, "postgres://argus:secret@db.example/argus\n").unwrap();
    let config = with("", &[("ARGUS__DATABASE__URL_FILE", file.to_str().unwrap())]).ok().unwrap();
    assert_eq!(config.database.url.unwrap().expose(), "postgres://argus:secret@db.example/argus");
}

#[test]
fn nothing_has_to_be_configured() {
    let config = with("", &[]).ok().unwrap();
    assert_eq!(config.url(""), "http://localhost:8080");
    assert_eq!(config.listen.to_string(), "127.0.0.1:8080");
    assert!(config.data_dir.ends_with("argus"));
    assert!(config.database.url.is_none() && config.trusted_proxies.is_empty());
    assert_eq!((config.lifetimes.code.0, config.lifetimes.access.0), (60, 600));
    assert_eq!((config.lifetimes.refresh.0, config.lifetimes.session.0), (28_800, 28_800));
}

#[test]
fn a_variable_wins_over_the_file() {
    let config = with("listen = '127.0.0.1:1000'", &[("ARGUS__LISTEN", "127.0.0.1:2000"), ("ARGUS_LISTEN", "x")]);
    let config = config.ok().unwrap();
    assert_eq!(config.listen.port(), 2000);
    assert_eq!(config.url("/oauth2/authorize"), "http://localhost:2000/oauth2/authorize");
}

#[test]
fn lists_and_sections_can_be_variables() {
    let config = with(
        "",
        &[
            ("ARGUS__TRUSTED_PROXIES", "[\"10.0.0.0/8\", \"2001:db8::/32\"]"),
            ("ARGUS__DATABASE__CONNECTIONS", "4"),
            ("ARGUS__DATABASE__RUN_AS", "postgres"),
            ("ARGUS__LOG__FORMAT", "json"),
        ],
    );
    let config = config.ok().unwrap();
    assert_eq!(config.trusted_proxies.len(), 2);
    assert_eq!((config.database.connections, config.database.run_as.as_deref()), (4, Some("postgres")));
}

#[test]
fn the_issuer_identifier_has_no_slash_at_its_end() {
    let config = with("issuer = 'https://idp.example/'", &[]).ok().unwrap();
    assert_eq!(config.url(""), "https://idp.example");
    assert_eq!(config.url("/.well-known/openid-configuration"), "https://idp.example/.well-known/openid-configuration");
}

#[test]
fn every_key_is_documented() {
    let reference = include_str!("../../docs/reference/configuration.md");
    let sections = include_str!("../../src/config/sections.rs");
    let sinks = include_str!("../../src/config/sinks.rs");
    let top = include_str!("../../src/config/mod.rs");
    let fields =
        [sections, sinks, top].into_iter().flat_map(str::lines).filter_map(|line| line.strip_prefix("    pub "));
    let keys = fields.filter_map(|line| line.split_once(": ")).map(|(key, _)| key).filter(|key| !key.contains('('));
    let missing: Vec<_> = keys.filter(|key| !reference.contains(key)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn a_reason_is_required_of_all_of_some_or_of_nothing() {
    for wrong in ["'client'", "['clients']", "['client', 1]", "1"] {
        let refused = refusal(&format!("audit.require_reason = {wrong}"), &[]);
        assert!(refused.contains("client, customer, domain, function, group, user"), "{wrong}: {refused}");
    }
    let required = |toml: &str| with(toml, &[]).ok().unwrap().audit.require_reason;
    assert_eq!(required(""), RequireReason::Any(false));
    assert_eq!(required("audit.require_reason = true"), RequireReason::Any(true));
    let some = required("audit.require_reason = ['client', 'user']");
    assert_eq!(some, RequireReason::Of([Noun::Client, Noun::User].into()));
    assert_eq!(["client", "user", "group", "signing_key"].map(|kind| some.covers(kind)), [true, true, false, false]);
    assert!(!RequireReason::Any(true).covers("signing_key"), "keys change by the clock");
    let listed = with("", &[("ARGUS__AUDIT__REQUIRE_REASON", r#"["group"]"#)]).ok().unwrap();
    assert_eq!(listed.audit.require_reason, RequireReason::Of([Noun::Group].into()));
}
