//! Visitors: actors as the pages meet them, with everything that the frame around a page shows of them.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest, HttpResponse};
use chrono_tz::Tz;
use evenhand_templates::page::{NavItem, Notice, PersonView, Section, Shell};
use evenhand_templates::parts::Tone;
use evenhand_templates::words::Locale;
use maud::Markup;

use super::Web;
use super::actor::{Caller, web};
use super::error::AppError;
use crate::desk::coordinator::Coordinator;
use crate::desk::examinee::Examinee;
use crate::desk::people::People;
use crate::desk::proctor::Proctor;
use crate::desk::reviewer::Reviewer;
use crate::domain::rights::{Act, Authority};
use crate::domain::timing::Instant;
use crate::domain::vocabulary::Role;
use crate::store::people::Person;

/// The cookie in which a chosen language is kept.
pub const LANGUAGE_COOKIE: &str = "evenhand_language";

/// Somebody signed in, on any page but a reviewer's.
pub struct Visitor {
    /// What all handlers share.
    pub web: Data<Web>,
    /// Who.
    pub person: Person,
    /// As what.
    pub authority: Authority,
    /// The frame around the page.
    pub shell: Shell,
    zone_known: bool,
    caller: Caller,
}

impl Visitor {
    /// The examinee's desk.
    pub fn examinee(&self) -> Examinee {
        Examinee::new(self.web.office.clone(), self.caller.bearer.session.clone(), self.caller.call.clone())
    }

    /// The coordinator's desk.
    pub fn coordinator(&self) -> Coordinator {
        Coordinator::new(self.web.office.clone(), self.caller.bearer.session.clone(), self.caller.call.clone())
    }

    /// The desk for people.
    pub fn people(&self) -> People {
        People::new(self.web.office.clone(), self.caller.bearer.session.clone(), self.caller.call.clone())
    }

    /// The proctor's desk.
    pub fn proctor(&self) -> Proctor {
        Proctor::new(self.web.office.clone(), self.caller.bearer.session.clone(), self.caller.call.clone())
    }

    /// The call.
    pub fn caller(&self) -> &Caller {
        &self.caller
    }

    /// The language.
    pub fn locale(&self) -> Locale {
        self.shell.words.locale
    }

    /// When the call arrived.
    pub fn arrival(&self) -> Instant {
        self.caller.call.arrival
    }

    /// The same, as pages tell it.
    pub fn now(&self) -> chrono::DateTime<chrono::Utc> {
        self.arrival().utc()
    }

    /// Tells times in that zone unless the browser has told its own.
    #[must_use]
    pub fn unless_known(mut self, zone: Tz) -> Self {
        if !self.zone_known {
            self.shell.zone = zone;
        }
        self
    }

    /// The frame with a notice of what was just done.
    #[must_use]
    pub fn noticing(mut self, tone: Tone, text: String) -> Self {
        self.shell.notice = Some(Notice { tone, text });
        self
    }
}

impl FromRequest for Visitor {
    type Error = AppError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, AppError>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, caller) = (request.clone(), Caller::from_request(request, payload));
        Box::pin(async move {
            let (web, caller) = (web(&request)?.clone(), caller.await?);
            let desk = Examinee::new(web.office.clone(), caller.bearer.session.clone(), caller.call.clone());
            let (person, authority) = desk.me().await?;
            let locale = chosen_locale(&request).or_else(|| Locale::from_tag(&person.locale)).unwrap_or(Locale::En);
            let shell = Shell {
                words: locale.words(),
                zone: zone(&request),
                person: Some(PersonView { name: person.name.clone(), association: None }),
                navigation: navigation(&authority),
                path: request.path().to_owned(),
                notice: None,
            };
            let zone_known = noted_zone(&request).is_some();
            Ok(Self { web, person, authority, shell, zone_known, caller })
        })
    }
}

/// A reviewer on a reviewer's page: blind, and so without even their own name in the frame.
pub struct Reader {
    /// The desk.
    pub desk: Reviewer,
    /// The frame around the page.
    pub shell: Shell,
}

impl FromRequest for Reader {
    type Error = AppError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, AppError>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, desk) = (request.clone(), Reviewer::from_request(request, payload));
        Box::pin(async move {
            let desk = desk.await?;
            let authority = desk.authority().await?;
            let shell = Shell {
                words: locale_of(&request).words(),
                zone: zone(&request),
                person: Some(PersonView { name: String::new(), association: None }),
                navigation: navigation(&authority),
                path: request.path().to_owned(),
                notice: None,
            };
            Ok(Self { desk, shell })
        })
    }
}

/// The frame for somebody who is not, or not known to be, signed in.
pub fn stranger(request: &HttpRequest) -> Shell {
    Shell { zone: zone(request), ..Shell::anonymous(locale_of(request), request.path()) }
}

/// The chosen language, or else the one the browser asks for.
fn locale_of(request: &HttpRequest) -> Locale {
    chosen_locale(request).unwrap_or_else(|| {
        let wanted = request.headers().get("accept-language").and_then(|v| v.to_str().ok());
        Locale::from_accept_language(wanted.unwrap_or(""))
    })
}

fn chosen_locale(request: &HttpRequest) -> Option<Locale> {
    request.cookie(LANGUAGE_COOKIE).and_then(|c| Locale::from_tag(c.value()))
}

/// The browser's time zone, once its pages have noted it down.
fn noted_zone(request: &HttpRequest) -> Option<Tz> {
    request.cookie("evenhand_zone")?.value().parse().ok()
}

/// The same; UTC until then.
fn zone(request: &HttpRequest) -> Tz {
    noted_zone(request).unwrap_or(Tz::UTC)
}

/// The sections that these roles have.
fn navigation(authority: &Authority) -> Vec<NavItem> {
    let can = |act| !authority.associations(act).is_empty();
    let is = |role| authority.roles.iter().any(|(held, _)| *held == role);
    let sections = [
        (Section::Desk, can(Act::RunSittings)),
        (Section::Sittings, can(Act::SeeSittings)),
        (Section::People, can(Act::SeePeople)),
        (Section::Import, can(Act::RunSittings)),
        (Section::Marking, can(Act::Review)),
        (Section::Exams, is(Role::Examinee)),
        (Section::Results, is(Role::Examinee)),
        (Section::Inbox, true),
        (Section::Rules, can(Act::SeePolicy)),
        (Section::Audit, can(Act::ReadAudit)),
    ];
    sections.into_iter().filter(|(_, shown)| *shown).map(|(section, _)| NavItem::from(section)).collect()
}

/// Where a person's work is.
pub fn front_page(authority: &Authority) -> &'static str {
    navigation(authority).first().map_or(evenhand_templates::urls::EXAMS, |item| item.section.href())
}

/// A page as an answer.
pub fn page(markup: Markup) -> HttpResponse {
    HttpResponse::Ok().content_type("text/html; charset=utf-8").body(markup.into_string())
}

/// A page that shows what was wrong with a form.
pub fn page_refused(markup: Markup) -> HttpResponse {
    HttpResponse::UnprocessableEntity().content_type("text/html; charset=utf-8").body(markup.into_string())
}

/// Sends the browser on after something was done.
pub fn see_other(to: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header(("location", to)).finish()
}
