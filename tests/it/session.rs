//! Signing in and out: who gets a session, from where, for how long, and what a stranger can learn by trying.

use actix_web::http::Method;
use actix_web::test::TestRequest;
use evenhand::domain::vocabulary::Role;
use evenhand::secrets::hash_password;
use serde_json::{Value, json};

use crate::app::{ORIGIN, TestApp, User, on_both};
use crate::build::Stage;

const PASSWORD: &str = "correct horse battery";

on_both!(
    signing_in_tells_who_one_is,
    every_cause_of_failure_reads_the_same,
    too_many_failures_are_held_up_for_a_while,
    signing_out_kills_the_token,
    a_token_ends_with_its_session,
    sessions_that_were_ended_elsewhere_are_over,
    a_cookie_counts_only_from_this_site,
    an_invitation_is_used_once,
    an_invitation_runs_out,
    every_refusal_is_a_problem_document,
);

async fn with_password(app: &TestApp, name: &str) -> User {
    let place = app.association("here").await;
    let user = app.person(name, &[(Role::Coordinator, &place)]).await;
    let (who, hash) = (user.id.clone(), hash_password(PASSWORD, &app.web.world.entropy).unwrap());
    app.write(move |tx| tx.password_set(&who, &hash)).await;
    user
}

async fn sign_in(app: &TestApp, email: &str, password: &str) -> crate::app::Reply {
    app.post(&User::stranger(), "/session", json!({ "email": email, "password": password })).await
}

fn holding(user: &User, token: &Value) -> User {
    User { token: token.as_str().unwrap().to_owned(), ..user.clone() }
}

async fn signing_in_tells_who_one_is(app: &TestApp) {
    let user = with_password(app, "Cora Here").await;
    let reply = sign_in(app, "Cora.HERE@example.org", PASSWORD).await;
    let session = reply.expect(200);
    assert_eq!(session["person"], json!({ "id": user.id, "name": "Cora Here" }));
    assert_eq!(session["roles"][0]["role"], "coordinator");
    assert_eq!(session["expires_at"], "2027-03-12T19:00:00.000Z");
    let cookie = reply.header("set-cookie").unwrap();
    for word in ["evenhand_session=", "HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=14400"] {
        assert!(cookie.contains(word), "{word}: {cookie}");
    }
    let me = app.get(&holding(&user, &session["token"]), "/session").await.expect(200);
    assert_eq!(me["person"]["email"], "cora.here@example.org");
    assert_eq!(me["roles"], session["roles"]);
    app.get(&User::stranger(), "/session").await.problem(401, "not_signed_in");
}

async fn every_cause_of_failure_reads_the_same(app: &TestApp) {
    let user = with_password(app, "Cora Here").await;
    let place = app.association("there").await;
    let invited = app.person("Ina Invited", &[(Role::Reviewer, &place)]).await;
    let long = "x".repeat(5000);
    let tries = [
        (user.email.as_str(), "wrong"),
        (user.email.as_str(), ""),
        (user.email.as_str(), long.as_str()),
        (invited.email.as_str(), PASSWORD),
        ("nobody@example.org", PASSWORD),
        ("", ""),
        ("no address at all", " "),
    ];
    let mut replies = Vec::new();
    for (email, password) in tries {
        let reply = sign_in(app, email, password).await;
        reply.problem(401, "sign_in_failed");
        assert_eq!(reply.header("set-cookie"), None);
        replies.push(reply);
    }
    assert!(replies.windows(2).all(|pair| pair[0] == pair[1]), "{replies:?}");
}

async fn too_many_failures_are_held_up_for_a_while(app: &TestApp) {
    let user = with_password(app, "Cora Here").await;
    for _ in 0..10 {
        sign_in(app, &user.email, "wrong").await.problem(401, "sign_in_failed");
    }
    app.clock.advance_seconds(60);
    // The right password is of no use either, however the address is spelled.
    for email in [user.email.clone(), user.email.to_uppercase()] {
        let held = sign_in(app, &email, PASSWORD).await;
        held.problem(429, "too_many_attempts");
        assert_eq!(held.header("retry-after"), Some("840"));
    }
    sign_in(app, "somebody@example.org", "wrong").await.problem(401, "sign_in_failed");
    app.clock.advance_seconds(840);
    sign_in(app, &user.email, PASSWORD).await.expect(200);
}

async fn signing_out_kills_the_token(app: &TestApp) {
    let user = with_password(app, "Cora Here").await;
    let first = holding(&user, &sign_in(app, &user.email, PASSWORD).await.expect(200)["token"]);
    let other = holding(&user, &sign_in(app, &user.email, PASSWORD).await.expect(200)["token"]);
    let reply = app.delete(&first, "/session").await;
    reply.expect(204);
    assert!(reply.header("set-cookie").unwrap().contains("Max-Age=0"), "{reply:?}");
    for path in ["/session", "/sittings", "/registrations"] {
        app.get(&first, path).await.problem(401, "not_signed_in");
    }
    app.get(&other, "/session").await.expect(200);
    // Whoever signs out twice is out.
    app.delete(&first, "/session").await.expect(204);
}

async fn a_token_ends_with_its_session(app: &TestApp) {
    let user = with_password(app, "Cora Here").await;
    let user = holding(&user, &sign_in(app, &user.email, PASSWORD).await.expect(200)["token"]);
    app.clock.advance_seconds(4 * 3600 - 1);
    app.get(&user, "/session").await.expect(200);
    app.clock.advance_seconds(1);
    app.get(&user, "/session").await.problem(401, "not_signed_in");
    for token in ["", "x", "a.b.c", &user.token[..user.token.len() - 2], &format!("{} ", "é".repeat(40))] {
        let request =
            TestRequest::get().uri("/api/v1/session").insert_header(("authorization", format!("Bearer {token}")));
        app.call(request).await.problem(401, "not_signed_in");
    }
    let basic = TestRequest::get().uri("/api/v1/session").insert_header(("authorization", "Basic Y29yYTpjb3Jh"));
    app.call(basic).await.problem(401, "not_signed_in");
}

async fn sessions_that_were_ended_elsewhere_are_over(app: &TestApp) {
    let user = with_password(app, "Cora Here").await;
    let user = holding(&user, &sign_in(app, &user.email, PASSWORD).await.expect(200)["token"]);
    app.get(&user, "/sittings").await.expect(200);
    let who = user.id.clone();
    app.write(move |tx| tx.sessions_end_all(&who)).await;
    app.get(&user, "/sittings").await.problem(401, "not_signed_in");
}

async fn a_cookie_counts_only_from_this_site(app: &TestApp) {
    let stage = Stage::new(app).await;
    let cookie = format!("evenhand_session={}", stage.coordinator.token);
    let path = format!("/api/v1{}", stage.path(""));
    let with = |method: Method, headers: &[(&'static str, &'static str)]| {
        let request = TestRequest::default().method(method).uri(&path).insert_header(("cookie", cookie.clone()));
        headers.iter().fold(request, |request, header| request.insert_header(*header))
    };
    app.call(with(Method::GET, &[])).await.expect(200);
    app.call(with(Method::GET, &[("origin", "https://evil.example")])).await.expect(200);
    let change = json!({ "title": "Changed" });
    let refused: [&[(&str, &str)]; 8] = [
        &[],
        &[("origin", "https://evil.example")],
        &[("origin", "null")],
        &[("origin", "http://127.0.0.1:8081")],
        &[("origin", "https://127.0.0.1:8080")],
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site"), ("origin", ORIGIN)],
        &[("sec-fetch-site", "none")],
    ];
    for headers in refused {
        let reply = app.call(with(Method::PATCH, headers).set_json(&change)).await;
        reply.problem(403, "origin_refused");
    }
    let before = app.get(&stage.coordinator, &stage.path("")).await.expect(200);
    assert_eq!(before["title"], "Spring sitting");
    for headers in [&[("origin", ORIGIN)][..], &[("sec-fetch-site", "same-origin")][..]] {
        app.call(with(Method::PATCH, headers).set_json(&change)).await.expect(200);
    }
    // A token in the header comes from a program, which has no origin.
    app.patch(&stage.coordinator, &stage.path(""), change).await.expect(200);
    // Nor is another site's page signed in as somebody it knows the password of.
    let login = TestRequest::post().uri("/api/v1/session").insert_header(("origin", "https://evil.example"));
    let credentials = json!({ "email": "a@example.org", "password": "x" });
    app.call(login.set_json(&credentials)).await.problem(403, "origin_refused");
}

/// The token of the invitation that went to an address.
fn token_in_mail(app: &TestApp, address: &str) -> String {
    let mails = app.mail_to(address);
    let mail = mails.first().unwrap_or_else(|| panic!("no mail to {address}"));
    let start = mail.find("/invitations/").unwrap() + "/invitations/".len();
    mail[start..].chars().take_while(char::is_ascii_alphanumeric).collect()
}

async fn invite(app: &TestApp, stage: &Stage, email: &str) -> String {
    let body = json!({
        "name": "New Reader", "email": email, "roles": [{ "role": "reviewer", "association": stage.here }],
    });
    app.post(&stage.coordinator, "/people", body).await.expect(201);
    app.clerk().await;
    token_in_mail(app, email)
}

async fn an_invitation_is_used_once(app: &TestApp) {
    let stage = Stage::new(app).await;
    let token = invite(app, &stage, "new@example.org").await;
    assert_eq!(token.len(), 64);
    let path = format!("/invitations/{token}");
    let stranger = User::stranger();
    for password in ["short", &"é".repeat(129)] {
        let refused = app.post(&stranger, &path, json!({ "password": password })).await;
        assert_eq!(refused.pointers("invalid"), ["/password"]);
    }
    sign_in(app, "new@example.org", "a fine password").await.problem(401, "sign_in_failed");
    let session = app.post(&stranger, &path, json!({ "password": "a fine password" })).await.expect(200);
    assert_eq!(session["person"]["name"], "New Reader");
    assert_eq!(session["roles"], json!([{ "role": "reviewer", "association": stage.here }]));
    let again = app.post(&stranger, &path, json!({ "password": "another password" })).await;
    again.problem(410, "invitation_gone");
    app.post(&stranger, "/invitations/unknown", json!({ "password": "a fine password" }))
        .await
        .problem(410, "invitation_gone");
    sign_in(app, "new@example.org", "a fine password").await.expect(200);
    sign_in(app, "new@example.org", "another password").await.problem(401, "sign_in_failed");
    // Once it is delivered, the secret is nowhere on the server any more.
    let people =
        app.get(&stage.coordinator, "/people").await.text() + &app.get(&stage.coordinator, "/audit").await.text();
    assert!(!people.contains(&token));
}

async fn an_invitation_runs_out(app: &TestApp) {
    let stage = Stage::new(app).await;
    let token = invite(app, &stage, "new@example.org").await;
    app.clock.advance_seconds(30 * 24 * 3600);
    let late =
        app.post(&User::stranger(), &format!("/invitations/{token}"), json!({ "password": "a fine password" })).await;
    late.problem(410, "invitation_gone");
}

async fn every_refusal_is_a_problem_document(app: &TestApp) {
    let stage = Stage::new(app).await;
    let who = &stage.coordinator;
    app.get(who, "/nothing").await.problem(404, "not_found");
    app.delete(who, "/sittings").await.problem(405, "method_not_allowed");
    app.get(who, "/sittings/unknown").await.problem(404, "not_found");
    app.get(who, "/sittings?limit=many").await.problem(400, "malformed");
    app.get(who, "/sittings?sort=name").await.problem(400, "malformed");
    assert_eq!(app.get(who, "/sittings?limit=501").await.pointers("invalid"), ["/limit"]);
    let as_text = TestApp::request(who, Method::POST, "/api/v1/people").set_payload("{}");
    app.call(as_text).await.problem(415, "media_type");
    let broken = TestApp::request(who, Method::POST, "/api/v1/people");
    let broken = broken.insert_header(("content-type", "application/json")).set_payload("{\"name\":");
    app.call(broken).await.problem(400, "malformed");
    let large = TestApp::request(who, Method::POST, "/api/v1/people");
    let large = large.insert_header(("content-type", "application/json")).set_payload(vec![b' '; 256 * 1024 + 1]);
    app.call(large).await.problem(413, "too_large");
    // What no database server can keep ends at the edge.
    assert_eq!(sign_in(app, "a\0@example.org", "x").await.pointers("invalid"), ["/email"]);
    app.get(who, "/sittings/%00").await.problem(404, "not_found");
    app.get(who, "/sittings?after=%00").await.problem(404, "not_found");
    app.csv(who, "/authorisations/import", "reference\0").await.problem(400, "malformed");
    let key = "k".repeat(201);
    app.retry(who, Method::PATCH, &stage.path(""), &key, json!({})).await.problem(400, "malformed");
    // Whatever is answered, browsers are kept strict.
    for reply in [app.get(who, "/nothing").await, app.get(who, "/sittings").await] {
        let policy = reply.header("content-security-policy").unwrap();
        assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
        assert_eq!(reply.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(reply.header("cache-control"), Some("no-store"));
    }
}
