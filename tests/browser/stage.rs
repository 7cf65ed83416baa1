//! An installation to sit an exam in, as the demonstration builds it, under the real clock.

use evenhand::app::Running;
use evenhand::command::demo::{self, Built, Options};
use evenhand::config::Config;
use evenhand::domain::ids::AttemptId;
use evenhand::domain::timing::Instant;
use evenhand::domain::vocabulary::Role;
use evenhand::store::Store;
use evenhand::world::World;

use super::driver::Browser;

pub const PROSE: &str = "The visitor slows down and watches with the mother. She names what the baby does and waits.\n\n\
     In supervision I would bring my own wish to hurry.";

/// An installation on the disk, which nobody serves yet.
pub struct House {
    pub config: Config,
    pub built: Built,
    _folder: tempfile::TempDir,
}

impl House {
    /// With one examinee and so many reviewers.
    pub async fn build(reviewers: u32) -> Self {
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
            reviewers,
            part_one_seconds: 5400,
            part_two_seconds: 5400,
            json: true,
        };
        let store = Store::open(config.database.clone(), World::system()).expect("a store");
        let Ok(built) = demo::build(&store, &options).await else { panic!("the demonstration can be built") };
        Self { config, built, _folder: folder }
    }

    pub fn account(&self, role: Role, number: usize) -> (&str, &str) {
        let account = self.built.accounts.iter().filter(|a| a.role == role).nth(number).expect("the account");
        (&account.email, &account.password)
    }
}

/// An installation that is served by this process.
pub struct Stage {
    pub running: Running,
    pub house: House,
}

impl Stage {
    pub async fn set(reviewers: u32) -> Self {
        let house = House::build(reviewers).await;
        let running = Running::start(house.config.clone(), World::system()).await.expect("the server starts");
        Self { running, house }
    }

    /// Signs somebody in, and whoever was there before out.
    pub async fn enter(&self, browser: &Browser, role: Role, number: usize) {
        let (email, password) = self.house.account(role, number);
        browser.client.delete_all_cookies().await.expect("cookies can go");
        browser.sign_in(&self.running.base_url, email, password).await;
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.running.base_url)
    }

    /// What the database holds of a part: by position, the letter or the prose.
    pub async fn stored(&self, attempt: &AttemptId) -> Vec<(i64, String)> {
        let (store, attempt) = (&self.running.web.office.store, attempt.clone());
        store
            .read(Instant(0), move |tx| {
                Ok(tx.answers(&attempt)?.into_iter().filter_map(|a| Some((a.position, a.choice.or(a.body)?))).collect())
            })
            .await
            .expect("answers can be read")
    }
}

/// The id at the end of the address shown.
pub async fn id_here(browser: &Browser) -> String {
    let url = browser.client.current_url().await.expect("an address");
    url.path_segments().and_then(Iterator::last).unwrap_or_default().to_owned()
}

/// Waits until the exam room says that everything is stored.
pub async fn saved(browser: &Browser) {
    browser.until("everything is saved", "return document.querySelector('#save')?.dataset.state === 'saved'").await;
}
