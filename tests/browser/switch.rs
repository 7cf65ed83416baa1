//! Several pages on one part: the one opened last goes on with the work, whichever connects when. An earlier one that comes
//! back becomes read-only and says so; what it kept is stored, unless the later one has changed the same.

use evenhand::domain::ids::AttemptId;
use evenhand::domain::vocabulary::Role;
use serde_json::{Value, json};

use super::driver::{Browser, Driver};
use super::stage::{Stage, id_here, saved};

const CHOICES: &str = "#work input[type=radio]";
const LOCKED: &str = "return [...document.querySelectorAll('#work input')].every((one) => one.disabled)";

/// The choice at a position, as the page shows it.
async fn shows(browser: &Browser, question: i64, letter: &str) {
    let chosen = format!(
        "return document.querySelector('.question:nth-of-type({question}) input:checked')?.value === '{letter}'"
    );
    browser.until(&format!("question {question} shows {letter}"), &chosen).await;
}

async fn state(browser: &Browser, state: &str) {
    let asked = format!("return document.querySelector('#save')?.dataset.state === '{state}'");
    browser.until(&format!("the line says {state}"), &asked).await;
}

async fn live(browser: &Browser) {
    browser.until("events arrive", "return document.querySelector('#room')?.dataset.live === 'true'").await;
}

async fn read_only(browser: &Browser) {
    browser.until("it says who goes on", "return !!document.querySelector('#alert:not([hidden]) button')").await;
    browser.until("nothing can be changed", LOCKED).await;
}

async fn goes_on(browser: &Browser) {
    assert_eq!(browser.ask(LOCKED, vec![]).await, Value::Bool(false), "it can be changed");
    assert_eq!(browser.ask("return !!document.querySelector('#alert button')", vec![]).await, json!(false));
}

#[actix_web::test]
async fn the_page_opened_last_goes_on() {
    let stage = Stage::set(0).await;
    let driver = Driver::start();
    let (desk, telephone) = (driver.browser(1280, 900).await, driver.browser(500, 800).await);
    for one in [&desk, &telephone] {
        stage.enter(one, Role::Examinee, 0).await;
        one.go(&stage.url("/exams")).await;
    }
    desk.click("main a[href^='/exams/']").await;
    desk.click("form[action$='/agreement'] button").await;
    desk.click("form[action$='/parts/one/start'] button").await;
    desk.wait(CHOICES).await;
    let attempt = AttemptId(id_here(&desk).await);
    let room = stage.url(&format!("/attempts/{attempt}"));

    // The desk's network goes; work goes on there, then on the telephone.
    live(&desk).await;
    desk.keys("a").await;
    saved(&desk).await;
    desk.offline(true).await;
    desk.keys("bnc").await;
    state(&desk, "offline").await;
    telephone.go(&room).await;
    telephone.wait(CHOICES).await;
    shows(&telephone, 1, "a").await;
    live(&telephone).await;
    telephone.keys("d").await;
    saved(&telephone).await;

    // It comes back: the telephone goes on, and is told what the desk had kept.
    desk.offline(false).await;
    read_only(&desk).await;
    desk.picture("switch-read-only").await;
    shows(&telephone, 2, "c").await;
    goes_on(&telephone).await;
    shows(&desk, 1, "d").await;
    state(&desk, "saved").await;
    assert_eq!(stage.stored(&attempt).await, [(1, "d".to_owned()), (2, "c".to_owned())]);

    // Where no events come through, asking does the same.
    desk.block(&["*/events*"]).await;
    desk.click("#alert button").await;
    desk.wait(CHOICES).await;
    shows(&desk, 2, "c").await;
    read_only(&telephone).await;
    telephone.block(&["*/events*"]).await;
    telephone.click("#alert button").await;
    telephone.wait(CHOICES).await;
    read_only(&desk).await;
    goes_on(&telephone).await;

    // Two tabs of one browser: the first hears of the second without a network.
    telephone.block(&[]).await;
    let first = telephone.client.window().await.expect("a window");
    let second = telephone.client.new_window(true).await.expect("a tab opens");
    telephone.client.switch_to_window(second.handle).await.expect("the tab is there");
    telephone.go(&room).await;
    telephone.wait(CHOICES).await;
    telephone.keys("nnb").await;
    saved(&telephone).await;
    goes_on(&telephone).await;
    telephone.client.switch_to_window(first).await.expect("the tab is there");
    read_only(&telephone).await;
    telephone.picture("switch-tabs").await;
    assert_eq!(stage.stored(&attempt).await.len(), 3);
    for one in [desk, telephone] {
        one.client.close().await.expect("the browser closes");
    }
}
