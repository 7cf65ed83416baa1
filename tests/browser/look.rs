//! Looks at a page as those need it who see little, see it large, or use a telephone: by the rules of WCAG 2.2, levels A and
//! AA, as far as a machine can judge them (axe-core), in light and dark; at 360 px, and at 200 % on a screen of 1280 px.

use std::cell::RefCell;

use serde_json::{Value, json};

use super::driver::Browser;

/// Where axe-core's source is; `tests/run` installs it.
const AXE: &str = "EVENHAND_TEST_AXE";
/// The mark of a run of all tests, in which nothing is left out.
const RUN: &str = "EVENHAND_TEST_RUN";

/// Runs all rules, or those named, and answers a sentence for each violation.
const JUDGE: &str = "const [rules, done] = arguments; \
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa']; \
    const runOnly = rules ? { type: 'rule', values: rules } : { type: 'tag', values: tags }; \
    const told = ({ target, any, all, none }) => `${target.join(' ')}: ${[...any, ...all, ...none][0]?.message ?? ''}`; \
    axe.run(document, { runOnly, resultTypes: ['violations'], preload: false }).then( \
        ({ violations }) => done(violations.map(({ id, nodes }) => `${id}, ${nodes.length}: ${nodes.slice(0, 3).map(told).join(' | ')}`)), \
        (error) => done([`axe failed: ${error}`]));";

/// A telephone.
const TELEPHONE: (u32, u32, u32) = (360, 740, 1);
/// A screen of 1280 by 960 pixels on which everything is twice as large.
const ENLARGED: (u32, u32, u32) = (640, 480, 2);
const DESK: (u32, u32, u32) = (1280, 900, 1);

/// Gathers what is wrong with the pages looked at.
pub struct Look {
    axe: Option<String>,
    faults: RefCell<Vec<String>>,
}

impl Look {
    pub fn new() -> Self {
        let path = std::env::var_os(AXE).filter(|path| !path.is_empty());
        assert!(path.is_some() || std::env::var_os(RUN).is_none(), "{AXE} does not say where axe-core is");
        let axe = path.map(|path| std::fs::read_to_string(path).expect("axe-core can be read"));
        Self { axe, faults: RefCell::default() }
    }

    /// Looks at what is shown, from all sides, and keeps two pictures.
    pub async fn at(&self, browser: &Browser, name: &str) {
        self.look(browser, name, true).await;
    }

    /// Looks at what is shown, from all sides.
    pub async fn over(&self, browser: &Browser, name: &str) {
        self.look(browser, name, false).await;
    }

    async fn look(&self, browser: &Browser, name: &str, pictures: bool) {
        browser.screen(Some(DESK)).await;
        browser.dark(false).await;
        self.judge(browser, name, Value::Null).await;
        if pictures {
            browser.picture(name).await;
        }
        browser.dark(true).await;
        self.judge(browser, &format!("{name}, dark"), json!(["color-contrast", "link-in-text-block"])).await;
        browser.screen(Some(TELEPHONE)).await;
        self.measure(browser, &format!("{name}, telephone")).await;
        self.judge(browser, &format!("{name}, telephone"), json!(["target-size", "scrollable-region-focusable"])).await;
        if pictures {
            browser.picture(&format!("{name}-telephone-dark")).await;
        }
        browser.dark(false).await;
        browser.screen(Some(ENLARGED)).await;
        self.measure(browser, &format!("{name}, enlarged")).await;
        browser.screen(None).await;
    }

    async fn judge(&self, browser: &Browser, name: &str, rules: Value) {
        let Some(axe) = &self.axe else { return };
        // The policy of the site lets no page load it; the driver may give it to the page.
        if browser.ask("return typeof axe === 'undefined'", vec![]).await == json!(true) {
            browser.ask(axe, vec![]).await;
        }
        self.note(name, &browser.ask_later(JUDGE, vec![rules]).await);
    }

    async fn measure(&self, browser: &Browser, name: &str) {
        self.note(name, &browser.ask(include_str!("look.js"), vec![]).await);
    }

    fn note(&self, name: &str, said: &Value) {
        let said = said.as_array().expect("a list of faults").iter().filter_map(Value::as_str);
        self.faults.borrow_mut().extend(said.map(|fault| format!("{name}: {fault}")));
    }

    /// Nothing may have been wrong.
    pub fn close(&self) {
        let faults = self.faults.borrow();
        assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
    }
}
