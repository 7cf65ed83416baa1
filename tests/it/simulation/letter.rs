//! What is asked of the server, and how it is spelled on the wire.

use actix_web::http::Method;
use serde_json::{Value, json};

use super::cast::Cast;
use super::model::Sent;
use crate::app::{Reply, TestApp};

/// What somebody asks of the server.
#[derive(Debug, Clone)]
pub enum Ask {
    Agree,
    Start {
        two: bool,
    },
    Save {
        attempt: String,
        answers: Vec<Sent>,
        two: bool,
    },
    Submit {
        attempt: String,
    },
    /// The page of that opening asks, if the page has one.
    Clock {
        attempt: String,
        opening: Option<i64>,
    },
    /// A page is opened.
    Open {
        attempt: String,
        two: bool,
    },
    /// The paper for a page that was opened.
    Paper {
        attempt: String,
        two: bool,
        opening: i64,
    },
    /// The proctor ends a part.
    Close {
        attempt: String,
    },
    Admit {
        examinee: usize,
    },
    Credit {
        attempt: Option<String>,
        seconds: i64,
    },
    Pause,
    Resume,
}

/// A request under way.
#[derive(Debug, Clone)]
pub struct Letter {
    pub id: u64,
    /// From which device; else from the proctor.
    pub device: Option<usize>,
    pub ask: Ask,
    pub key: Option<String>,
    /// A repetition by the network, whose answer nobody hears.
    pub ghost: bool,
}

/// A line of the course: who asked what, and what came of it.
pub fn told(letter: &Letter, arrived: i64, reply: &Reply) -> String {
    let who = letter.device.map_or("the proctor".to_owned(), |device| format!("device {device}"));
    let again = if letter.ghost { ", again," } else { "" };
    // Papers are long.
    let said: String = reply.text().chars().take(240).collect();
    format!("{who}{again} asks {:?}, arrived {arrived}: {} {said}", letter.ask, reply.status)
}

impl Cast {
    /// A letter as it stands on the wire, from an examinee or from the proctor.
    pub fn request(&self, letter: &Letter, who: Option<usize>) -> actix_web::test::TestRequest {
        let user = who.map_or(&self.proctor, |who| &self.seats[who].user);
        let seat = who.map_or("", |who| self.seats[who].registration.as_str());
        let credit = |seconds: i64| json!({ "seconds": seconds, "reason": "an interruption" });
        let (method, path, body) = match &letter.ask {
            Ask::Agree => {
                (Method::POST, format!("/registrations/{seat}/agreement"), json!({ "version": self.agreement }))
            }
            Ask::Start { two } => {
                let part = if *two { "two" } else { "one" };
                (Method::POST, format!("/registrations/{seat}/parts/{part}/start"), Value::Null)
            }
            Ask::Save { attempt, answers, two } => {
                let row = |sent: &Sent| {
                    let field = if *two { "text" } else { "choice" };
                    json!({ "position": sent.position, "revision": sent.revision, field: sent.content })
                };
                if let [sent] = answers.as_slice() {
                    let mut body = row(sent);
                    body.as_object_mut().unwrap().remove("position");
                    (Method::PUT, format!("/attempts/{attempt}/answers/{}", sent.position), body)
                } else {
                    let rows: Vec<Value> = answers.iter().map(row).collect();
                    (Method::POST, format!("/attempts/{attempt}/answers"), json!({ "answers": rows }))
                }
            }
            Ask::Submit { attempt } => (Method::POST, format!("/attempts/{attempt}/submit"), Value::Null),
            Ask::Clock { attempt, opening } => {
                let page = opening.map_or(String::new(), |opening| format!("?opening={opening}"));
                (Method::GET, format!("/attempts/{attempt}/clock{page}"), Value::Null)
            }
            Ask::Open { attempt, .. } => (Method::POST, format!("/attempts/{attempt}/openings"), Value::Null),
            Ask::Paper { attempt, .. } => (Method::GET, format!("/attempts/{attempt}"), Value::Null),
            Ask::Close { attempt } => {
                (Method::POST, format!("/attempts/{attempt}/close"), json!({ "reason": "taken ill" }))
            }
            Ask::Admit { examinee } => {
                let seat = &self.seats[*examinee].registration;
                (Method::POST, format!("/registrations/{seat}/admission"), json!({}))
            }
            Ask::Pause => {
                (Method::POST, format!("/sittings/{}/pause", self.sitting), json!({ "reason": "a fire alarm" }))
            }
            Ask::Resume => (Method::POST, format!("/sittings/{}/resume", self.sitting), Value::Null),
            Ask::Credit { attempt: Some(attempt), seconds } => {
                (Method::POST, format!("/attempts/{attempt}/credit"), credit(*seconds))
            }
            Ask::Credit { attempt: None, seconds } => {
                (Method::POST, format!("/sittings/{}/credit", self.sitting), credit(*seconds))
            }
        };
        let request = TestApp::request(user, method, &format!("/api/v1{path}"));
        let request = if body.is_null() { request } else { request.set_json(body) };
        match &letter.key {
            Some(key) => request.insert_header(("idempotency-key", key.as_str())),
            None => request,
        }
    }
}
