//! Every page, letter and mail of the site, as pure functions from plain structs to markup.
//!
//! Nothing here reads a clock, a file, a database or the environment: what a page shows is a field of the struct it is
//! given, and the same struct always gives the same page. The crate depends on nothing else of the house, so a view can
//! be written, looked at and tested alone (`cargo run --example gallery -- FOLDER`).
//!
//! | module | is for |
//! |---|---|
//! | [`urls`] | every path of the site: pattern and builder side by side |
//! | [`words`] | languages and message catalogues; all text that a person sees |
//! | [`page`] | the document shell: header, navigation, notice, footer |
//! | [`parts`] | what pages are made of: tables, badges, instants, countdowns |
//! | [`figures`] | figures with their interval, charts of them |
//! | [`form`] | fields with label, hint and error; the summary of problems |
//! | [`markdown`] | authored or hostile text to safe HTML |
//! | [`assets`] | style sheets and ES modules, embedded and content-hashed |
//! | [`exam`] | the words of the exam that many pages share |
//! | [`public`] | home, sign-in, invitation, and the page for when something went wrong |
//! | [`examinee`] | exams, admission, results, inbox |
//! | [`arrangement`] | accommodations: the fields, one's own page, a coordinator's page of a request |
//! | [`room`] | the exam room and its receipt |
//! | [`profile`] | what people tell so that scripts go to the right readers |
//! | [`letters`] | the result letter |
//! | [`mail`] | plain-text mails |
//! | [`docs`] | the readable page of the HTTP interface |
//! | [`reviewer`], [`coordinator`], [`proctor`] | the pages of the staff |
//! | [`staff`] | what the pages of the staff share |
//! | [`sample`] | one sample or more of every view |

pub mod arrangement;
pub mod assets;
pub mod coordinator;
pub mod docs;
pub mod exam;
pub mod examinee;
pub mod figures;
pub mod form;
pub mod letters;
pub mod mail;
pub mod markdown;
pub mod page;
pub mod parts;
pub mod proctor;
pub mod profile;
pub mod public;
pub mod receipts;
pub mod reviewer;
pub mod room;
pub mod sample;
pub mod staff;
pub mod urls;
pub mod words;

pub use maud::{Markup, PreEscaped, html};
