//! The public page on which anybody checks a receipt, and the file that an examinee keeps.

use actix_web::web::{Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse};
use evenhand_templates::receipts::{Found, ReceiptsView, Said, not_a_receipt, receipts as receipts_view};
use serde::Deserialize;
use serde_json::Value;

use crate::desk::receipts::{self, Checked};
use crate::domain::ids::AttemptId;
use crate::domain::receipt::Receipt;
use crate::domain::refusal::Refusal;
use crate::domain::timing::Instant;
use crate::store::Error;
use crate::web::Web;
use crate::web::api::Answer;
use crate::web::api::receipts::{RECEIPT_BYTES, receipt_of};
use crate::web::api::session::address;
use crate::web::body::Form;
use crate::web::session::require_same_origin;
use crate::web::visitor::{Visitor, page, page_refused, stranger};
use crate::web::words;

/// A receipt that was pasted.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pasted {
    receipt: String,
}

/// Which version of one's receipt.
#[derive(Deserialize)]
pub struct Version {
    version: Option<i64>,
}

fn view(web: &Web) -> ReceiptsView {
    let key = &web.office.receipts;
    ReceiptsView {
        key_id: key.id().to_owned(),
        public_key: key.public(),
        pasted: String::new(),
        found: None,
        errors: Vec::new(),
    }
}

/// `GET /receipts`
pub async fn show(web: Data<Web>, request: HttpRequest) -> Answer {
    Ok(page(receipts_view(&stranger(&request), &view(&web))))
}

/// `POST /receipts`
pub async fn check(web: Data<Web>, request: HttpRequest, form: Form<Pasted>) -> Answer {
    require_same_origin(&web, &request)?;
    let shell = stranger(&request);
    let pasted = form.0.receipt;
    let mut view = ReceiptsView { pasted, ..view(&web) };
    let short = Some(&view.pasted).filter(|text| text.len() <= RECEIPT_BYTES);
    let read = short.and_then(|text| serde_json::from_str::<Value>(text.trim()).ok()).and_then(|v| receipt_of(&v).ok());
    let Some(receipt) = read else {
        view.pasted.clear();
        view.errors = vec![not_a_receipt(shell.words)];
        return Ok(page_refused(receipts_view(&shell, &view)));
    };
    let now = web.world.clock.now();
    let checked = receipts::check(&web.office, now, &address(&request), receipt.clone()).await?;
    view.found = Some(found(&receipt, &checked));
    Ok(page(receipts_view(&shell, &view)))
}

/// `GET /receipts/{attempt}/{mark}`: the short form that a receipt bears.
pub async fn find(web: Data<Web>, request: HttpRequest, path: Path<(String, String)>) -> Answer {
    let (attempt, mark) = path.into_inner();
    let now = web.world.clock.now();
    let (receipt, checked) = receipts::find(&web.office, now, &address(&request), &attempt, &mark).await?;
    let view = ReceiptsView { found: Some(found(&receipt, &checked)), ..view(&web) };
    Ok(page(receipts_view(&stranger(&request), &view)))
}

/// What is told of it: nothing that the receipt does not say itself, and of one that is not ours only that.
fn found(receipt: &Receipt, checked: &Checked) -> Found {
    let instant = |text: &str| Instant::parse(text).map(Instant::utc);
    Found {
        holds: checked.holds,
        signature_holds: checked.signature_holds,
        key_id: checked.key_id.clone(),
        key_known: checked.key_known,
        on_record: checked.on_record,
        digest_holds: checked.digest_holds,
        version: checked.version,
        newest_version: checked.newest_version,
        said: checked.signature_holds.then(|| Said {
            attempt: receipt.attempt.0.clone(),
            part: words::part(receipt.part),
            closed_at: instant(&receipt.closed_at),
            answered: receipt.answered,
            admitted: i64::try_from(receipt.admitted().len()).unwrap_or(i64::MAX),
        }),
    }
}

/// `GET /attempts/{attempt}/receipt`: one's receipt as a file, the newest version unless another is named.
pub async fn file(visitor: Visitor, id: Path<String>, asked: Query<Version>) -> Answer {
    let id = AttemptId(id.into_inner());
    let receipts = visitor.examinee().receipts(&id).await?;
    let wanted = |receipt: &&Receipt| asked.version.is_none_or(|version| receipt.version() == version);
    let receipt = receipts.iter().rev().find(wanted).ok_or(Error::Refused(Refusal::NotFound))?;
    let text = serde_json::to_string_pretty(receipt).map_err(|e| Error::stored(e.to_string()))?;
    let name =
        format!("receipt-{}-part-{}-v{}.json", receipt.mark().get(..8).unwrap_or(""), receipt.part, receipt.version());
    Ok(HttpResponse::Ok()
        .content_type("application/json")
        .insert_header(("content-disposition", format!("attachment; filename=\"{name}\"")))
        .body(text + "\n"))
}
