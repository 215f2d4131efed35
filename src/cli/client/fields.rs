//! The fields of a client on the command line, as the JSON object that the HTTP interface takes.

use anyhow::Context;
use clap::Args;
use serde_json::{Map, Value, json};
use std::{
    fs,
    io::{Read, stdin},
    path::{Path, PathBuf},
};
use zeroize::Zeroizing;

/// Fields of a client; those of the file may be any of the HTTP interface's.
#[derive(Debug, Args)]
pub(super) struct FieldArgs {
    /// A TOML or JSON (.json) file with the fields, named as in the HTTP interface.
    #[arg(long, short, value_name = "FILE")]
    file: Option<PathBuf>,
    /// The short name.
    #[arg(long)]
    short_name: Option<String>,
    /// The name.
    #[arg(long)]
    name: Option<String>,
    /// The description.
    #[arg(long)]
    description: Option<String>,
    /// The landing page (https).
    #[arg(long)]
    main_uri: Option<String>,
    /// A redirect URI; repeat for more.
    #[arg(long = "redirect-uri")]
    redirect_uris: Vec<String>,
    /// An address or range that the client calls from; repeat for more.
    #[arg(long = "ip-range")]
    ip_ranges: Vec<String>,
    /// A file with the secret; - reads standard input. Not a flag, since others see those.
    #[arg(long, value_name = "FILE", conflicts_with = "public")]
    secret_file: Option<PathBuf>,
    /// The client has no secret and uses PKCE.
    #[arg(long)]
    public: bool,
    /// The domain of a new client.
    #[arg(long)]
    domain: Option<String>,
    /// The customer of a new client.
    #[arg(long)]
    customer: Option<String>,
    /// The function that lets a user in.
    #[arg(long)]
    required_function: Option<String>,
    /// The function or role that bounds what the client may do.
    #[arg(long)]
    permission_scope: Option<String>,
    /// A permitted scope; repeat for more. None: all.
    #[arg(long = "scope")]
    permitted_scopes: Vec<String>,
    /// Leave it out of lists.
    #[arg(long)]
    hidden: Option<bool>,
}

impl FieldArgs {
    /// The object.
    ///
    /// # Errors
    /// When a file cannot be read or understood.
    pub(super) fn object(self) -> anyhow::Result<Map<String, Value>> {
        let mut object = match &self.file {
            Some(file) => read_object(file).with_context(|| file.display().to_string())?,
            None => Map::new(),
        };
        let secret = self.secret_file.as_deref().map(read_secret).transpose()?;
        let list = |given: Vec<String>| (!given.is_empty()).then(|| json!(given));
        let text = |given: Option<String>| given.map(Value::from);
        let given = [
            ("shortName", text(self.short_name)),
            ("name", text(self.name)),
            ("description", text(self.description)),
            ("mainURI", text(self.main_uri)),
            ("redirectURIs", list(self.redirect_uris)),
            ("clientIPRange", list(self.ip_ranges)),
            ("clientSecret", secret.map(|secret| Value::from(secret.as_str()))),
            ("authenticationMethod", self.public.then(|| json!("none"))),
            ("domain", text(self.domain)),
            ("customer", text(self.customer)),
            ("requiredFunction", text(self.required_function)),
            ("permissionScope", text(self.permission_scope)),
            ("permittedScopes", list(self.permitted_scopes)),
            ("hidden", self.hidden.map(Value::from)),
        ];
        object.extend(given.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))));
        Ok(object)
    }
}

fn read_object(file: &Path) -> anyhow::Result<Map<String, Value>> {
    let text = fs::read_to_string(file)?;
    let json = file.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"));
    Ok(if json { serde_json::from_str(&text)? } else { toml::from_str(&text)? })
}

/// The first line.
fn read_secret(file: &Path) -> anyhow::Result<Zeroizing<String>> {
    let mut text = Zeroizing::new(String::new());
    if file.as_os_str() == "-" {
        stdin().read_to_string(&mut text)?;
    } else {
        *text = fs::read_to_string(file).with_context(|| file.display().to_string())?;
    }
    Ok(Zeroizing::new(text.lines().next().unwrap_or_default().to_owned()))
}
