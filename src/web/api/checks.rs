//! System checks in the interface.

use actix_web::HttpResponse;
use actix_web::web::Path;
use serde::Deserialize;

use super::{Answer, whole};
use crate::desk::examinee::Examinee;
use crate::domain::system_check::Finding;
use crate::web::body::Sent;

/// What a device found.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReportBody {
    findings: Vec<Finding>,
}

/// `GET /system-checks`
pub async fn list(me: Examinee) -> Answer {
    Ok(HttpResponse::Ok().json(whole(me.checks().await?)))
}

/// `POST /system-checks`
pub async fn begin(me: Examinee) -> Answer {
    let (id, new) = me.check_begin().await?;
    let view = me.check(&id).await?;
    Ok(if new { HttpResponse::Created() } else { HttpResponse::Ok() }.json(view))
}

/// `POST /system-checks/{id}/report`
pub async fn report(me: Examinee, id: Path<String>, sent: Sent<ReportBody>) -> Answer {
    me.check_report(&id, sent.0.findings).await?;
    Ok(HttpResponse::Ok().json(me.check(&id).await?))
}
