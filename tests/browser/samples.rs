//! Every view in every state, as the samples show them.

use std::collections::HashMap;

use actix_web::web::{self, Data, Path};
use actix_web::{App, HttpResponse, HttpServer};
use evenhand_templates::{assets, sample};

use super::driver::Driver;
use super::look::Look;

type Pages = HashMap<String, String>;

async fn page(pages: Data<Pages>, name: Path<String>) -> HttpResponse {
    match pages.get(name.as_str()) {
        Some(html) => HttpResponse::Ok().content_type("text/html; charset=utf-8").body(html.clone()),
        None => HttpResponse::NotFound().finish(),
    }
}

async fn asset(path: Path<(String, String)>) -> HttpResponse {
    match assets::find(&path.0, &path.1) {
        Some(asset) => HttpResponse::Ok().content_type(asset.content_type).body(asset.bytes),
        None => HttpResponse::NotFound().finish(),
    }
}

#[actix_web::test]
async fn every_view_can_be_used_by_everybody() {
    let samples = sample::all().into_iter().map(|page| (format!("{}.{}", page.name, page.locale.tag()), page.html));
    let pages: Data<Pages> = Data::new(samples.collect());
    let mut names: Vec<&String> = pages.keys().collect();
    names.sort();

    let served = pages.clone();
    let server = HttpServer::new(move || {
        App::new()
            .app_data(served.clone())
            .route("/samples/{name}", web::get().to(page))
            .route("/static/{hash}/{name}", web::get().to(asset))
    });
    let server = server.workers(1).bind(("127.0.0.1", 0)).expect("a port");
    let base = format!("http://{}", server.addrs()[0]);
    let server = server.disable_signals().run();
    let handle = server.handle();
    actix_web::rt::spawn(server);

    let (driver, look) = (Driver::start(), Look::new());
    let browser = driver.browser(1280, 900).await;
    for name in names {
        browser.go(&format!("{base}/samples/{name}")).await;
        look.over(&browser, name).await;
    }
    look.close();
    browser.client.close().await.expect("the browser closes");
    handle.stop(false).await;
}
