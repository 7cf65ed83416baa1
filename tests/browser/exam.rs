//! One exam, from the sign-in to the letter.

use evenhand::app::Running;
use evenhand::command::demo::{self, Built, Options};
use evenhand::config::Config;
use evenhand::domain::ids::AttemptId;
use evenhand::domain::timing::Instant;
use evenhand::domain::vocabulary::Role;
use evenhand::store::Store;
use evenhand::world::World;

use super::driver::{Browser, Driver};

const PROSE: &str = "The visitor slows down and watches with the mother. She names what the baby does and waits.\n\n\
     In supervision I would bring my own wish to hurry.";

pub(super) struct Stage {
    pub running: Running,
    pub built: Built,
    _folder: tempfile::TempDir,
}

impl Stage {
    pub async fn set() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let mut config = Config::in_folder(folder.path().join("data"));
        config.listen = ([127, 0, 0, 1], 0).into();
        config.public_url = format!("http://{}", config.listen);
        config.workers = 1;
        std::fs::create_dir_all(&config.data).expect("the data folder");
        let options = Options {
            port: 0,
            data: None,
            examinees: 1,
            reviewers: 4,
            part_one_seconds: 5400,
            part_two_seconds: 5400,
            json: true,
        };
        let store = Store::open(config.database.clone(), World::system()).expect("a store");
        let Ok(built) = demo::build(&store, &options).await else { panic!("the demonstration can be built") };
        drop(store);
        let running = Running::start(config, World::system()).await.expect("the server starts");
        Self { running, built, _folder: folder }
    }

    pub fn account(&self, role: Role, number: usize) -> (&str, &str) {
        let account = self.built.accounts.iter().filter(|a| a.role == role).nth(number).expect("the account");
        (&account.email, &account.password)
    }

    pub async fn enter(&self, browser: &Browser, role: Role, number: usize) {
        let (email, password) = self.account(role, number);
        browser.client.delete_all_cookies().await.expect("cookies can go");
        browser.sign_in(&self.running.base_url, email, password).await;
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.running.base_url)
    }
}

/// The id at the end of the address shown.
async fn id_here(browser: &Browser) -> String {
    let url = browser.client.current_url().await.expect("an address");
    url.path_segments().and_then(Iterator::last).unwrap_or_default().to_owned()
}

pub(super) async fn saved(browser: &Browser) {
    browser.until("everything is saved", "return document.querySelector('#save').dataset.state === 'saved'").await;
}

async fn sit_part_one(stage: &Stage, browser: &Browser) -> AttemptId {
    browser.go(&stage.url("/exams")).await;
    browser.picture("examinee-exams").await;
    browser.click("main a[href^='/exams/']").await;
    browser.picture("examinee-agreement").await;
    browser.click("form[action$='/agreement'] button").await;
    browser.wait("form[action$='/parts/one/start'] button").await;
    browser.picture("examinee-admission").await;
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
            browser.picture("examinee-room-offline").await;
            browser.offline(false).await;
        }
        if question == 30 {
            browser.press("f").await;
            browser.picture("examinee-room-one").await;
        }
        browser.press("n").await;
    }
    saved(browser).await;
    browser.click(".to-review").await;
    browser.picture("examinee-review").await;
    browser.click("#submit").await;
    browser.wait("form[action$='/parts/two/start'], a[href^='/exams/']").await;
    browser.until("the receipt shows", "return !document.querySelector('#room')").await;
    browser.picture("examinee-receipt").await;
    attempt
}

async fn sit_part_two(stage: &Stage, browser: &Browser) -> AttemptId {
    browser.go(&stage.url("/exams")).await;
    browser.click("main a[href^='/exams/']").await;
    browser.picture("examinee-break").await;
    browser.click("form[action$='/parts/two/start'] button").await;
    browser.fill("#answer-1", PROSE).await;
    browser.picture("examinee-room-two").await;
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
async fn review_all(stage: &Stage, browser: &Browser, number: usize, level: usize, verdict: &str) -> usize {
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
            browser.picture("reviewer-queue").await;
        }
        browser.click("main a.button.primary").await;
        browser.wait("#review").await;
        let score = format!(
            "for (const set of document.querySelectorAll('[data-criterion]')) {{ const levels = set.querySelectorAll('input[type=radio]'); \
             levels[{level}].click(); }} document.querySelector('input[name=verdict][value={verdict}]').click();"
        );
        browser.client.execute(&score, vec![]).await.expect("a script runs");
        browser
            .fill("#remarks_for_examinee", "You stayed with what you saw. Say more about what you would do next.")
            .await;
        if number == 0 && sealed == 0 {
            browser.picture("reviewer-desk").await;
        }
        browser.click("#seal").await;
        browser.click("#seal-confirm").await;
        browser
            .until("the review is sealed", "return !document.querySelector('#seal-confirm')?.closest('dialog')?.open")
            .await;
        sealed += 1;
    }
}

async fn release(stage: &Stage, browser: &Browser) {
    let sitting = stage.built.sitting.clone();
    stage.enter(browser, Role::Coordinator, 0).await;
    browser.go(&stage.url(&format!("/sittings/{sitting}/release"))).await;
    browser.wait("form[action$='/releases'] button").await;
    browser.picture("coordinator-release-gate").await;
    browser.click("form[action$='/releases'] button").await;
    browser.until("the release is prepared", "return location.pathname.startsWith('/releases/')").await;
    let release = id_here(browser).await;
    stage.enter(browser, Role::Coordinator, 1).await;
    browser.go(&stage.url(&format!("/releases/{release}"))).await;
    browser.picture("coordinator-approval").await;
    browser.click("form[action$='/approval'] button").await;
    browser.wait("form[action$='/recall'] button").await;
    browser.picture("coordinator-released").await;
}

async fn allocate(stage: &Stage, browser: &Browser) {
    let sitting = stage.built.sitting.clone();
    stage.enter(browser, Role::Coordinator, 0).await;
    browser.picture("coordinator-desk").await;
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
        browser.picture(name).await;
    }
    browser.go(&stage.url(&format!("/sittings/{sitting}/marking"))).await;
    browser.click("form[action$='/allocation'] button[value=true]").await;
    browser.picture("coordinator-allocation").await;
    browser.click("form[action$='/allocation'] button[value=false]").await;
    browser.wait("main h1").await;
    browser.picture("coordinator-marking").await;
}

async fn read_result(stage: &Stage, browser: &Browser) {
    stage.enter(browser, Role::Examinee, 0).await;
    browser.go(&stage.url("/results")).await;
    browser.wait("main a[href$='/letter']").await;
    browser.picture("examinee-results").await;
    let shown = browser.text("main").await;
    assert!(shown.contains("Say more about what you would do next."), "the remarks reach the examinee: {shown}");
    browser.click("main a[href$='/letter']").await;
    browser.wait("main h1").await;
    browser.picture("examinee-letter").await;
    browser.go(&stage.url("/inbox")).await;
    browser.picture("examinee-inbox").await;
}

/// What the database holds of a part: by position, the letter or the prose.
async fn stored(stage: &Stage, attempt: &AttemptId) -> Vec<(i64, String)> {
    let (store, attempt) = (&stage.running.web.office.store, attempt.clone());
    store
        .read(Instant(0), move |tx| {
            Ok(tx.answers(&attempt)?.into_iter().filter_map(|a| Some((a.position, a.choice.or(a.body)?))).collect())
        })
        .await
        .expect("answers can be read")
}

#[actix_web::test]
async fn a_whole_exam() {
    let stage = Stage::set().await;
    let driver = Driver::start();
    let browser = driver.browser(1280, 900).await;
    browser.go(&stage.url("/")).await;
    browser.picture("landing").await;
    browser.go(&stage.url("/sign-in")).await;
    browser.picture("sign-in").await;

    stage.enter(&browser, Role::Examinee, 0).await;
    let one = sit_part_one(&stage, &browser).await;
    let chosen: Vec<(i64, String)> = (1..=60).map(|position| (position, "a".to_owned())).collect();
    assert_eq!(stored(&stage, &one).await, chosen, "the database holds exactly what was pressed");
    let two = sit_part_two(&stage, &browser).await;
    assert_eq!(stored(&stage, &two).await, [(1, PROSE.to_owned()), (2, PROSE.to_owned())]);

    allocate(&stage, &browser).await;
    let mut sealed = 0;
    // The first reviewer differs from all others, so that a third reading is called where they read; whoever is called
    // finds it in the second round.
    for _round in 0..2 {
        for number in 0..4 {
            let (level, verdict) = if number == 0 { (1, "fail") } else { (4, "pass") };
            sealed += review_all(&stage, &browser, number, level, verdict).await;
        }
    }
    assert!((4..=6).contains(&sealed), "two scripts are read twice, or three times: {sealed}");
    release(&stage, &browser).await;
    read_result(&stage, &browser).await;

    let findings = stage.running.web.office.store.read(Instant(i64::MAX), |tx| tx.invariants()).await;
    assert_eq!(findings.ok(), Some(Vec::new()));
    browser.client.close().await.expect("the browser closes");
    stage.running.stop().await;
}
