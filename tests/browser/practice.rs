//! Before the day: a practice exam from the button to the right answers, and the system check with the network really cut.

use evenhand::domain::system_check::{Outcome, Probe};
use evenhand::domain::timing::Instant;
use evenhand::domain::vocabulary::Role;

use super::driver::{Browser, Driver};
use super::stage::{Stage, saved};

async fn submit(browser: &Browser) {
    browser.click(".to-review").await;
    browser.click("#submit").await;
    browser.until("the receipt shows", "return !document.querySelector('#room')").await;
}

async fn practise(stage: &Stage, browser: &Browser) {
    browser.go(&stage.url("/exams")).await;
    browser.picture("practice-exams").await;
    browser.click("form[action='/practice'] button").await;
    browser.wait("form[action$='/parts/one/start'] button").await;
    browser.picture("practice-admission").await;
    browser.click("form[action$='/parts/one/start'] button").await;
    browser.wait("#work input[type=radio]").await;
    for question in 1..=9 {
        if question == 3 {
            browser.offline(true).await;
        }
        browser.press("a").await;
        if question == 4 {
            browser
                .until("the line tells it", "return document.querySelector('#save').dataset.state === 'offline'")
                .await;
            browser.offline(false).await;
        }
        browser.press("n").await;
    }
    saved(browser).await;
    browser.picture("practice-room").await;
    submit(browser).await;
    let told = browser.text("main").await;
    assert!(told.contains("This was practice") && told.contains("of 10 right"), "{told}");
    browser.picture("practice-receipt").await;
    browser.click("main .buttons a.primary").await;
    browser.click("form[action$='/parts/two/start'] button").await;
    browser.fill("#answer-1", "Begin with the easiest sentence, and note the next three first.").await;
    saved(browser).await;
    submit(browser).await;
    browser.click("main .buttons a.primary").await;
    browser.wait("form[action='/practice'] button.primary").await;
    browser.picture("practice-finished").await;
}

async fn check_system(stage: &Stage, browser: &Browser) {
    browser.go(&stage.url("/system-check")).await;
    browser.picture("system-check").await;
    browser.click("form[action='/system-check'] button.primary").await;
    browser
        .until("one is asked to cut the network", "return document.querySelector('#pull-out')?.dataset.phase === 'ask'")
        .await;
    browser.picture("system-check-ask").await;
    browser.offline(true).await;
    browser.until("both answers are kept", "return document.querySelector('#pull-out').dataset.phase === 'kept'").await;
    browser.picture("system-check-kept").await;
    browser.offline(false).await;
    browser
        .until("the result is noted", "return document.querySelector('#outcome').dataset.passed !== undefined")
        .await;
    browser.picture("system-check-done").await;
}

#[actix_web::test]
async fn before_the_day() {
    let stage = Stage::set(4).await;
    let driver = Driver::start();
    let browser = driver.browser(1280, 900).await;
    stage.enter(&browser, Role::Examinee, 0).await;
    practise(&stage, &browser).await;
    check_system(&stage, &browser).await;

    let sitting = stage.house.built.sitting.clone();
    let store = &stage.running.web.office.store;
    let checks =
        store.read(Instant(i64::MAX), move |tx| tx.system_checks_in(&sitting)).await.expect("checks can be read");
    let report = checks.into_values().next().expect("a report");
    let found = |probe| report.findings.iter().find(|finding| finding.check == probe).map(|finding| finding.outcome);
    assert_eq!(found(Probe::PullOut), Some(Outcome::Passed), "{report:?}");
    assert!(report.passed, "{report:?}");

    browser.go(&stage.url("/system-check")).await;
    browser.picture("system-check-last").await;
    stage.enter(&browser, Role::Coordinator, 0).await;
    browser.go(&stage.url(&format!("/sittings/{}", stage.house.built.sitting))).await;
    let told = browser.text("main").await;
    assert!(told.contains("System check passed"), "{told}");
    browser.picture("coordinator-seat-check").await;

    let findings = store.read(Instant(i64::MAX), |tx| tx.invariants()).await;
    assert_eq!(findings.ok(), Some(Vec::new()));
    browser.client.close().await.expect("the browser closes");
    stage.running.stop().await;
}
