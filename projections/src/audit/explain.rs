//! An entry in one sentence: what happened, under which definition, and because of what. The command line, the API and whoever
//! else shows an entry say it in these words.

use super::{AuditRow, show::Names};
use aggregates::{
    grant::{Missing, Refusal, RevocationReason},
    session::{CallRefusal, EndReason, SignInRefusal},
};
use serde::de::DeserializeOwned;
use serde_json::Value;

/// The sentence.
pub(super) fn sentence(row: &AuditRow, names: &Names) -> String {
    let tale = Tale { row, names };
    let repeated = if row.count > 1 { format!(" ({} times)", row.count) } else { String::new() };
    let because = tale.because().map(|because| format!(", because {because}")).unwrap_or_default();
    format!("{}{}{because}{repeated}.", tale.happened(), tale.origin())
}

struct Tale<'a> {
    row: &'a AuditRow,
    names: &'a Names,
}

impl Tale<'_> {
    fn user(&self) -> String {
        let id = || self.row.user_id.map(|id| format!("user {id}"));
        self.row.user_name.clone().or_else(id).unwrap_or_else(|| "an unknown user".to_owned())
    }

    fn client(&self) -> String {
        let id = || self.row.client_id.map(|id| id.to_string());
        let name = self.row.client_short_name.clone().or_else(id).unwrap_or_else(|| "unknown".to_owned());
        let version = self.row.client_version.map(|version| format!(" under version {version} of its definition"));
        format!("client {name}{}", version.unwrap_or_default())
    }

    /// For whom the required function has to be held.
    fn customer(&self) -> String {
        let id = || self.row.required_for.map(|id| format!("customer {id}"));
        self.names.required_for.clone().or_else(id).unwrap_or_else(|| "any customer".to_owned())
    }

    fn function(&self) -> &str {
        self.row.required_function.as_deref().unwrap_or("the required function")
    }

    fn origin(&self) -> String {
        let range = self.row.ip_range.as_ref().map(|range| format!(" (in {range})")).unwrap_or_default();
        self.row.ip.as_ref().map(|ip| format!(" from {ip}{range}")).unwrap_or_default()
    }

    fn happened(&self) -> String {
        let (user, client) = (self.user(), self.client());
        match self.row.action.as_str() {
            "authorization.granted" => format!("{user} was granted an authorization of {client}{}", self.scopes()),
            "authorization.refused" => format!("an authorization of {client} was refused to {user}"),
            "token.issued" => format!("a code of {user} was exchanged for tokens by {client}{}", self.scopes()),
            "token.refreshed" => format!("the tokens of {user} were refreshed by {client}{}", self.scopes()),
            "token.issued_to_script" => {
                format!("a script of {user} was granted a token of {client}{}{}", self.api_key(), self.scopes())
            }
            "token.refused" => format!("{} of {client} was refused for {user}", self.step()),
            "code.spoiled" => format!("a code of {user} for {client} was made worthless"),
            "code.replayed" => format!("a redeemed code of {user} for {client} was presented again"),
            "refresh.reused" => format!("a replaced refresh token of {user} for {client} was presented again"),
            "token.revoked" => format!("the grant of {user} to {client} was ended"),
            "sign_in.succeeded" => format!("{user} signed in{}", self.method()),
            "sign_in.repeated" => format!("{user} proved again who they are{}", self.method()),
            "sign_in.refused" => format!("{user} was not signed in"),
            "call.refused" => format!("{} was refused to {user}", self.row.step.as_deref().unwrap_or("a call")),
            "session.constrained" => format!("a session of {user} was narrowed"),
            "session.ended" => format!("a session of {user} was ended"),
            action => self.defined(action),
        }
    }

    /// A change of a definition, for example `client.redirect_uris_changed`.
    fn defined(&self, action: &str) -> String {
        let (kind, change) = action.split_once('.').unwrap_or(("", action));
        let (kind, change) = (kind.replace('_', " "), change.replace('_', " "));
        let name = match (&self.row.object_type, &self.names.object, self.row.object_id) {
            (Some(_), Some(name), _) => format!(" {name}"),
            (_, _, Some(id)) => format!(" {id}"),
            _ => String::new(),
        };
        format!("{kind}{name}: {change} by {}", self.names.actor.as_deref().unwrap_or(&self.row.actor))
    }

    fn step(&self) -> &'static str {
        match self.row.step.as_deref() {
            Some("authorization_code") => "the exchange of a code",
            Some("refresh_token") => "a refresh of tokens",
            Some("client_credentials") => "a script's token",
            Some("introspect") => "an introspection",
            Some("revoke") => "a revocation",
            _ => "the use of a token",
        }
    }

    fn scopes(&self) -> String {
        match self.row.scopes.as_deref() {
            Some([_, ..]) => format!(" with the scopes {}", list(self.row.scopes.iter().flatten())),
            _ => " without scopes".to_owned(),
        }
    }

    fn api_key(&self) -> String {
        self.row.api_key.as_ref().map(|key| format!(" with API key {key}")).unwrap_or_default()
    }

    fn method(&self) -> String {
        self.row.method.as_ref().map(|method| format!(" by {}", method.replace('_', " "))).unwrap_or_default()
    }

    fn because(&self) -> Option<String> {
        match self.row.outcome.as_str() {
            "granted" if self.row.required_function.is_some() => Some(self.held()),
            "refused" | "revoked" => self.reason(),
            _ => self.row.note.as_ref().map(|note| format!("\"{note}\"")),
        }
    }

    /// By which permission the required function was held.
    fn held(&self) -> String {
        let held = format!("the user holds {} for {}", self.function(), self.customer());
        match &self.names.held {
            Some(by) => format!("{held} (by {} for {}, granted to {})", by.function, by.customer, by.subject),
            None => held,
        }
    }

    fn reason(&self) -> Option<String> {
        let reason = self.row.reason.as_deref()?;
        match self.row.action.as_str() {
            "sign_in.refused" => Some(read(reason).map_or_else(|| reason.to_owned(), |why| sign_in(why).to_owned())),
            "session.ended" => Some(read(reason).map_or_else(|| reason.to_owned(), |why| ended(why).to_owned())),
            "call.refused" => Some(read(reason).map_or_else(|| reason.to_owned(), |why| self.call(why))),
            "token.revoked" => Some(self.revoked(reason)),
            "code.spoiled" if reason == "another_client" => Some("another client presented it".to_owned()),
            "code.spoiled" => Some("its code_verifier was missing or wrong".to_owned()),
            _ => Some(read(reason).map_or_else(|| reason.to_owned(), |refusal| self.refused(refusal))),
        }
    }

    fn call(&self, refusal: CallRefusal) -> String {
        let ip = self.row.ip.as_deref().unwrap_or("the caller's address");
        match refusal {
            CallRefusal::NotPermitted => "that is not permitted".to_owned(),
            CallRefusal::AddressNotTheKeys => format!("{ip} is none of the API key's sources"),
            CallRefusal::AddressNotTheSessions => format!("the session is bound to another address than {ip}"),
        }
    }

    fn revoked(&self, reason: &str) -> String {
        let why = match read(reason) {
            Some(RevocationReason::CodeSpoiled) => "its code was made worthless",
            Some(RevocationReason::CodeReplayed) => "its code was presented twice",
            Some(RevocationReason::RefreshReused) => "a replaced refresh token was presented again",
            Some(RevocationReason::ByClient) => "the client asked for it",
            Some(RevocationReason::ByAdministrator) => "an administrator asked for it",
            None => reason,
        };
        let note = self.row.note.as_ref().map(|note| format!(" (\"{note}\")"));
        format!("{why}{}", note.unwrap_or_default())
    }

    fn refused(&self, refusal: Refusal) -> String {
        let ip = self.row.ip.as_deref().unwrap_or("the caller's address");
        match refusal {
            Refusal::FunctionNotHeld => {
                format!("the user does not hold {} for {} (missing)", self.function(), self.customer())
            }
            Refusal::UserNotActive => "the user is blocked, deleted or of a disabled customer".to_owned(),
            Refusal::PasswordChangeRequired => "the user has to choose a new password first".to_owned(),
            Refusal::SessionOver => self.missing("the session is over"),
            Refusal::ClientNotActive => self.missing("the client is not active"),
            Refusal::AddressOutsideRanges => format!("{ip} is {}", self.missing("in none of the client's ranges")),
            Refusal::AddressNotTheTokens => format!("the token may not be used from {ip}"),
            Refusal::ApiKeyNotValid => self.missing("the API key is not valid"),
            Refusal::ScriptsNotPermitted => "the client is not for scripts".to_owned(),
            Refusal::ClientNotAuthenticated => "the client's secret was wrong, missing or not asked for".to_owned(),
            Refusal::InvalidGrant => self.missing("the code or token is not the one that was issued, or has expired"),
            Refusal::AnotherClient => "the code or token was issued to another client".to_owned(),
            Refusal::InvalidScope => self.missing("more scope was asked for than may be granted"),
            Refusal::InvalidRequest => self.missing("the request breaks a rule"),
            Refusal::LoginRequired => "the user would have had to sign in, and no page could be shown".to_owned(),
        }
    }

    fn missing(&self, otherwise: &str) -> String {
        match &self.row.missing {
            Some(Missing::Scopes(scopes)) => format!("the client is not permitted {}", list(scopes)),
            Some(Missing::Ranges(ranges)) => format!("in none of the client's ranges {}", list(ranges.iter())),
            Some(Missing::Condition(condition)) => condition.clone(),
            None => otherwise.to_owned(),
        }
    }
}

fn sign_in(refusal: SignInRefusal) -> &'static str {
    match refusal {
        SignInRefusal::UnknownUser => "there is no such user",
        SignInRefusal::WrongPassword => "the password was wrong",
        SignInRefusal::NoPassword => "the user has no password",
        SignInRefusal::Blocked => "the user is blocked",
        SignInRefusal::Throttled => "there were too many attempts",
    }
}

fn ended(reason: EndReason) -> &'static str {
    match reason {
        EndReason::SignedOut => "the user signed out",
        EndReason::Replaced => "another one took its place",
        EndReason::EndedByUser => "the user ended it",
        EndReason::EndedByAdministrator => "an administrator ended it",
    }
}

fn read<T: DeserializeOwned>(word: &str) -> Option<T> {
    serde_json::from_value(Value::String(word.to_owned())).ok()
}

fn list<T: ToString>(items: impl IntoIterator<Item = T>) -> String {
    items.into_iter().map(|item| item.to_string()).collect::<Vec<_>>().join(", ")
}
