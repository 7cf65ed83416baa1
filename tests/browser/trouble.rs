//! An exam in which everything goes wrong that can, in both parts: the network is cut, the tab is killed, the server is
//! killed while somebody types, another device takes over. In the end the server holds exactly what was typed.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::ops::RangeInclusive;

use evenhand::domain::timing::Instant;
use evenhand::domain::vocabulary::Role;
use evenhand::store::Store;
use evenhand::world::World;
use serde_json::{Value, json};

use super::driver::{Browser, Driver};
use super::look::Look;
use super::stage::{House, id_here, saved};
use crate::kill::process::{Client, Server};

/// How often it is looked whether the device keeps something.
const TRIES: usize = 1_000;

/// What somebody typed: by position, the letter or the prose.
type Typed = BTreeMap<i64, String>;

/// The program as a process, and whoever sits the exam.
struct Outside {
    /// In other hands while it is killed and started again.
    server: Option<Server>,
    address: SocketAddr,
    house: House,
    token: String,
    look: Look,
}

impl Outside {
    async fn set() -> Self {
        let house = House::build(0).await;
        let server = Server::start(&house.config.data, &house.config.database);
        let (email, password) = house.account(Role::Examinee, 0);
        let credentials = json!({ "email": email, "password": password });
        let session = Client::new(server.address, "").call("POST", "/api/v1/session", Some(&credentials));
        let token = session.expect("a session").body["token"].as_str().expect("a token").to_owned();
        Self { address: server.address, server: Some(server), house, token, look: Look::new() }
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    async fn sign_in(&self, browser: &Browser) {
        let (email, password) = self.house.account(Role::Examinee, 0);
        browser.sign_in(&self.url(""), email, password).await;
    }

    /// The attempt as the interface tells it.
    fn told(&self, attempt: &str) -> Value {
        let answer = Client::new(self.address, &self.token).call("GET", &format!("/api/v1/attempts/{attempt}"), None);
        answer.expect("an answer").body
    }

    /// What it says is stored.
    fn stored(&self, attempt: &str) -> Typed {
        let told = self.told(attempt);
        let rows = told["saved"].as_array().unwrap_or_else(|| panic!("no answers: {told}")).iter();
        let stored = rows.filter_map(|row| {
            let body = row["choice"].as_str().or(row["text"].as_str())?;
            Some((row["position"].as_i64()?, body.to_owned()))
        });
        stored.collect()
    }

    /// SIGKILL and a new process, while somebody goes on.
    async fn killed_while(&mut self, meanwhile: impl Future<Output = ()>) {
        let mut server = self.server.take().expect("a server");
        let restarted = tokio::task::spawn_blocking(move || {
            server.kill_and_restart();
            server
        });
        meanwhile.await;
        self.server = Some(restarted.await.expect("the server is there again"));
    }

    /// Submits the part in the browser.
    async fn submit(&self, browser: &Browser) {
        browser.click(".to-review").await;
        browser.click("#submit").await;
        browser.wait(".receipt").await;
    }
}

async fn state(browser: &Browser, state: &str) {
    let asked = format!("return document.querySelector('#save')?.dataset.state === '{state}'");
    browser.until(&format!("the line says {state}"), &asked).await;
}

/// Waits until so many changes are kept on the device itself, the last of them with that body.
async fn kept(browser: &Browser, changes: usize, last: Value) {
    let asked = "const [done] = arguments, opening = indexedDB.open('evenhand', 1); \
        opening.onsuccess = () => { const all = opening.result.transaction('pending').objectStore('pending').getAll(); \
            all.onsuccess = () => { opening.result.close(); done(all.result.map(({ body }) => body)); }; };";
    for _ in 0..TRIES {
        let bodies = browser.ask_later(asked, vec![]).await;
        if bodies.as_array().is_some_and(|bodies| bodies.len() == changes && bodies.last() == Some(&last)) {
            return;
        }
    }
    panic!("{changes} changes are never kept, the last of them {last}");
}

/// The tab dies without a network; once the network is back, a new one opens the room again.
async fn tab_killed(browser: &Browser, room: &str, ready: &str) {
    browser.kill_tab().await;
    browser.offline(true).await;
    assert!(browser.client.goto(room).await.is_err(), "there is no network");
    browser.offline(false).await;
    browser.go(room).await;
    browser.wait(ready).await;
}

/// Waits until events from the server reach the page: only then can it hear that another device goes on.
async fn live(browser: &Browser) {
    browser.until("events arrive", "return document.querySelector('#room')?.dataset.live === 'true'").await;
}

/// The page tells that another device goes on, and lets nothing be changed.
async fn read_only(browser: &Browser, locked: &str) {
    browser.until("it says who goes on", "return !!document.querySelector('#alert:not([hidden]) button')").await;
    let told = browser.text("#alert").await;
    assert!(told.contains("another page or device"), "{told}");
    assert_eq!(browser.ask(locked, vec![]).await, json!(true), "nothing can be changed");
}

// Part One

async fn turn_to(browser: &Browser, question: i64) {
    let shown = "return [...document.querySelectorAll('.question')].findIndex((one) => !one.hidden) + 1";
    loop {
        let here = browser.ask(shown, vec![]).await.as_i64().expect("a number");
        match here.cmp(&question) {
            Ordering::Equal => return,
            Ordering::Less => browser.keys("n").await,
            Ordering::Greater => browser.keys("p").await,
        }
    }
}

async fn choose(browser: &Browser, typed: &mut Typed, questions: RangeInclusive<i64>, letter: &str) {
    for question in questions {
        turn_to(browser, question).await;
        browser.keys(letter).await;
        typed.insert(question, letter.to_owned());
    }
}

/// The choices as the page shows them.
async fn chosen(browser: &Browser) -> Typed {
    let shown = "return [...document.querySelectorAll('.question')].map((one, at) => [at + 1, one.querySelector('input:checked')?.value])";
    let shown = browser.ask(shown, vec![]).await;
    let pairs = shown.as_array().expect("pairs").iter();
    pairs.filter_map(|pair| Some((pair[0].as_i64()?, pair[1].as_str()?.to_owned()))).collect()
}

const CHOICES: &str = "#work input[type=radio]";

async fn part_one(outside: &mut Outside, browser: &Browser, telephone: &Browser) {
    browser.click("main a[href^='/exams/']").await;
    browser.click("form[action$='/agreement'] button").await;
    browser.click("form[action$='/parts/one/start'] button").await;
    browser.wait(CHOICES).await;
    let attempt = id_here(browser).await;
    let room = outside.url(&format!("/attempts/{attempt}"));
    let mut typed = Typed::new();

    choose(browser, &mut typed, 1..=5, "a").await;
    saved(browser).await;
    browser.offline(true).await;
    choose(browser, &mut typed, 6..=10, "b").await;
    state(browser, "offline").await;
    kept(browser, 5, json!({ "choice": "b" })).await;
    outside.look.at(browser, "trouble-offline-one").await;
    tab_killed(browser, &room, CHOICES).await;
    assert_eq!(chosen(browser).await, typed, "what was kept is shown again");
    saved(browser).await;
    assert_eq!(outside.stored(&attempt), typed, "what was kept without a network is stored");

    outside.killed_while(choose(browser, &mut typed, 3..=20, "c")).await;
    saved(browser).await;
    assert_eq!(outside.stored(&attempt), typed, "what was chosen while the server was dead is stored");

    live(browser).await;
    telephone.go(&room).await;
    telephone.wait(CHOICES).await;
    let locked = "return [...document.querySelectorAll('#work input')].every((one) => one.disabled)";
    read_only(browser, locked).await;
    browser.keys("d").await;
    outside.look.at(browser, "trouble-taken-over").await;
    assert_eq!(chosen(browser).await, typed);
    assert_eq!(chosen(telephone).await, typed);
    choose(telephone, &mut typed, 21..=24, "d").await;
    saved(telephone).await;
    telephone.picture("trouble-telephone-one").await;

    live(telephone).await;
    browser.click("#alert button").await;
    browser.wait(&format!(".question:nth-of-type(24) {CHOICES_CHECKED}")).await;
    assert_eq!(chosen(browser).await, typed, "it is the same work");
    read_only(telephone, locked).await;
    choose(browser, &mut typed, 25..=59, "a").await;
    saved(browser).await;
    assert_eq!(outside.stored(&attempt), typed, "exactly what was typed");
    outside.submit(browser).await;
    let receipt = browser.text(".receipt").await;
    assert!(receipt.contains("59 of 60"), "{receipt}");
}

const CHOICES_CHECKED: &str = "input[type=radio]:checked";

// Part Two

async fn write(browser: &Browser, typed: &mut Typed, vignette: i64, text: &str) {
    let place = "const area = document.getElementById(arguments[0]); area.focus(); area.setSelectionRange(area.value.length, area.value.length)";
    browser.ask(place, vec![json!(format!("answer-{vignette}"))]).await;
    for word in text.split_inclusive(' ') {
        browser.keys(word).await;
        typed.entry(vignette).or_default().push_str(word);
    }
}

/// The prose as the page shows it.
async fn written(browser: &Browser) -> Typed {
    let shown =
        browser.ask("return [...document.querySelectorAll('textarea')].map((area) => area.value)", vec![]).await;
    let texts = shown.as_array().expect("texts").iter().filter_map(Value::as_str);
    (1..).zip(texts.map(str::to_owned)).filter(|(_, text)| !text.is_empty()).collect()
}

async fn part_two(outside: &mut Outside, browser: &Browser, telephone: &Browser) {
    browser.click("main a.button.primary").await;
    browser.click("form[action$='/parts/two/start'] button").await;
    browser.wait("#answer-1").await;
    let attempt = id_here(browser).await;
    let room = outside.url(&format!("/attempts/{attempt}"));
    let mut typed = Typed::new();

    write(browser, &mut typed, 1, "Before the network went I wrote this. ").await;
    saved(browser).await;
    browser.offline(true).await;
    write(browser, &mut typed, 1, "Without it I went on, ").await;
    state(browser, "offline").await;
    write(browser, &mut typed, 1, "and on, ").await;
    kept(browser, 1, json!({ "text": typed[&1] })).await;
    outside.look.at(browser, "trouble-offline-two").await;
    tab_killed(browser, &room, "#answer-1").await;
    assert_eq!(written(browser).await, typed, "what was kept is shown again");
    saved(browser).await;
    assert_eq!(outside.stored(&attempt), typed, "what was kept without a network is stored");

    let hurry = "and while the server was killed I never stopped writing, word after word after word after word. ";
    outside.killed_while(write(browser, &mut typed, 1, hurry)).await;
    saved(browser).await;
    assert_eq!(outside.stored(&attempt), typed, "what was written while the server was dead is stored");

    live(browser).await;
    telephone.go(&room).await;
    telephone.wait("#answer-1").await;
    let locked = "return [...document.querySelectorAll('textarea')].every((area) => area.readOnly)";
    read_only(browser, locked).await;
    browser.keys("nobody reads this").await;
    assert_eq!(written(browser).await, typed);
    telephone.click(".tab:nth-of-type(2)").await;
    write(telephone, &mut typed, 2, "On the telephone I take the other one. ").await;
    saved(telephone).await;
    telephone.picture("trouble-telephone-two").await;

    live(telephone).await;
    browser.click("#alert button").await;
    browser.until("it is the same work", "return document.getElementById('answer-2')?.value.length > 0").await;
    assert_eq!(written(browser).await, typed);
    read_only(telephone, locked).await;
    browser.click(".tab:nth-of-type(2)").await;
    write(browser, &mut typed, 2, "Back at the desk I finish it.").await;
    saved(browser).await;
    assert_eq!(outside.stored(&attempt), typed, "exactly what was typed");
    outside.submit(browser).await;
    let receipt = browser.text(".receipt").await;
    assert!(receipt.contains("2 of 2"), "{receipt}");
}

#[actix_web::test]
async fn an_exam_in_which_everything_goes_wrong() {
    let mut outside = Outside::set().await;
    let driver = Driver::start();
    let (browser, telephone) = (driver.browser(1280, 900).await, driver.browser(500, 800).await);
    telephone.screen(Some((360, 740, 1))).await;
    for one in [&browser, &telephone] {
        outside.sign_in(one).await;
        one.go(&outside.url("/exams")).await;
    }
    part_one(&mut outside, &browser, &telephone).await;
    part_two(&mut outside, &browser, &telephone).await;
    outside.look.close();
    for one in [browser, telephone] {
        one.client.close().await.expect("the browser closes");
    }
    drop(outside.server.take());
    let store = Store::open(outside.house.config.database.clone(), World::system()).expect("the store");
    let findings = store.read(Instant(i64::MAX), |tx| tx.invariants()).await;
    assert_eq!(findings.ok(), Some(Vec::new()));
}
