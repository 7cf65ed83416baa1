//! A snapshot of every page in every state: a change of what people see shows in the diff of `snapshots/`.
//!
//! After a change that is meant, `INSTA_UPDATE=always cargo test -p evenhand-templates --test snapshots` takes new ones.

use evenhand_templates::{assets, sample};

#[test]
fn every_page_is_as_it_was_looked_at() {
    let mut settings = insta::Settings::clone_current();
    settings.set_omit_expression(true);
    settings.set_prepend_module_to_snapshot(false);
    settings.bind(|| {
        for page in sample::all() {
            // The assets' hash changes with any script; a line a tag makes a diff readable.
            let html = page.html.replace(assets::hash(), "HASH").replace("><", ">\n<");
            insta::assert_snapshot!(format!("{}.{}", page.name, page.locale.tag()), html);
        }
    });
}
