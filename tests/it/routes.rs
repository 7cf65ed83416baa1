//! The table of routes as its source tells it: what the grid of rights and the description of the interface are held
//! against, so that no new route escapes them.

use std::collections::BTreeMap;
use std::path::PathBuf;

/// A route.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Route {
    pub method: String,
    pub pattern: String,
}

/// The root of the sources.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every route, in the order of the source.
pub fn table() -> Vec<Route> {
    let source = std::fs::read_to_string(root().join("src/web/routes.rs")).unwrap();
    let paths = paths();
    let (mut prefix, mut routes) = ("", Vec::new());
    for line in source.lines().map(str::trim) {
        if let Some(rest) = line.split_once("scope(\"") {
            prefix = rest.1.split('"').next().unwrap();
        }
        let call = |call: &str| line.split_once(call).map(|(_, rest)| rest);
        let (Some(argument), Some(handler)) = (call("resource(").or_else(|| call(".route(")), call(".to(")) else {
            if line == ");" {
                prefix = "";
            }
            continue;
        };
        let path = match argument.strip_prefix('"') {
            Some(rest) => rest.split('"').next().unwrap().to_owned(),
            None => paths[argument.strip_prefix("urls::").unwrap().split([',', ')']).next().unwrap()].clone(),
        };
        assert!(!handler.is_empty());
        let verb = line.split_once("().to(").unwrap().0.rsplit(|c: char| !c.is_ascii_lowercase()).next().unwrap();
        routes.push(Route { method: verb.to_uppercase(), pattern: format!("{prefix}{path}") });
    }
    assert_eq!(routes.len(), source.matches("().to(").count(), "a route is written in a way that this does not read");
    routes
}

/// The site's paths by the names of their constants.
fn paths() -> BTreeMap<String, String> {
    let source = std::fs::read_to_string(root().join("templates/src/urls.rs")).unwrap();
    let named = |line: &str| {
        let (name, rest) = line.trim().split_once(" = \"/")?;
        let path = rest.split('"').next()?;
        name.chars().all(|c| c.is_ascii_uppercase() || c == '_').then(|| (name.to_owned(), format!("/{path}")))
    };
    source.lines().filter_map(named).collect()
}

#[test]
fn the_table_is_read_as_it_is_written() {
    let table = table();
    let route = |method: &str, pattern: &str| Route { method: method.into(), pattern: pattern.into() };
    for expected in [
        route("GET", "/"),
        route("POST", "/sign-in"),
        route("PATCH", "/api/v1/sittings/{id}"),
        route("PUT", "/api/v1/attempts/{id}/answers/{position}"),
        route("GET", "/healthz"),
    ] {
        assert!(table.contains(&expected), "{expected:?}");
    }
    let mut once = table.clone();
    once.sort();
    once.dedup();
    assert_eq!(once.len(), table.len());
}
