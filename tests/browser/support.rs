//! A headless Chromium with an empty profile, driven through ChromeDriver, and gone when the test ends, however it ends.

use fantoccini::{
    Client, ClientBuilder, Locator,
    wd::{Capabilities, WebDriverCompatibleCommand},
};
use hyper_util::client::legacy::connect::HttpConnector;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;
use url::{ParseError, Url};

const SWITCHES: &[&str] = &[
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-breakpad",
    "--disable-crash-reporter",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-default-apps",
    "--disable-extensions",
    "--metrics-recording-only",
    "--password-store=basic",
    "--use-mock-keychain",
    "--disable-features=OptimizationHints,MediaRouter,Translate,PasswordLeakDetection",
    "--window-size=1200,800",
    "--no-proxy-server",
];

/// Whether pages may run scripts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scripts {
    On,
    Off,
}

/// One browser. The driver is dropped before the profile that its browser writes to.
pub(super) struct Browser {
    client: Client,
    _driver: Driver,
    _profile: TempDir,
}

impl Browser {
    pub(super) async fn open(scripts: Scripts) -> Self {
        let profile = tempfile::tempdir().unwrap();
        let mut driver = Driver::start();
        let mut builder = ClientBuilder::new(HttpConnector::new());
        let client = builder.capabilities(capabilities(&profile, scripts)).connect(&driver.address).await.unwrap();
        let process = client.capabilities().unwrap()["goog:processID"].as_i64().unwrap();
        driver.browser = Some(Pid::from_raw(i32::try_from(process).unwrap()));
        Self { client, _driver: driver, _profile: profile }
    }

    pub(super) async fn go(&self, address: &str) {
        self.client.goto(address).await.unwrap();
    }

    pub(super) async fn address(&self) -> String {
        self.client.current_url().await.unwrap().to_string()
    }

    pub(super) async fn title(&self) -> String {
        self.client.title().await.unwrap()
    }

    /// The text of the first element that matches, as soon as there is one.
    pub(super) async fn text(&self, css: &str) -> String {
        let element = self.client.wait().at_most(Duration::from_secs(10)).for_element(Locator::Css(css)).await.unwrap();
        element.text().await.unwrap()
    }

    /// The text of every element that matches.
    pub(super) async fn texts(&self, css: &str) -> Vec<String> {
        let mut texts = Vec::new();
        for element in self.client.find_all(Locator::Css(css)).await.unwrap() {
            texts.push(element.text().await.unwrap());
        }
        texts
    }

    /// Waits for a page whose heading contains this.
    pub(super) async fn arrives_at(&self, heading: &str) {
        let matching = format!("//h1[contains(., '{heading}')]");
        let found = self.client.wait().at_most(Duration::from_secs(10)).for_element(Locator::XPath(&matching)).await;
        if found.is_err() {
            panic!("no heading `{heading}` at {}: {}", self.address().await, self.texts("main").await.join("\n"));
        }
    }

    /// Types into the field that has this label, which proves that it has one.
    pub(super) async fn fill(&self, label: &str, value: &str) {
        let labelled = format!("//input[@id = //label[normalize-space() = '{label}']/@for]");
        let field = self.client.find(Locator::XPath(&labelled)).await.unwrap();
        field.clear().await.unwrap();
        field.send_keys(value).await.unwrap();
    }

    /// Clicks the button or link with this text.
    pub(super) async fn press(&self, text: &str) {
        let control = format!("//*[self::a or self::button][normalize-space() = '{text}']");
        self.client.find(Locator::XPath(&control)).await.unwrap().click().await.unwrap();
    }

    /// What the browser complained about on its console, policy violations above all. Not the status of a refusal.
    pub(super) async fn complaints(&self) -> Vec<String> {
        let entries = self.client.issue_cmd(ConsoleLog).await.unwrap();
        let texts = entries.as_array().unwrap().iter().map(|entry| entry["message"].as_str().unwrap().to_owned());
        texts.filter(|text| !text.contains("the server responded with a status of 4")).collect()
    }
}

fn capabilities(profile: &TempDir, scripts: Scripts) -> Capabilities {
    let profile = format!("--user-data-dir={}", profile.path().display());
    let arguments: Vec<_> = SWITCHES.iter().copied().chain([profile.as_str()]).collect();
    let setting = if scripts == Scripts::On { 1 } else { 2 };
    let options = json!({
        "binary": "/usr/bin/chromium",
        "args": arguments,
        "prefs": {"profile.managed_default_content_settings.javascript": setting},
    });
    let logs = json!({"browser": "ALL"});
    Capabilities::from_iter([("goog:chromeOptions".to_owned(), options), ("goog:loggingPrefs".to_owned(), logs)])
}

/// `POST /session/{id}/se/log`, of ChromeDriver: the console since the last call.
#[derive(Debug)]
struct ConsoleLog;

impl WebDriverCompatibleCommand for ConsoleLog {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        base.join(&format!("session/{}/se/log", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &Url) -> (hyper::Method, Option<String>) {
        let body: Value = json!({"type": "browser"});
        (hyper::Method::POST, Some(body.to_string()))
    }
}

/// ChromeDriver on a free port, and the browser that it started.
struct Driver {
    process: Child,
    browser: Option<Pid>,
    address: String,
}

impl Driver {
    fn start() -> Self {
        let mut command = Command::new("/usr/bin/chromedriver");
        command.args(["--port=0", "--allowed-ips=127.0.0.1"]).stdin(Stdio::null()).stdout(Stdio::piped());
        let mut process = command.stderr(Stdio::null()).spawn().expect("chromedriver; `make setup` installs it");
        let lines = BufReader::new(process.stdout.take().unwrap()).lines().map_while(Result::ok);
        let port = { lines }.find_map(|line| {
            line.split_once("started successfully on port ").map(|(_, port)| port.trim_end_matches('.').to_owned())
        });
        Self { process, browser: None, address: format!("http://127.0.0.1:{}", port.unwrap()) }
    }
}

impl Drop for Driver {
    /// ChromeDriver leaves its browser behind when it is killed, so the browser goes first.
    fn drop(&mut self) {
        let driver = Pid::from_raw(i32::try_from(self.process.id()).unwrap());
        for process in self.browser.into_iter().chain([driver]) {
            let _ = kill(process, Signal::SIGKILL);
        }
        let _ = self.process.wait();
    }
}
