//! One exam, from the sign-in to the letter: an examinee sits both parts, losing the network on the way; reviewers score;
//! one coordinator prepares the release, another approves it; the examinee reads the result.

use evenhand::domain::ids::AttemptId;
use evenhand::domain::timing::Instant;
use evenhand::domain::vocabulary::Role;

use super::driver::{Browser, Driver};
use super::look::Look;
use super::stage::{PROSE, Stage, id_here, saved};

async fn sit_part_one(stage: &Stage, browser: &Browser, look: &Look) -> AttemptId {
    browser.go(&stage.url("/exams")).await;
    look.at(browser, "examinee-exams").await;
    browser.click("main a[href^='/exams/']").await;
    look.at(browser, "examinee-agreement").await;
    browser.click("form[action$='/agreement'] button").await;
    browser.wait("form[action$='/parts/one/start'] button").await;
    look.at(browser, "examinee-admission").await;
    browser.click("form[action$='/parts/one/start'] button").await;
    browser.wait("#work input[type=radio]").await;
    let attempt = AttemptId(id_here(browser).await);
    browser
        .until("the time is explained", "return document.querySelector('#sum').textContent.includes('1:30:00')")
        .await;
    for question in 1..=60 {
        if question == 20 {
            browser.offline(true).await;
        }
        browser.press("a").await;
        if question == 24 {
            browser
                .until(
                    "the line tells that we are offline",
                    "return document.querySelector('#save').dataset.state === 'offline'",
                )
                .await;
            look.at(browser, "examinee-room-offline").await;
            browser.offline(false).await;
        }
        if question == 30 {
            browser.press("f").await;
            look.at(browser, "examinee-room-one").await;
            browser.click(".settings summary").await;
            look.at(browser, "examinee-settings").await;
            browser.click("#list-view").await;
            look.at(browser, "examinee-list").await;
            browser.click("#list-view").await;
            browser.click(".settings summary").await;
        }
        browser.press("n").await;
    }
    saved(browser).await;
    browser.click(".to-review").await;
    look.at(browser, "examinee-review").await;
    browser.click("#submit").await;
    browser.wait("form[action$='/parts/two/start'], a[href^='/exams/']").await;
    browser.until("the receipt shows", "return !document.querySelector('#room')").await;
    look.at(browser, "examinee-receipt").await;
    attempt
}

async fn sit_part_two(stage: &Stage, browser: &Browser, look: &Look) -> AttemptId {
    browser.go(&stage.url("/exams")).await;
    browser.click("main a[href^='/exams/']").await;
    look.at(browser, "examinee-break").await;
    browser.click("form[action$='/parts/two/start'] button").await;
    browser.fill("#answer-1", PROSE).await;
    look.at(browser, "examinee-room-two").await;
    browser.click(".earlier").await;
    browser
        .until("the versions are there", "return !!document.querySelector('#versions[open] #versions-body .soft')")
        .await;
    look.at(browser, "examinee-versions").await;
    browser.click("#versions-close").await;
    browser.click(".tabs button:nth-of-type(2)").await;
    browser.fill("#answer-2", PROSE).await;
    saved(browser).await;
    let attempt = AttemptId(id_here(browser).await);
    browser.click(".to-review").await;
    browser.click("#submit").await;
    browser.until("the receipt shows", "return !document.querySelector('#room')").await;
    attempt
}

/// Scores everything in a reviewer's queue; returns how many scripts that were.
async fn review_all(
    stage: &Stage,
    browser: &Browser,
    look: &Look,
    number: usize,
    level: usize,
    verdict: &str,
) -> usize {
    stage.enter(browser, Role::Reviewer, number).await;
    let mut sealed = 0;
    loop {
        browser.go(&stage.url("/marking")).await;
        browser.wait("main h1").await;
        let open = "return [...document.querySelectorAll('main a.button.primary')].length > 0";
        if browser.client.execute(open, vec![]).await.expect("a script runs") != serde_json::Value::Bool(true) {
            return sealed;
        }
        if number == 0 && sealed == 0 {
            look.at(browser, "reviewer-queue").await;
        }
        browser.click("main a.button.primary").await;
        browser.wait("#review").await;
        let score = format!(
            "for (const set of document.querySelectorAll('fieldset[data-criterion]')) {{ const levels = set.querySelectorAll('input[type=radio]'); \
             levels[{level}].click(); }} document.querySelector('input[name=verdict][value={verdict}]').click();"
        );
        browser.client.execute(&score, vec![]).await.expect("a script runs");
        browser
            .fill("#remarks_for_examinee", "You stayed with what you saw. Say more about what you would do next.")
            .await;
        if number == 0 && sealed == 0 {
            look.at(browser, "reviewer-desk").await;
        }
        browser.click("#seal").await;
        browser.click("#seal-confirm").await;
        browser
            .until("the review is sealed", "return !document.querySelector('#seal-confirm')?.closest('dialog')?.open")
            .await;
        sealed += 1;
    }
}

async fn release(stage: &Stage, browser: &Browser, look: &Look) {
    let sitting = stage.house.built.sitting.clone();
    stage.enter(browser, Role::Coordinator, 0).await;
    browser.go(&stage.url(&format!("/sittings/{sitting}/release"))).await;
    browser.wait("form[action$='/releases'] button").await;
    look.at(browser, "coordinator-release-gate").await;
    browser.click("form[action$='/releases'] button").await;
    browser.until("the release is prepared", "return location.pathname.startsWith('/releases/')").await;
    let release = id_here(browser).await;
    stage.enter(browser, Role::Coordinator, 1).await;
    browser.go(&stage.url(&format!("/releases/{release}"))).await;
    look.at(browser, "coordinator-approval").await;
    browser.click("form[action$='/approval'] button").await;
    browser.wait("form[action$='/recall'] button").await;
    look.at(browser, "coordinator-released").await;
}

async fn allocate(stage: &Stage, browser: &Browser, look: &Look) {
    let sitting = stage.house.built.sitting.clone();
    stage.enter(browser, Role::Coordinator, 0).await;
    look.at(browser, "coordinator-desk").await;
    for (path, name) in [
        (format!("/sittings/{sitting}"), "coordinator-sitting"),
        (format!("/sittings/{sitting}/board"), "proctor-board"),
        ("/sittings".into(), "coordinator-sittings"),
        ("/sittings/new".into(), "coordinator-sitting-new"),
        ("/people".into(), "coordinator-people"),
        ("/authorisations/import".into(), "coordinator-import"),
        ("/audit".into(), "coordinator-audit"),
    ] {
        browser.go(&stage.url(&path)).await;
        browser.wait("main h1").await;
        look.at(browser, name).await;
    }
    browser.go(&stage.url(&format!("/sittings/{sitting}/marking"))).await;
    browser.click("form[action$='/allocation'] button[value=true]").await;
    look.at(browser, "coordinator-allocation").await;
    browser.click("form[action$='/allocation'] button[value=false]").await;
    browser.wait("main h1").await;
    look.at(browser, "coordinator-marking").await;
}

async fn read_result(stage: &Stage, browser: &Browser, look: &Look) {
    stage.enter(browser, Role::Examinee, 0).await;
    browser.go(&stage.url("/results")).await;
    browser.wait("main a[href$='/letter']").await;
    look.at(browser, "examinee-results").await;
    let shown = browser.text("main").await;
    assert!(shown.contains("Say more about what you would do next."), "the remarks reach the examinee: {shown}");
    browser.click("main a[href$='/letter']").await;
    browser.wait("main h1").await;
    look.at(browser, "examinee-letter").await;
    browser.go(&stage.url("/inbox")).await;
    look.at(browser, "examinee-inbox").await;
}

#[actix_web::test]
async fn a_whole_exam() {
    let stage = Stage::set(4).await;
    let (driver, look) = (Driver::start(), Look::new());
    let browser = driver.browser(1280, 900).await;
    browser.go(&stage.url("/")).await;
    look.at(&browser, "landing").await;
    browser.go(&stage.url("/sign-in")).await;
    look.at(&browser, "sign-in").await;

    stage.enter(&browser, Role::Examinee, 0).await;
    let one = sit_part_one(&stage, &browser, &look).await;
    let chosen: Vec<(i64, String)> = (1..=60).map(|position| (position, "a".to_owned())).collect();
    assert_eq!(stage.stored(&one).await, chosen, "the database holds exactly what was pressed");
    let two = sit_part_two(&stage, &browser, &look).await;
    assert_eq!(stage.stored(&two).await, [(1, PROSE.to_owned()), (2, PROSE.to_owned())]);

    allocate(&stage, &browser, &look).await;
    let mut sealed = 0;
    // The first reviewer differs from all others, so that a third reading is called where they read; whoever is called
    // finds it in the second round.
    for _round in 0..2 {
        for number in 0..4 {
            let (level, verdict) = if number == 0 { (1, "fail") } else { (4, "pass") };
            sealed += review_all(&stage, &browser, &look, number, level, verdict).await;
        }
    }
    assert!((4..=6).contains(&sealed), "two scripts are read twice, or three times: {sealed}");
    release(&stage, &browser, &look).await;
    read_result(&stage, &browser, &look).await;

    let findings = stage.running.web.office.store.read(Instant(i64::MAX), |tx| tx.invariants()).await;
    assert_eq!(findings.ok(), Some(Vec::new()));
    look.close();
    browser.client.close().await.expect("the browser closes");
    stage.running.stop().await;
}
