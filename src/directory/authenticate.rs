//! Signing in with a password: counted, checked, and recorded either way. An unknown user costs the same time and gets the same
//! answer as a wrong password.

use crate::{
    database::throttles::{self, Limit},
    event_store::{Actor, Context, ExecuteError},
    http::{ArgusError, CallerIp, Idp, RequestId},
    once, read,
    tokens::{Kind, Presented, argus_form},
};
use aggregates::{
    ids::{SessionId, UserId},
    session::{
        AuthenticationMethod, EndReason, Reauthentication, RefusedSignIn, Session, SessionCommand, SessionError,
        SignIn, SignInRefusal,
    },
    values::Seconds,
};
use projections::accounts::{self, Account, SignInAccount};
use std::net::IpAddr;
use zeroize::Zeroizing;

/// Attempts are counted in windows of this length.
pub const WINDOW: Seconds = Seconds(15 * 60);
/// From one address at one account: a person who does not remember.
const PER_ACCOUNT_AND_ADDRESS: i64 = 10;
/// From one address at all accounts: an office behind one address, or somebody who sprays.
const PER_ADDRESS: i64 = 100;
/// From all addresses at one account. Higher, so that locking somebody out takes many addresses.
const PER_ACCOUNT: i64 = 60;

/// Somebody who wants to sign in.
pub struct Attempt<'a> {
    /// The domain's short name, when one was given.
    pub domain: Option<&'a str>,
    /// As it was typed.
    pub user_name: &'a str,
    /// As it was typed.
    pub password: Zeroizing<String>,
    /// The caller.
    pub caller: CallerIp,
    /// The request.
    pub request: &'a RequestId,
    /// The session token that the same browser came with.
    pub present: Option<&'a Presented<SessionId>>,
}

/// A good sign-in.
pub struct SignedIn {
    /// The session.
    pub session: SessionId,
    /// The session token, `username/opaque`.
    pub token: String,
    /// The session can do nothing but choose a new password.
    pub must_change_password: bool,
}

/// A sign-in that did not succeed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotSignedIn {
    /// User name and password do not belong together, or the user may not sign in: nobody is told which.
    Refused,
    /// Too many attempts; wait.
    Throttled(Seconds),
    /// Passwords cannot be checked now.
    Unavailable,
}

impl From<NotSignedIn> for ArgusError {
    fn from(failure: NotSignedIn) -> Self {
        match failure {
            NotSignedIn::Refused => Self::NotAuthenticated,
            NotSignedIn::Throttled(wait) => Self::TooManyRequests(wait),
            NotSignedIn::Unavailable => Self::Unavailable,
        }
    }
}

/// Signs in. The present session goes on when it is the same user's, with a new token.
///
/// # Errors
/// [`NotSignedIn`].
pub async fn sign_in(idp: &Idp, attempt: Attempt<'_>) -> Result<SignedIn, NotSignedIn> {
    let name = attempt.user_name.trim().to_ascii_lowercase();
    let domain = attempt.domain.unwrap_or_else(|| idp.config.domain_name());
    let found =
        read!(idp.database.connections(), |c| accounts::find_for_sign_in(c, domain, &name)).map_err(unavailable)?;
    let proof = Proof { password: attempt.password, caller: attempt.caller, request: attempt.request };
    let (account, context) = prove(idp, &found, &name, proof).await?;
    start(idp, attempt.present, account, &context, (attempt.caller, found.personal_key.as_deref())).await
}

/// Checks the password of a user who is signed in already, before something that matters.
///
/// # Errors
/// [`NotSignedIn`].
pub async fn confirm(idp: &Idp, user: UserId, proof: Proof<'_>) -> Result<Context, NotSignedIn> {
    let found = read!(idp.database.connections(), |c| accounts::find_by_user(c, user)).map_err(unavailable)?;
    prove(idp, &found, "", proof).await.map(|(_, context)| context)
}

/// Signs in anew a user who is known, for example after a change that ended all sessions.
///
/// # Errors
/// [`NotSignedIn`].
pub async fn sign_in_again(idp: &Idp, user: UserId, proof: Proof<'_>) -> Result<SignedIn, NotSignedIn> {
    let caller = proof.caller;
    let found = read!(idp.database.connections(), |c| accounts::find_by_user(c, user)).map_err(unavailable)?;
    let (account, context) = prove(idp, &found, "", proof).await?;
    start(idp, None, account, &context, (caller, found.personal_key.as_deref())).await
}

/// What proves who somebody is, and where it came from.
pub struct Proof<'a> {
    /// As it was typed.
    pub password: Zeroizing<String>,
    /// The caller.
    pub caller: CallerIp,
    /// The request.
    pub request: &'a RequestId,
}

/// Counts, checks, records a refusal. The password is checked on every path that was not throttled.
async fn prove<'a>(
    idp: &Idp,
    found: &'a SignInAccount,
    name: &str,
    proof: Proof<'_>,
) -> Result<(&'a Account, Context), NotSignedIn> {
    let now = idp.now();
    let limits = limits(idp, found, name, proof.caller.0);
    let [own, source, far] = &limits;
    let near = [own.clone(), source.clone()];
    let connections = idp.database.connections();
    let exceeded = once!(connections, |c| throttles::count(c, &near, far, WINDOW, now)).map_err(unavailable)?;
    let context = context(idp, found, &proof);
    if let Some(exceeded) = exceeded {
        // Once in a window: the attempts that follow would only fill the trail.
        if exceeded.first {
            refuse(idp, found, SignInRefusal::Throttled, &context).await;
        }
        return Err(NotSignedIn::Throttled(exceeded.wait));
    }
    match check(idp, found, proof.password).await? {
        Ok(account) => {
            let forgiven = once!(connections, |c| throttles::forgive(c, &own.key, &source.key, &far.key));
            forgiven.map_err(unavailable)?;
            Ok((account, context))
        }
        Err(reason) => Err(refuse(idp, found, reason, &context).await),
    }
}

/// Keyed by the account, so that no other spelling of it has a budget of its own; by what was typed where there is no account.
fn limits(idp: &Idp, found: &SignInAccount, name: &str, address: IpAddr) -> [Limit; 3] {
    // One IPv6 customer has 2^64 addresses.
    let source = match address {
        IpAddr::V4(v4) => v4.to_string(),
        IpAddr::V6(v6) => format!("{:x}", u128::from(v6) >> 64),
    };
    let account = found.account.as_ref().map_or_else(|| name.to_owned(), |account| account.id.to_string());
    let limit = |what: &str, most| Limit { key: idp.keys.pseudonym(what), most };
    [
        limit(&format!("both\n{account}\n{source}"), PER_ACCOUNT_AND_ADDRESS),
        limit(&format!("address\n{source}"), PER_ADDRESS),
        limit(&format!("account\n{account}"), PER_ACCOUNT),
    ]
}

fn context(idp: &Idp, found: &SignInAccount, proof: &Proof<'_>) -> Context {
    let user = found.account.as_ref().map(|account| account.id);
    let address = idp.seal_address(user, found.personal_key.as_deref(), proof.caller.0);
    idp.context(proof.request, user.map_or(Actor::Anonymous, Actor::User), address)
}

/// The password first, on every path; then what the account says.
async fn check<'a>(
    idp: &Idp,
    found: &'a SignInAccount,
    password: Zeroizing<String>,
) -> Result<Result<&'a Account, SignInRefusal>, NotSignedIn> {
    let hash = found.account.as_ref().and_then(|account| account.password_hash.as_deref());
    let right = idp.passwords.verify(hash, password).await.map_err(|_| NotSignedIn::Unavailable)?;
    let Some(account) = &found.account else { return Ok(Err(SignInRefusal::UnknownUser)) };
    Ok(match (hash, right, account.active) {
        (None, ..) => Err(SignInRefusal::NoPassword),
        (Some(_), false, _) => Err(SignInRefusal::WrongPassword),
        (Some(_), true, false) => Err(SignInRefusal::Blocked),
        (Some(_), true, true) => Ok(account),
    })
}

async fn start(
    idp: &Idp,
    present: Option<&Presented<SessionId>>,
    account: &Account,
    context: &Context,
    (caller, personal_key): (CallerIp, Option<&[u8]>),
) -> Result<SignedIn, NotSignedIn> {
    if let Some(present) = present.filter(|_| !account.must_change_password)
        && let Some(signed_in) = go_on(idp, present, account, context).await?
    {
        return Ok(signed_in);
    }
    let now = idp.now();
    let id = idp.new_id();
    let token = idp.tokens.fresh(Kind::Session, id, 1, idp.entropy.as_ref());
    let command = SessionCommand::Start(SignIn {
        user: account.id,
        user_epoch: account.epoch,
        method: AuthenticationMethod::Password,
        token: token.hash(),
        address: idp.seal_address(Some(account.id), personal_key, caller.0),
        must_change_password: account.must_change_password,
        now,
        valid_until: now.after(idp.config.lifetimes.session),
    });
    idp.store.create::<Session>(id, command, context).await.map_err(unavailable)?;
    Ok(SignedIn {
        session: SessionId::new(id),
        token: argus_form(&account.user_name, &idp.tokens.encode(&token)),
        must_change_password: account.must_change_password,
    })
}

/// Goes on with the present session; none when it is over, or somebody else's, which then ends: one browser, one person.
async fn go_on(
    idp: &Idp,
    present: &Presented<SessionId>,
    account: &Account,
    context: &Context,
) -> Result<Option<SignedIn>, NotSignedIn> {
    let id = present.id.uuid();
    let loaded = idp.store.load::<Session>(id).await.map_err(unavailable)?;
    if !present.is_token_of(&loaded.aggregate) {
        return Ok(None);
    }
    let now = idp.now();
    let generation = loaded.aggregate.generation.saturating_add(1);
    let token = idp.tokens.fresh(Kind::Session, id, generation, idp.entropy.as_ref());
    let command = SessionCommand::Reauthenticate(Reauthentication {
        user: account.id,
        user_epoch: account.epoch,
        method: AuthenticationMethod::Password,
        token: token.hash(),
        now,
        valid_until: now.after(idp.config.lifetimes.session),
    });
    match idp.store.execute_on(loaded, command, context).await {
        Ok(done) if done.aggregate.generation == generation => {
            let token = argus_form(&account.user_name, &idp.tokens.encode(&token));
            Ok(Some(SignedIn { session: present.id, token, must_change_password: false }))
        }
        Err(ExecuteError::Refused(SessionError::AnotherUser)) => {
            let end = SessionCommand::End { reason: EndReason::Replaced, now };
            idp.store.execute::<Session>(id, end, context).await.map_err(unavailable)?;
            Ok(None)
        }
        Ok(_) | Err(ExecuteError::Refused(SessionError::Over | SessionError::AlreadyStarted)) => Ok(None),
        Err(error) => Err(unavailable(error)),
    }
}

async fn refuse(idp: &Idp, found: &SignInAccount, reason: SignInRefusal, context: &Context) -> NotSignedIn {
    let user = found.account.as_ref().map(|account| account.id);
    let command = SessionCommand::Refuse(RefusedSignIn { user, domain: found.domain, reason, now: idp.now() });
    match idp.store.create::<Session>(idp.new_id(), command, context).await {
        Ok(_) => NotSignedIn::Refused,
        Err(cause) => unavailable(cause),
    }
}

fn unavailable(cause: impl std::fmt::Display) -> NotSignedIn {
    tracing::error!(%cause, "a sign-in could not be decided");
    NotSignedIn::Unavailable
}
