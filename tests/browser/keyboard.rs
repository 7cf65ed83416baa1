//! The whole exam by keyboard alone, from the sign-in to the last receipt: no pointer is touched, and at each key it is
//! seen where the focus is. Part Two is sat on a screen on which everything is twice as large.

use evenhand::domain::ids::AttemptId;
use evenhand::domain::vocabulary::Role;
use serde_json::json;

use super::driver::{Browser, Driver};
use super::stage::{PROSE, Stage, id_here, saved};

const TAB: char = '\u{e004}';
const ENTER: char = '\u{e007}';
const SHIFT: char = '\u{e008}';
const ESCAPE: char = '\u{e00c}';
const DOWN: char = '\u{e015}';
/// More than the stops of any page.
const STOPS: usize = 150;

/// What is wrong with the focus; nothing when it is in sight. Only what has the focus wears its colour, which a test of the
/// style sheets rules.
const FOCUS: &str = "const at = document.activeElement; \
    if (!at || at === document.body || at === document.documentElement) return 'the focus is lost'; \
    const name = at.outerHTML.slice(0, 120); \
    if (!at.checkVisibility({ visibilityProperty: true })) return `the focus is hidden: ${name}`; \
    const probe = document.createElement('span'); probe.style.color = 'var(--focus)'; document.body.append(probe); \
    const colour = getComputedStyle(probe).color; probe.remove(); \
    const wears = (element) => { const style = getComputedStyle(element); \
        return style.outlineStyle === 'solid' && parseFloat(style.outlineWidth) >= 3 && style.outlineColor === colour; }; \
    const shows = [at, at.closest('label')].filter(Boolean); \
    if (!shows.some(wears)) return `the focus does not show: ${name}`; \
    const { left, right, top, bottom } = at.getBoundingClientRect(); \
    if (bottom <= 0 || right <= 0 || top >= innerHeight || left >= innerWidth) return `the focus is off the screen: ${name}`; \
    const hit = document.elementFromPoint((left + right) / 2, (top + bottom) / 2); \
    if (bottom - top < innerHeight / 2 && !shows.some((element) => element.contains(hit))) \
        return `the focus is covered by ${hit?.outerHTML.slice(0, 80)}: ${name}`; \
    return '';";

/// Somebody without a pointer.
struct Hands<'b>(&'b Browser);

impl Hands<'_> {
    /// Presses keys; afterwards it must be seen where the focus is.
    async fn press(&self, keys: impl Into<String>) {
        let keys = keys.into();
        self.0.keys(&keys).await;
        self.in_sight(&keys).await;
    }

    async fn in_sight(&self, after: &str) {
        let fault = self.0.ask(FOCUS, vec![]).await;
        if fault != json!("") {
            self.0.picture("failure").await;
            panic!("after {after:?}: {fault}");
        }
    }

    async fn is_at(&self, css: &str) -> bool {
        self.0.ask("return document.activeElement.matches(arguments[0])", vec![json!(css)]).await == json!(true)
    }

    /// Goes from stop to stop until it is there.
    async fn to(&self, css: &str) {
        self.0.wait(css).await;
        for _ in 0..STOPS {
            if self.is_at(css).await {
                return;
            }
            self.press(TAB).await;
        }
        panic!("{css} is no stop");
    }

    /// The same, backwards.
    async fn back_to(&self, css: &str) {
        for _ in 0..STOPS {
            if self.is_at(css).await {
                return;
            }
            self.0.chord(SHIFT, TAB).await;
            self.in_sight("back").await;
        }
        panic!("{css} is no stop backwards");
    }

    /// Presses what has the focus, which leads to another page.
    async fn follow(&self, to: &str) {
        self.0.keys(&ENTER.to_string()).await;
        self.0.wait(to).await;
    }

    async fn question(&self) -> i64 {
        let shown = "return [...document.querySelectorAll('.question')].findIndex((one) => !one.hidden) + 1";
        self.0.ask(shown, vec![]).await.as_i64().expect("a number")
    }
}

async fn sign_in(stage: &Stage, hands: &Hands<'_>) {
    let (email, password) = stage.house.account(Role::Examinee, 0);
    hands.0.go(&stage.url("/sign-in")).await;
    hands.to("input[name=email]").await;
    hands.press(email).await;
    hands.to("input[name=password]").await;
    hands.0.keys(password).await;
    hands.follow("form[action='/sign-out']").await;
}

async fn sit_part_one(hands: &Hands<'_>) -> Vec<(i64, String)> {
    hands.to("#work input[type=radio]").await;
    let mut chosen = Vec::new();
    for question in 1..=60 {
        assert_eq!(hands.question().await, question);
        let letter = ["a", "b", "c", "d"][usize::try_from(question % 4).expect("small")];
        match question {
            // By the choices themselves, as any form is filled in.
            3 => {
                hands.to(".question:not([hidden]) input[type=radio]").await;
                hands.press(' ').await;
                hands.press([DOWN, DOWN, DOWN].iter().collect::<String>()).await;
            }
            5 => hands.press(format!("{letter}f")).await,
            6 => hands.press(format!("xd{letter}")).await,
            // Taken back, and chosen again.
            7 => {
                hands.press("a").await;
                hands.to(".question:not([hidden]) .clear").await;
                hands.press(ENTER).await;
                hands.press(letter).await;
            }
            // By the number of the choice.
            question if question % 3 == 0 => hands.press((1 + question % 4).to_string()).await,
            _ => hands.press(letter).await,
        }
        chosen.push((question, letter.to_owned()));
        if question == 9 {
            hands.press("pp").await;
            assert_eq!(hands.question().await, 7);
            hands.to(".steps-row .next").await;
            hands.press(ENTER).await;
            hands.press("n").await;
        }
        hands.press("n").await;
    }
    saved(hands.0).await;
    look_back(hands).await;
    chosen
}

/// The map, the marks, the review, and only then the end.
async fn look_back(hands: &Hands<'_>) {
    hands.to(".map li:nth-child(6) button").await;
    hands.press(ENTER).await;
    assert_eq!(hands.question().await, 6);
    hands.to(".question:not([hidden]) [data-struck=true] .strike[aria-pressed=true]").await;
    hands.to(".to-review").await;
    hands.press(ENTER).await;
    hands.press(ESCAPE).await;
    assert!(hands.is_at(".to-review").await, "the focus returns to where it was");
    hands.press(ENTER).await;
    hands.back_to("#review .places button[aria-label*='5']").await;
    hands.press(ENTER).await;
    assert_eq!(hands.question().await, 5);
    assert_eq!(hands.0.text(".question:not([hidden]) .flag[aria-pressed=true]").await, "Flag for review");
    hands.to(".to-review").await;
    hands.press(ENTER).await;
    hands.back_to("#submit").await;
    hands.follow(".receipt").await;
}

async fn sit_part_two(hands: &Hands<'_>) {
    let typed = PROSE.replace('\n', &ENTER.to_string());
    hands.to("#answer-1").await;
    hands.press(typed.clone()).await;
    hands.back_to(".tab:nth-of-type(2)").await;
    hands.press(ENTER).await;
    // The answer stands below the vignette, out of sight.
    assert!(hands.is_at(".desk:not([hidden]) .reading").await, "who takes another vignette begins to read it");
    hands.to("#answer-2").await;
    hands.press(typed).await;
    saved(hands.0).await;
    hands.to("#answer-2 ~ .earlier").await;
    hands.press(ENTER).await;
    hands.to("#versions-close").await;
    hands.press(ENTER).await;
    hands.back_to(".to-review").await;
    hands.press(ENTER).await;
    hands.back_to("#submit").await;
    hands.follow(".receipt").await;
}

#[actix_web::test]
async fn an_exam_by_keyboard_alone() {
    let stage = Stage::set(0).await;
    let driver = Driver::start();
    let browser = driver.browser(1280, 900).await;
    let hands = Hands(&browser);
    sign_in(&stage, &hands).await;
    browser.go(&stage.url("/exams")).await;
    hands.to("main a[href^='/exams/']").await;
    hands.follow("form[action$='/agreement'] button").await;
    hands.to("form[action$='/agreement'] button").await;
    hands.follow("form[action$='/parts/one/start'] button").await;
    hands.to("form[action$='/parts/one/start'] button").await;
    hands.follow("#work input[type=radio]").await;
    let one = AttemptId(id_here(&browser).await);
    let chosen = sit_part_one(&hands).await;
    assert_eq!(stage.stored(&one).await, chosen);

    browser.screen(Some((640, 480, 2))).await;
    hands.to("main a.button.primary").await;
    hands.follow("form[action$='/parts/two/start'] button").await;
    hands.to("form[action$='/parts/two/start'] button").await;
    hands.follow("#answer-1").await;
    let two = AttemptId(id_here(&browser).await);
    sit_part_two(&hands).await;
    assert_eq!(stage.stored(&two).await, [(1, PROSE.to_owned()), (2, PROSE.to_owned())]);

    browser.client.close().await.expect("the browser closes");
    stage.running.stop().await;
}
