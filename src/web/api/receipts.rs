//! Receipts for anybody: the keys, and a check without signing in.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Value, json};

use super::Answer;
use super::session::address;
use crate::desk::receipts;
use crate::domain::receipt::Receipt;
use crate::domain::refusal::Refusal;
use crate::web::Web;
use crate::web::body::Sent;

/// The largest receipt that is read, in bytes.
pub const RECEIPT_BYTES: usize = 64 * 1024;

/// A receipt as given, provided that it holds nothing else: what is no part of a receipt is not signed, and would look
/// as if it were.
///
/// # Errors
/// [`Refusal::Invalid`].
pub(in crate::web) fn receipt_of(given: &Value) -> Result<Receipt, Refusal> {
    let receipt: Receipt =
        serde_json::from_value(given.clone()).map_err(|e| Refusal::invalid("", format!("no receipt: {e}")))?;
    let whole = serde_json::to_value(&receipt).unwrap_or_default();
    if whole == *given {
        return Ok(receipt);
    }
    let extra = given.as_object().and_then(|fields| fields.keys().find(|name| whole.get(name.as_str()).is_none()));
    let pointer = extra.map_or_else(String::new, |name| format!("/{name}"));
    Err(Refusal::invalid(pointer, "holds something that is no part of a receipt, and so is not signed"))
}

/// `GET /receipts/keys`
pub async fn keys(web: Data<Web>) -> Answer {
    let key = &web.office.receipts;
    let shown = json!({ "key_id": key.id(), "algorithm": "Ed25519", "public_key": key.public(), "current": true });
    Ok(HttpResponse::Ok().json(json!({ "items": [shown], "next": null })))
}

/// `POST /receipts/check`
pub async fn check(web: Data<Web>, request: HttpRequest, sent: Sent<Value, RECEIPT_BYTES>) -> Answer {
    let receipt = receipt_of(&sent.0)?;
    let found = receipts::check(&web.office, web.world.clock.now(), &address(&request), receipt).await?;
    Ok(HttpResponse::Ok().json(found))
}
