//! The description says what the code does: the same routes, the same codes, nothing that leads nowhere.

use std::collections::BTreeSet;

use super::*;
use crate::web::routes::PUBLIC;

const ROUTES: &str = include_str!("../../routes.rs");
const REFUSALS: &str = include_str!("../../../domain/refusal.rs");
const ERRORS: &str = include_str!("../../error.rs");

/// The routes of the interface as `routes.rs` lists them.
fn routes() -> BTreeSet<String> {
    let api = ROUTES.split("pub fn api").nth(1).unwrap();
    let scoped = api.split(".route(\"").skip(1).map(|rest| {
        let (path, rest) = rest.split_once("\", ").unwrap();
        format!("{} /api/v1{path}", rest.split('(').next().unwrap())
    });
    let alone = api.split("resource(\"").skip(1).map(|rest| format!("get {}", rest.split('"').next().unwrap()));
    scoped.chain(alone).collect()
}

/// The quoted words that `source` has right after `before`.
fn quoted<'s>(source: &'s str, before: &str) -> BTreeSet<&'s str> {
    source.split(before).skip(1).filter_map(|rest| rest.trim_start().strip_prefix('"')?.split('"').next()).collect()
}

fn described(filter: impl Fn(&Value) -> bool) -> BTreeSet<String> {
    let chosen = operations(&OPENAPI_DOCUMENT).filter(|(.., call)| filter(call));
    chosen.map(|(path, method, _)| format!("{method} {path}")).collect()
}

#[test]
fn every_route_is_described_and_nothing_else_is() {
    assert!(routes().len() > 40, "{:?}", routes());
    assert_eq!(described(|_| true), routes());
}

#[test]
fn what_needs_no_session_is_described_so() {
    let public: BTreeSet<String> =
        PUBLIC.iter().map(|(method, path)| format!("{} {path}", method.to_lowercase())).collect();
    assert_eq!(described(|call| call.get("security").is_some()), public);
}

#[test]
fn every_code_is_explained_once() {
    let codes = REFUSALS.split("pub fn code").nth(1).unwrap().split("pub fn sentence").next().unwrap();
    let mut given = quoted(codes, "=>");
    given.extend(ERRORS.split("Problem::new(").skip(1).filter_map(|rest| rest.split('"').nth(1)));
    assert!(given.contains("busy") && given.contains("malformed"), "{given:?}");
    let explained: Vec<String> = problems().into_iter().map(|problem| problem.code).collect();
    let once: BTreeSet<&str> = explained.iter().map(String::as_str).collect();
    assert_eq!(once.len(), explained.len(), "a code has two anchors");
    assert_eq!(once, given);
    let listed = &OPENAPI_DOCUMENT["components"]["schemas"]["Problem"]["properties"]["code"]["enum"];
    assert_eq!(list(listed).filter_map(Value::as_str).collect::<BTreeSet<_>>(), given);
}

#[test]
fn no_reference_leads_nowhere() {
    fn walk(value: &Value) {
        if let Some(reference) = value.get("$ref").and_then(Value::as_str) {
            assert!(OPENAPI_DOCUMENT.pointer(&reference[1..]).is_some(), "{reference}");
        }
        list(value).for_each(walk);
        fields(value).for_each(|(_, inner)| walk(inner));
    }
    walk(&OPENAPI_DOCUMENT);
}

#[test]
fn the_page_shows_every_call_and_every_code() {
    let shell = Shell::anonymous(Locale::En, "/api/v1/docs");
    let html = view::page(&shell, &VIEW).into_string();
    for (path, _, call) in operations(&OPENAPI_DOCUMENT) {
        assert!(html.contains(path.as_str()), "{path}");
        assert!(!text(call, "x-actor").is_empty() && !text(call, "summary").is_empty(), "{path}");
    }
    for problem in problems() {
        let anchor = problem.r#type.split('#').nth(1).unwrap();
        assert!(html.contains(&format!("id=\"{anchor}\"")), "{anchor}");
    }
    assert_eq!(VIEW.groups.iter().map(|group| group.operations.len()).sum::<usize>(), routes().len());
}
