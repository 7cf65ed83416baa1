//! A browser under a driver, with what the tests do in it again and again.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::error::ErrorStatus;
use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};

/// How long a page may take to show something, on a machine that does much else.
const PATIENCE: Duration = Duration::from_secs(30);

/// The driver's process; it ends with the test.
pub struct Driver {
    process: Child,
    url: String,
}

impl Driver {
    /// Starts the driver at a port of its own choice.
    pub fn start() -> Self {
        let program = std::env::var("EVENHAND_TEST_CHROMEDRIVER").unwrap_or_else(|_| "chromedriver".into());
        let mut process = Command::new(program)
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver starts; tests/run installs it");
        let said = BufReader::new(process.stdout.take().expect("it was piped"));
        let port = said
            .lines()
            .map_while(Result::ok)
            .find_map(|line| line.split_once("successfully on port ")?.1.trim_end_matches('.').parse::<u16>().ok())
            .expect("the driver says where it listens");
        Self { process, url: format!("http://127.0.0.1:{port}") }
    }

    /// Opens a browser with a profile of its own.
    pub async fn browser(&self, width: u32, height: u32) -> Browser {
        let mut options = json!({ "args": [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--disable-dev-shm-usage", "--force-prefers-reduced-motion", "--lang=en-US", format!("--window-size={width},{height}"),
        ] });
        if let Ok(program) = std::env::var("EVENHAND_TEST_CHROMIUM") {
            options["binary"] = json!(program);
        }
        let mut wanted = serde_json::Map::new();
        wanted.insert("goog:chromeOptions".into(), options);
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(wanted)
            .connect(&self.url)
            .await
            .expect("a browser opens");
        Browser { client }
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Chromium's own command for cutting the network.
#[derive(Debug)]
struct NetworkConditions {
    offline: bool,
}

impl WebDriverCompatibleCommand for NetworkConditions {
    fn endpoint(&self, base: &url::Url, session: Option<&str>) -> Result<url::Url, url::ParseError> {
        base.join(&format!("session/{}/chromium/network_conditions", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &url::Url) -> (http::Method, Option<String>) {
        let conditions = json!({ "offline": self.offline, "latency": 0, "throughput": -1 });
        (http::Method::POST, Some(json!({ "network_conditions": conditions }).to_string()))
    }
}

/// A command of Chromium's own protocol.
#[derive(Debug)]
struct Protocol {
    command: &'static str,
    parameters: Value,
}

impl WebDriverCompatibleCommand for Protocol {
    fn endpoint(&self, base: &url::Url, session: Option<&str>) -> Result<url::Url, url::ParseError> {
        base.join(&format!("session/{}/goog/cdp/execute", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &url::Url) -> (http::Method, Option<String>) {
        (http::Method::POST, Some(json!({ "cmd": self.command, "params": self.parameters }).to_string()))
    }
}

/// An open browser.
pub struct Browser {
    pub client: Client,
}

impl Browser {
    /// Goes to a page.
    pub async fn go(&self, url: &str) {
        self.client.goto(url).await.expect("the page opens");
    }

    /// Waits for an element and clicks it.
    pub async fn click(&self, css: &str) {
        let element = self.wait(css).await;
        element.click().await.unwrap_or_else(|e| panic!("{css} can be clicked: {e}"));
    }

    /// Waits for an element.
    pub async fn wait(&self, css: &str) -> fantoccini::elements::Element {
        match self.client.wait().at_most(PATIENCE).for_element(Locator::Css(css)).await {
            Ok(element) => element,
            Err(error) => {
                let here = self.client.current_url().await.map(|u| u.to_string()).unwrap_or_default();
                self.picture("failure").await;
                panic!("{css} appears at {here}: {error}");
            }
        }
    }

    /// Types into an element.
    pub async fn fill(&self, css: &str, text: &str) {
        self.wait(css).await.send_keys(text).await.expect("the field takes keys");
    }

    /// Presses keys, wherever the focus is.
    pub async fn press(&self, keys: &str) {
        let body = self.client.find(Locator::Css("body")).await.expect("a page has a body");
        body.send_keys(keys).await.expect("the page takes keys");
    }

    /// Presses keys as fingers do: they go to whatever has the focus.
    pub async fn keys(&self, keys: &str) {
        let mut fingers = KeyActions::new("fingers".into());
        for value in keys.chars() {
            fingers = fingers.then(KeyAction::Down { value }).then(KeyAction::Up { value });
        }
        self.client.perform_actions(fingers).await.expect("keys can be pressed");
    }

    /// Presses a key while another is held.
    pub async fn chord(&self, held: char, value: char) {
        let fingers = KeyActions::new("fingers".into())
            .then(KeyAction::Down { value: held })
            .then(KeyAction::Down { value })
            .then(KeyAction::Up { value })
            .then(KeyAction::Up { value: held });
        self.client.perform_actions(fingers).await.expect("keys can be pressed");
    }

    /// What a script answers.
    pub async fn ask(&self, script: &str, with: Vec<Value>) -> Value {
        self.client.execute(script, with).await.unwrap_or_else(|e| panic!("a script runs: {e}"))
    }

    /// What a script answers later, by calling its last argument.
    pub async fn ask_later(&self, script: &str, with: Vec<Value>) -> Value {
        self.client.execute_async(script, with).await.unwrap_or_else(|e| panic!("a script runs: {e}"))
    }

    /// A screen of so many CSS pixels, each of so many of the device's; nothing for the window as it is.
    pub async fn screen(&self, size: Option<(u32, u32, u32)>) {
        let (command, parameters) = match size {
            Some((width, height, scale)) => (
                "Emulation.setDeviceMetricsOverride",
                json!({ "width": width, "height": height, "deviceScaleFactor": scale, "mobile": false }),
            ),
            None => ("Emulation.clearDeviceMetricsOverride", json!({})),
        };
        self.client.issue_cmd(Protocol { command, parameters }).await.expect("the screen can be changed");
        // The page is laid out anew with the next picture, which a click must not come before.
        let drawn = "const [done] = arguments; requestAnimationFrame(() => requestAnimationFrame(() => done(true)))";
        self.ask_later(drawn, vec![]).await;
    }

    /// Lets nothing through to addresses like these.
    pub async fn block(&self, addresses: &[&str]) {
        let enable = Protocol { command: "Network.enable", parameters: json!({}) };
        self.client.issue_cmd(enable).await.expect("the network can be watched");
        let block = Protocol { command: "Network.setBlockedURLs", parameters: json!({ "urls": addresses }) };
        self.client.issue_cmd(block).await.expect("addresses can be blocked");
    }

    /// As somebody sees it who prefers dark pages, or light ones.
    pub async fn dark(&self, dark: bool) {
        let scheme = if dark { "dark" } else { "light" };
        let features = json!([
            { "name": "prefers-color-scheme", "value": scheme },
            { "name": "prefers-reduced-motion", "value": "reduce" },
        ]);
        let command = Protocol { command: "Emulation.setEmulatedMedia", parameters: json!({ "features": features }) };
        self.client.issue_cmd(command).await.expect("the colours can be changed");
    }

    /// The page's tab is closed without a word, and another is opened.
    pub async fn kill_tab(&self) {
        let new = self.client.new_window(true).await.expect("a tab opens");
        self.client.close_window().await.expect("the tab closes");
        self.client.switch_to_window(new.handle).await.expect("the new tab is there");
    }

    /// Waits until a script says true.
    pub async fn until(&self, what: &str, script: &str) {
        let deadline = std::time::Instant::now() + PATIENCE;
        loop {
            let said = self.client.execute(script, vec![]).await;
            match said {
                Ok(Value::Bool(true)) => return,
                // A page that is just being left has no document to ask.
                Err(e) if !matches!(&e, fantoccini::error::CmdError::Standard(s) if s.error == ErrorStatus::UnknownError) =>
                {
                    panic!("{what}: {e}")
                }
                _ => {}
            }
            assert!(std::time::Instant::now() < deadline, "{what}");
            tokio::task::yield_now().await;
        }
    }

    /// What an element says.
    pub async fn text(&self, css: &str) -> String {
        self.wait(css).await.text().await.expect("an element has text")
    }

    /// Cuts or restores the network.
    pub async fn offline(&self, offline: bool) {
        self.client.issue_cmd(NetworkConditions { offline }).await.expect("the driver can cut the network");
    }

    /// Keeps a picture of what is shown.
    pub async fn picture(&self, name: &str) {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/pictures");
        std::fs::create_dir_all(&folder).expect("the folder can be made");
        let png = self.client.screenshot().await.expect("the browser can be pictured");
        std::fs::write(folder.join(format!("{name}.png")), png).expect("the picture can be kept");
    }

    /// Signs in by the form.
    pub async fn sign_in(&self, base: &str, email: &str, password: &str) {
        self.go(&format!("{base}/sign-in")).await;
        self.fill("input[name=email]", email).await;
        self.fill("input[name=password]", password).await;
        self.click("form[action='/sign-in'] button[type=submit], main form button.primary").await;
        self.wait("form[action='/sign-out']").await;
    }
}
