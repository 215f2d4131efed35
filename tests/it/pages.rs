//! What every page keeps to: escaping, one heading, labels, headers, and texts that tell nothing.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use aggregates::values::Seconds;
use argus::pages::{assets, headers, views::*};
use axum::{
    extract::Path,
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use http_body_util::BodyExt;

const HOSTILE: &str = r#""><script>alert('1')</script></title>{{ 7*7 }}"#;

fn login<'a>(problem: Option<SignInProblem>, text: &'a str) -> Login<'a> {
    let application = Some(Application { name: text, host: text });
    Login { application, problem, user_name: text, domain: Some(text), resume: text }
}

fn every_page(text: &str) -> Vec<Response> {
    let application = Some(Application { name: text, host: text });
    let tiles = [Tile { name: text, description: text, main_uri: text }];
    let portal = Portal { name: text, user_name: text, customer: text, applications: &tiles };
    let problems = [PasswordProblem::TooShort(12), PasswordProblem::Different];
    vec![
        login(None, text).into_response(),
        login(Some(SignInProblem::Refused), text).into_response(),
        ChangePassword { application, problems: &problems, user_name: text, shortest: 12, resume: text }
            .into_response(),
        portal.into_response(),
        Problem { fault: Fault::UnprovenClient, request_id: text }.into_response(),
        SignOut { user_name: text }.into_response(),
        SignedOut.into_response(),
    ]
}

async fn body(response: Response) -> String {
    String::from_utf8(response.into_body().collect().await.unwrap().to_bytes().to_vec()).unwrap()
}

#[tokio::test]
async fn what_others_wrote_is_text_and_never_markup() {
    for page in every_page(HOSTILE) {
        let html = body(page).await;
        assert!(!html.contains("<script"), "{html}");
        assert!(!html.contains(HOSTILE), "{html}");
        assert_eq!(html.matches("</title>").count(), 1);
    }
}

#[tokio::test]
async fn a_tile_links_to_web_sites_only() {
    for uri in ["javascript:alert(1)//https://a.example", "data:text/html,x", "//a.example", "/logout", "JavaScript:x"]
    {
        let tiles = [Tile { name: "App", description: "", main_uri: uri }];
        let portal = Portal { name: "A", user_name: "a", customer: "C", applications: &tiles };
        let html = body(portal.into_response()).await;
        assert!(html.contains("<strong>App</strong>") && !html.contains(&format!("href=\"{uri}")), "{uri}");
    }
}

#[tokio::test]
async fn nothing_on_a_page_needs_or_holds_a_script() {
    for page in every_page("x") {
        let html = body(page).await;
        for forbidden in ["<script", " onclick=", " onload=", "javascript:", " style=", "<style", "onpaste"] {
            assert!(!html.contains(forbidden), "{forbidden} in {html}");
        }
    }
}

#[tokio::test]
async fn every_page_has_a_language_a_title_one_heading_and_a_way_past_the_header() {
    for page in every_page("x") {
        let html = body(page).await;
        for (part, times) in [("<html lang=\"en\"", 1), ("<title>", 1), ("<h1>", 1), ("<main id=\"content\"", 1)] {
            assert_eq!(html.matches(part).count(), times, "{part} in {html}");
        }
        assert!(html.contains("href=\"#content\"") && html.contains("noindex"));
        assert!(html.matches("autofocus").count() <= 1);
    }
}

#[tokio::test]
async fn every_field_has_a_label_and_a_purpose() {
    for page in every_page("x") {
        let html = body(page).await;
        for field in html.split("<input ").skip(1).filter_map(|rest| rest.split_once('>').map(|(tag, _)| tag)) {
            let unseen = field.contains("type=\"hidden\"") || field.ends_with("hidden");
            if let Some((id, _)) = field.strip_prefix("id=\"").and_then(|rest| rest.split_once('"')) {
                assert!(html.contains(&format!("<label for=\"{id}\">")), "{field}");
                assert!(field.contains("autocomplete=\""), "{field}");
            } else {
                assert!(unseen, "{field}");
            }
        }
    }
}

#[tokio::test]
async fn a_failed_sign_in_is_announced_where_the_focus_is() {
    let html = body(login(Some(SignInProblem::Refused), "ann").into_response()).await;
    let password = html.split("<input ").find(|field| field.contains("current-password")).unwrap();
    assert!(html.contains("role=\"alert\"") && html.contains("<title>Error: "));
    assert!(password.contains("autofocus") && password.contains("aria-describedby=\"problem\""));
    assert!(html.contains("autocomplete=\"username\""));
}

#[tokio::test]
async fn waiting_is_told_to_people_and_to_machines() {
    let throttled = login(Some(SignInProblem::Throttled(Seconds(125))), "ann").into_response();
    assert_eq!((throttled.status().as_u16(), throttled.headers()[header::RETRY_AFTER].as_bytes()), (429, &b"125"[..]));
    assert!(body(throttled).await.contains("Wait 3 minutes and"));
    let fast = Problem { fault: Fault::TooMany(Seconds(1)), request_id: "r" }.into_response();
    assert_eq!((fast.status().as_u16(), fast.headers()[header::RETRY_AFTER].as_bytes()), (429, &b"1"[..]));
    assert!(body(fast).await.contains("Wait 1 second and"));
}

#[tokio::test]
async fn an_unproven_client_gets_a_page_with_a_reference_and_no_way_on() {
    let page = Problem { fault: Fault::UnprovenClient, request_id: "0199-abc" }.into_response();
    assert_eq!(page.status().as_u16(), 400);
    assert!(page.headers().get(header::LOCATION).is_none());
    let html = body(page).await;
    assert!(html.contains("<code>0199-abc</code>"));
    assert!(!html.contains("<a class=\"button"));
}

#[test]
fn forms_may_lead_to_a_relying_party_only_where_they_do() {
    for page in every_page("x") {
        let policy = page.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
        assert!(policy.starts_with("default-src 'none'; style-src 'self'; img-src 'self' data:;"), "{policy}");
        assert!(policy.contains("frame-ancestors 'none'; base-uri 'none'"), "{policy}");
        assert_eq!(page.headers()[header::REFERRER_POLICY], "same-origin");
    }
    let of = |page: Response| page.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap().contains("form-action");
    assert!(!of(login(None, "x").into_response()) && !of(SignOut { user_name: "x" }.into_response()));
    assert!(of(SignedOut.into_response()) && of(Problem { fault: Fault::Broken, request_id: "x" }.into_response()));
}

#[test]
fn what_a_handler_leaves_open_is_filled_in_strictly() {
    let mut bare = HeaderMap::new();
    headers::set(&mut bare, true);
    assert!(bare[header::CONTENT_SECURITY_POLICY].to_str().unwrap().contains("form-action 'none'"));
    assert_eq!(bare[header::REFERRER_POLICY], "no-referrer");
    assert_eq!(bare[header::CACHE_CONTROL], "no-store");
    assert!(bare.contains_key(header::STRICT_TRANSPORT_SECURITY));
    let mut page = login(None, "x").into_response();
    headers::set(page.headers_mut(), false);
    assert_eq!(page.headers()[header::REFERRER_POLICY], "same-origin");
    assert!(!page.headers().contains_key(header::STRICT_TRANSPORT_SECURITY));
}

#[tokio::test]
async fn assets_are_kept_for_ever_under_the_hash_of_their_content() {
    let name = |path: &str| Path(path.trim_start_matches("/static/").to_owned());
    for path in [assets::stylesheet(), assets::icon()] {
        let asset = assets::get(name(path)).await;
        assert_eq!(asset.headers()[header::CACHE_CONTROL], "public, max-age=31536000, immutable");
        assert!(body(asset).await.len() <= 10_240);
    }
    for path in ["argus.css", "", "../Cargo.toml", "argus.0000000000000000.css"] {
        assert_eq!(assets::get(name(path)).await.status().as_u16(), 404);
    }
}
