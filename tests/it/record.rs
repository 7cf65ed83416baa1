//! What is on record for a person, kept on the person's page: screening looks for it at once.

use serde_json::json;

use crate::app::{TestApp, on_both};
use crate::build::Stage;

on_both!(the_record_is_kept_on_the_persons_page,);

async fn the_record_is_kept_on_the_persons_page(app: &TestApp) {
    let stage = Stage::new(app).await;
    let seat = stage.seat(app, "Ann Able").await;
    let (by, page) = (&stage.coordinator, format!("/people/{}/record", seat.user.id));
    let record = async || {
        let file = app.get(by, &format!("/people/{}", seat.user.id)).await.expect(200);
        (file["employer"].clone(), file["facts"].clone())
    };
    let fact = |kind: &str, value: &str| json!({ "kind": kind, "value": value });

    for form in ["employer=Little+Steps", "kind=place&value=Windham++County", "kind=nickname&value=Annie"] {
        assert_eq!(app.send_form(by, &page, form.to_owned()).await.status, 303, "{form}");
    }
    let both = json!([fact("nickname", "Annie"), fact("place", "Windham County")]);
    assert_eq!(record().await, (json!("Little Steps"), both.clone()));

    let long = format!("kind=place&value={}", "x".repeat(201));
    for form in ["kind=place&value=+", "kind=shoe_size&value=9", &long] {
        let refused = app.send_form(by, &page, form.to_owned()).await;
        assert_eq!((refused.status, refused.text().contains("aria-invalid")), (422, true), "{form}");
    }
    assert_eq!(record().await.1, both, "what was refused changed nothing");

    for form in ["kind=nickname&value=Annie&withdraw=true", "employer="] {
        assert_eq!(app.send_form(by, &page, form.to_owned()).await.status, 303, "{form}");
    }
    assert_eq!(record().await, (json!(null), json!([fact("place", "Windham County")])));
}
