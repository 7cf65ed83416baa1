//! The programming interface under `/api/v1`: thin translations between JSON and the desks.

pub mod accommodations;
pub mod agreement;
pub mod appeals;
pub mod calibration;
pub mod checks;
pub mod corrections;
pub mod events;
pub mod evidence;
pub mod examinee;
pub mod live;
pub mod operations;
pub mod people;
pub mod policies;
pub mod profiles;
pub mod receipts;
pub mod reviews;
pub mod safe_browser;
pub mod screening;
pub mod session;
pub mod setup;
pub mod sittings;
pub mod waiting;

use actix_web::HttpResponse;
use actix_web::web::Bytes;
use futures_util::stream;
use serde::{Deserialize, Deserializer};

use super::error::AppError;
use crate::desk::{MAX_PAGE, Page, Range};
use crate::domain::ids::MAX_ID_BYTES;
use crate::domain::refusal::Refusal;

/// What a handler of the interface answers.
pub type Answer = Result<HttpResponse, AppError>;

/// Server-sent events: what `next` gives, frame by frame, until it gives nothing.
fn event_stream<S: 'static>(state: S, next: impl AsyncFn(&mut S) -> Option<Bytes> + 'static) -> HttpResponse {
    let body = stream::unfold((state, next), |(mut state, next)| async move {
        let frame = next(&mut state).await?;
        Some((Ok::<Bytes, AppError>(frame), (state, next)))
    });
    HttpResponse::Ok()
        .content_type("text/event-stream")
        .insert_header(("cache-control", "no-store"))
        // Compression would hold events back.
        .insert_header(("content-encoding", "identity"))
        .streaming(body)
}

/// A list that is short by its nature, in the form of all lists: one page.
pub fn whole<T>(items: Vec<T>) -> Page<T> {
    Page { items, next: None }
}

/// The part of a list that is asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListQuery {
    /// After which entry.
    after: Option<String>,
    /// How many.
    limit: Option<i64>,
}

impl ListQuery {
    /// Within bounds.
    ///
    /// # Errors
    /// [`Refusal::Invalid`].
    pub fn range(self) -> Result<Range, AppError> {
        let limit = self.limit.unwrap_or(100);
        if !(1..=MAX_PAGE).contains(&limit) {
            return Err(Refusal::invalid("/limit", format!("between 1 and {MAX_PAGE}")).into());
        }
        let after = self.after.unwrap_or_default();
        if after.len() > MAX_ID_BYTES {
            return Err(Refusal::invalid("/after", "not the end of a page").into());
        }
        Ok(Range { after, limit })
    }
}

/// Whether an act is only rehearsed.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DryRun {
    /// `true` shows what would happen and changes nothing.
    #[serde(default, deserialize_with = "yes_or_no")]
    pub dry_run: bool,
    /// For imports, where the asker has several.
    pub association: Option<String>,
}

/// `true` and `1`, `false` and `0`.
fn yes_or_no<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    match String::deserialize(deserializer)?.as_str() {
        "true" | "1" => Ok(true),
        "false" | "0" => Ok(false),
        _ => Err(serde::de::Error::custom("true or false")),
    }
}
