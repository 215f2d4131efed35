//! An authorization request that waits for a sign-in. It travels with the browser, sealed by the server and bound to that
//! browser's mark, so that nothing is stored for requests that never come back, and none can be finished elsewhere.

use super::browser::Browser;
use crate::http::Idp;
use aggregates::values::{Seconds, Timestamp};
use serde::{Deserialize, Serialize};

const PURPOSE: &str = "authorization request";
/// A sign-in page that stays open longer than this begins anew.
const LIFETIME: Seconds = Seconds(3600);

/// A request that waits.
#[derive(Serialize, Deserialize)]
pub struct Resume {
    /// The request as it was sent: form-encoded parameters.
    pub parameters: String,
    /// When it began: a later sign-in satisfies `prompt=login` and `max_age`.
    pub since: Timestamp,
    /// The client's name, for the sign-in page.
    pub application: String,
    /// The host of its redirect URI.
    pub host: String,
    /// Who may come back with it.
    pub browser: String,
}

impl Resume {
    /// The text that travels.
    #[must_use]
    pub fn seal(&self, idp: &Idp) -> Option<String> {
        idp.keys.seal_text(PURPOSE, &serde_json::to_string(self).ok()?).ok()
    }

    /// What was sealed, if it is ours, in time, and this browser's.
    #[must_use]
    pub fn open(idp: &Idp, sealed: &str, browser: &Browser) -> Option<Self> {
        let resume: Self = serde_json::from_str(&idp.keys.open_text(PURPOSE, sealed)?).ok()?;
        let in_time = idp.now() < resume.since.after(LIFETIME);
        let same_browser = browser.recognised_by().as_deref() == Some(resume.browser.as_str());
        (in_time && same_browser).then_some(resume)
    }
}

/// Where to go after a sign-in: on with the request that waits, or to the portal.
#[must_use]
pub fn next(sealed: &str) -> String {
    // The sealed text is base64url: it needs no encoding.
    if sealed.is_empty() { "/".to_owned() } else { format!("/oauth2/authorize?resume={sealed}") }
}

/// Where to sign in, or to choose a new password, before that.
#[must_use]
pub fn by_way_of(page: &str, sealed: &str) -> String {
    if sealed.is_empty() { page.to_owned() } else { format!("{page}?resume={sealed}") }
}
