//! The whole exam in a real browser: an examinee sits both parts, losing the network on the way; reviewers score; one
//! coordinator prepares the release, another approves it; the examinee reads the result. Every page passed is kept as a
//! picture in `target/pictures`.

mod driver;
mod exam;
mod practice;
