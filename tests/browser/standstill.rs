//! The room stands still: whoever opens the paper then sees nothing of it, and it comes by itself when the room goes on. And
//! what a proctor says and decides is told where it is read: to the examinee, and on every board.

use evenhand::domain::vocabulary::Role;
use serde_json::{Value, json};

use super::driver::{Browser, Driver};
use super::look::Look;
use super::stage::{Stage, id_here};

const CHOICES: &str = "#work input[type=radio]";

/// One call of the interface, as a page of that browser makes it.
async fn call(browser: &Browser, method: &str, path: &str, body: Value) -> Value {
    let asked = "const [method, path, body, done] = arguments; \
        fetch('/api/v1' + path, { method, headers: { 'Content-Type': 'application/json' }, body: body === null ? undefined : JSON.stringify(body) })\
        .then((answer) => answer.json()).then(done)";
    browser.ask_later(asked, vec![json!(method), json!(path), body]).await
}

/// Waits until a log of the board says something.
async fn log_says(board: &Browser, log: &str, text: &str) {
    let said = format!(
        "return document.querySelector('[data-log={log}]:not([hidden])')?.textContent.includes('{text}') === true"
    );
    board.until(&format!("{log}: {text}"), &said).await;
}

#[actix_web::test]
async fn the_room_stands_still_and_goes_on() {
    let stage = Stage::set(0).await;
    let driver = Driver::start();
    let (desk, board) = (driver.browser(1280, 900).await, driver.browser(1280, 900).await);
    let look = Look::new();
    stage.enter(&desk, Role::Examinee, 0).await;
    stage.enter(&board, Role::Proctor, 0).await;
    desk.go(&stage.url("/exams")).await;
    desk.click("main a[href^='/exams/']").await;
    desk.click("form[action$='/agreement'] button").await;
    desk.click("form[action$='/parts/one/start'] button").await;
    desk.wait(CHOICES).await;
    desk.keys("a").await;
    let attempt = id_here(&desk).await;
    let sitting = format!("/sittings/{}", stage.house.built.sitting);
    board.go(&stage.url(&format!("{sitting}/board"))).await;
    board.wait("#board tr[data-key]").await;
    let mark = "window.untouched = true; return document.querySelector('#board tr[data-key]').dataset.key";
    board.ask(mark, vec![]).await;

    // Everything stops. The page is covered; opened anew it holds nothing that could be uncovered.
    call(&board, "POST", &format!("{sitting}/pause"), json!({ "reason": "Fire alarm" })).await;
    let covered = "return !document.getElementById('curtain').hidden && document.getElementById('work').hidden";
    desk.until("the page is covered", covered).await;
    desk.client.refresh().await.expect("the page opens");
    desk.until("the new page is covered", covered).await;
    look.at(&desk, "standstill-covered").await;
    assert_eq!(desk.ask("return document.querySelectorAll('.question').length", vec![]).await, json!(0));
    assert_eq!(call(&desk, "GET", &format!("/attempts/{attempt}"), Value::Null).await["questions"], json!([]));
    call(&board, "POST", &format!("{sitting}/resume"), Value::Null).await;
    desk.wait(".question:not([hidden]) input:checked").await;
    let shown = "return document.getElementById('curtain').hidden && !document.getElementById('work').hidden";
    desk.until("the paper is shown", shown).await;

    // The board's logs grow by themselves.
    call(&board, "POST", &format!("{sitting}/messages"), json!({ "text": "The blinds stay down." })).await;
    log_says(&board, "messages", "The blinds stay down.").await;
    let incident = json!({ "kind": "technical", "note": "The projector failed." });
    call(&board, "POST", &format!("{sitting}/incidents"), incident).await;
    log_says(&board, "incidents", "The projector failed.").await;

    // A part that is ended says why: in the room, on the receipt, on the board.
    let reason = json!({ "reason": "You were taken ill." });
    call(&board, "POST", &format!("/attempts/{attempt}/close"), reason).await;
    let told = "return document.getElementById('alert')?.textContent.includes('You were taken ill.') === true";
    desk.until("the room says why", told).await;
    desk.wait(".receipt").await;
    assert!(desk.text(".receipt").await.contains("You were taken ill."));
    look.at(&desk, "standstill-receipt").await;
    log_says(&board, "closings", "You were taken ill.").await;
    look.at(&board, "standstill-board").await;
    assert_eq!(board.ask("return window.untouched", vec![]).await, json!(true), "the board was never loaded anew");
    look.close();
    for one in [desk, board] {
        one.client.close().await.expect("the browser closes");
    }
}
