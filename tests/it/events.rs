//! The stream of events that an exam room listens to.

use std::future::poll_fn;
use std::pin::Pin;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::http::Method;
use serde_json::{Value, json};

use crate::app::{TestApp, on_both};
use crate::build::{Seat, Stage};
use crate::examinee::attempt_of;

on_both!(credit_and_closing_are_told_at_once, a_second_device_takes_over);

/// An open stream.
struct Events(BoxBody);

impl Events {
    async fn open(app: &TestApp, seat: &Seat, attempt: &str) -> Self {
        let path = format!("/api/v1/attempts/{attempt}/events");
        let response = app.stream(TestApp::request(&seat.user, Method::GET, &path)).await;
        assert_eq!(response.status().as_u16(), 200);
        assert_eq!(response.headers().get("content-type").unwrap(), "text/event-stream");
        assert_eq!(response.headers().get("cache-control").unwrap(), "no-store");
        Self(response.into_body())
    }

    /// The next event with its data; nothing at the end of the stream.
    async fn next(&mut self) -> Option<(String, Value)> {
        let frame = poll_fn(|context| Pin::new(&mut self.0).poll_next(context)).await?.unwrap();
        let frame = String::from_utf8(frame.to_vec()).unwrap();
        let (event, data) = frame.strip_suffix("\n\n").unwrap().split_once('\n').unwrap();
        let data = serde_json::from_str(data.strip_prefix("data: ").unwrap()).unwrap();
        Some((event.strip_prefix("event: ").unwrap().to_owned(), data))
    }
}

async fn credit_and_closing_are_told_at_once(app: &TestApp) {
    let stage = Stage::new(app).await;
    let seat = stage.seat(app, "Ann Able").await;
    let attempt = attempt_of(&app.begin(&seat).await);
    let mut events = Events::open(app, &seat, &attempt).await;
    let (event, clock) = events.next().await.unwrap();
    assert_eq!((event.as_str(), clock["remaining_seconds"].as_i64()), ("clock", Some(5400)));
    let credit = json!({ "seconds": 60, "reason": "fire alarm" });
    app.post(&stage.proctor, &stage.path("/credit"), credit).await.expect(200);
    let (event, clock) = events.next().await.unwrap();
    assert_eq!((event.as_str(), clock["deadline"].as_str()), ("clock", Some("2027-03-12T16:31:00.000Z")));
    let receipt = app.submit(&seat, &attempt).await;
    assert_eq!(events.next().await, Some(("closed".to_owned(), json!({ "receipt": receipt }))));
    assert_eq!(events.next().await, None);
}

async fn a_second_device_takes_over(app: &TestApp) {
    let stage = Stage::new(app).await;
    let (seat, other) = (stage.seat(app, "Ann Able").await, stage.seat(app, "Ben Bold").await);
    let (attempt, theirs) = (attempt_of(&app.begin(&seat).await), attempt_of(&app.begin(&other).await));
    let mut first = Events::open(app, &seat, &attempt).await;
    let mut neighbour = Events::open(app, &other, &theirs).await;
    let mut second = Events::open(app, &seat, &attempt).await;
    assert_eq!(first.next().await.unwrap().0, "clock");
    assert_eq!(first.next().await, Some(("taken_over".to_owned(), json!({}))));
    assert_eq!(first.next().await, None);
    assert_eq!((second.next().await.unwrap().0, neighbour.next().await.unwrap().0), ("clock".into(), "clock".into()));
    // The clerk's closing reaches whoever listens, and nobody else's matters.
    app.submit(&other, &theirs).await;
    assert_eq!(neighbour.next().await.unwrap().0, "closed");
    app.clock.advance_seconds(5402);
    app.clerk().await;
    let (event, closed) = second.next().await.unwrap();
    assert_eq!((event.as_str(), closed["receipt"]["closed_by"].as_str()), ("closed", Some("deadline")));
}
