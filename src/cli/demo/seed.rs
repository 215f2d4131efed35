//! Who and what there is in the demo.

use super::secrets::Secrets;
use crate::{
    directory::{
        Desk,
        api_keys::{self, ApiKeyInput},
        apply::{self, Definitions, Surroundings},
        references,
    },
    event_store::{Actor, Context},
    http::Idp,
    pages::relying_party,
};
use aggregates::{
    ids::{DomainId, UserId},
    user::{User, UserCommand},
};
use serde_json::{Map, Value, json};
use url::Url;
use zeroize::Zeroizing;

/// The relying party's client.
pub(super) const CLIENT: &str = "demo-application";
/// What the relying party calls itself.
pub(super) const APPLICATION: &str = "Demo application";
/// The people, and what each shows.
pub(super) const PEOPLE: &[(&str, &str)] = &[
    ("admin", "administer everything"),
    ("anna", "use every application: analyst for all customers"),
    ("alice", "use the demo application: customer user of Acme"),
    ("bob", "use the Globex dashboard, not the demo application: customer user of Globex"),
    ("mallory", "use nothing"),
];

/// Makes what is missing. Answers with the administrator's API key when this run made it.
///
/// # Errors
/// What kept it from being made.
pub(super) async fn seed(
    idp: &Idp,
    secrets: &Secrets,
    rp_address: &Url,
    needs_api_key: bool,
) -> anyhow::Result<Option<Zeroizing<String>>> {
    let context = Context {
        actor: Actor::System("system:demo"),
        caller_ip: None,
        request_id: idp.new_id().to_string(),
        causation: None,
        reason: Some("demo".to_owned()),
    };
    let mut desk = Desk::open(&idp.store, idp.tools(), context).await?;
    let file: Definitions = toml::from_str(include_str!("seed.toml"))?;
    let domain = idp.config.domain();
    let variable = |_: &str| Some(secrets.password.clone());
    apply::apply(&mut desk, &file, Surroundings { domain: &domain, variable: &variable }).await?;
    clients(&mut desk, domain.as_str(), secrets, rp_address).await?;
    let domain = references::domain(&mut desk, domain.as_str()).await?.id;
    let admin = references::user(&mut desk, domain, "admin").await?;
    let first = admin.must_change_password || needs_api_key;
    let api_key = if first { Some(equip(&mut desk, (admin.id, domain), secrets).await?) } else { None };
    desk.commit().await?;
    Ok(api_key)
}

/// The administrator's password needs no change here, and scripts get a key.
async fn equip(
    desk: &mut Desk,
    (admin, domain): (UserId, DomainId),
    secrets: &Secrets,
) -> anyhow::Result<Zeroizing<String>> {
    let tools = desk.tools().clone();
    let hash = tools.passwords.hash(secrets.password.clone(), tools.entropy.as_ref()).await?;
    desk.execute::<User>(admin.uuid(), UserCommand::SetPassword { hash, must_change: false }).await?;
    let input: ApiKeyInput = serde_json::from_value(json!({
        "description": "for the examples in README",
        "sources": ["127.0.0.0/8", "::1/128"],
    }))?;
    let new = input.meant(desk, domain).await?;
    let (command, key) = api_keys::issue(desk, new).await?;
    desk.execute::<User>(admin.uuid(), command).await?;
    Ok(Zeroizing::new(key.reveal().to_owned()))
}

async fn clients(desk: &mut Desk, domain: &str, secrets: &Secrets, rp_address: &Url) -> anyhow::Result<()> {
    let application = json!({
        "shortName": CLIENT,
        "name": APPLICATION,
        "description": "Signs you in with Argus and shows what it was told about you.",
        "mainURI": "https://demo.example/",
        "redirectURIs": [relying_party::redirect_uri(rp_address)],
        "clientIPRange": ["127.0.0.0/8", "::1"],
        "authenticationMethod": "password",
        "clientSecret": secrets.client_secret.as_str(),
        "customer": "acme",
        "requiredFunction": "customerUser",
        "permissionScope": "customerUser",
    });
    let dashboard = json!({
        "shortName": "globex-dashboard",
        "name": "Globex dashboard",
        "description": "What happens at Globex.",
        "mainURI": "https://dashboard.globex.example/",
        "redirectURIs": ["https://dashboard.globex.example/callback"],
        "clientIPRange": ["127.0.0.0/8"],
        "authenticationMethod": "none",
        "customer": "globex",
        "requiredFunction": "customerUser",
        "permissionScope": "customerUser",
    });
    for client in [application, dashboard] {
        let object: Map<String, Value> = client.as_object().cloned().unwrap_or_default();
        apply::ensure_client(desk, object, domain).await?;
    }
    Ok(())
}
