//! Whom an examinee knows among those who may read.

use evenhand_templates::profile::acquaintances as view;
use evenhand_templates::urls;

use crate::web::api::Answer;
use crate::web::body::Form;
use crate::web::pages::profiles::{self, KnownForm};
use crate::web::visitor::{Visitor, page, page_refused, see_other};

/// `GET /acquaintances`
pub async fn show(visitor: Visitor) -> Answer {
    let known = visitor.examinee().acquaintances().await?;
    Ok(page(view(&visitor.shell, &profiles::circle(&known))))
}

/// `POST /acquaintances`
pub async fn change(visitor: Visitor, form: Form<KnownForm>) -> Answer {
    let (desk, in_words) = (visitor.examinee(), visitor.shell.words);
    let known = desk.acquaintances().await?;
    let problems = match form.0.applied(in_words, known.clone()) {
        Ok(all) => match desk.acquaintances_set(all).await {
            Ok(_) => return Ok(see_other(urls::ACQUAINTANCES)),
            Err(error) => profiles::refused(error, in_words, profiles::WHO)?,
        },
        Err(problems) => problems,
    };
    Ok(page_refused(view(&visitor.shell, &form.0.again(&known, problems))))
}
