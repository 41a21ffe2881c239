//! Who may ask; and the settings that nobody can ask with.

use super::traveller::{ORIGIN, get, header, member, read};
use tasklens::proxy::{Question, Step};

#[test]
fn without_the_right_token_nobody_enters() {
    for authorization in [
        None,
        Some(""),
        Some("Bearer"),
        Some("Bearer "),
        Some("Bearer viewer-token-"),
        Some("Bearer viewer-token-10"),
        Some("Bearer VIEWER-TOKEN-1"),
        Some("Bearer viewer-token-0, viewer-token-1"),
        Some("Basic viewer-token-1"),
        Some("viewer-token-1"),
    ] {
        let response = read().with(|request| request.authorization = authorization).refused();
        assert_eq!(
            (response.status, header(&response, "www-authenticate")),
            (401, Some("Bearer")),
            "{authorization:?}"
        );
    }
    for authorization in ["Bearer viewer-token-0", "bearer viewer-token-1", "BEARER  viewer-token-1 "] {
        read().with(|request| request.authorization = Some(authorization)).arrive().sent();
    }
}

#[test]
fn without_tokens_every_request_is_refused() {
    for tokens in ["", " ", ",", " , ,"] {
        for authorization in ["Bearer ", "Bearer ,", "Bearer viewer-token-1"] {
            let traveller = read()
                .set("TASKLENS_TOKENS", tokens)
                .with(|request| request.authorization = Some(authorization));
            assert_eq!(traveller.refused().status, 401, "{tokens:?} {authorization}");
        }
    }
    assert_eq!(read().unset("TASKLENS_TOKENS").refused().status, 401);
}

#[test]
fn the_hosts_own_check_stands_in_place_of_the_tokens() {
    let asked = || {
        let mut traveller = read().unset("TASKLENS_TOKENS").with(|request| request.authorization = None);
        traveller.asks_host = true;
        traveller.arrive()
    };
    assert_eq!(asked().step(), &Step::Ask(Question::Authorized));
    asked().answered(true).sent();
    assert_eq!(asked().answered(false).response().status, 401);
}

#[test]
fn only_exact_origins_and_the_proxys_own_may_read_the_answer() {
    for origin in [ORIGIN, "https://other.example", "https://proxy.example"] {
        let response =
            read().with(|request| request.origin = Some(origin)).arrive().replied(200, "{}").response();
        assert_eq!(header(&response, "access-control-allow-origin"), Some(origin));
        assert!(header(&response, "access-control-expose-headers").unwrap().contains("x-acs-retry-after"));
    }
    for origin in [
        "null",
        "*",
        "",
        "https://page.example.evil.example",
        "https://evil.example/https://page.example",
        "https://page.example:443",
        "http://page.example",
        "https://PAGE.example",
        "https://page.example/",
        "https://sub.page.example",
    ] {
        let response = read().with(|request| request.origin = Some(origin)).refused();
        assert_eq!(
            (response.status, header(&response, "access-control-allow-origin")),
            (403, None),
            "{origin}"
        );
    }
}

#[test]
fn a_preflight_is_answered_alike_whatever_it_asks_for() {
    let preflight = |origin, path| {
        get(path, "").with(|request| {
            (request.method, request.origin, request.authorization) = ("OPTIONS", Some(origin), None);
        })
    };
    let response = preflight(ORIGIN, "/anything").refused();
    assert_eq!((response.status, response.body.len()), (204, 0));
    assert_eq!(header(&response, "access-control-allow-methods"), Some("GET, POST"));
    assert_eq!(
        header(&response, "access-control-allow-headers"),
        Some("authorization, accept, content-type")
    );
    assert_eq!(header(&response, "access-control-allow-credentials"), None);
    assert_eq!(preflight("https://evil.example", "/ecs/DescribeTasks").refused().status, 403);
}

#[test]
fn a_page_can_read_why_it_was_refused() {
    let response =
        read().with(|request| (request.origin, request.authorization) = (Some(ORIGIN), None)).refused();
    assert_eq!((response.status, header(&response, "access-control-allow-origin")), (401, Some(ORIGIN)));
}

#[test]
fn without_a_key_nothing_passes() {
    for name in ["ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET"] {
        let response = read().unset(name).refused();
        assert_eq!((response.status, member(&response, "type").as_str()), (503, "urn:tasklens:proxy:key"));
    }
}

#[test]
fn a_setting_that_cannot_be_read_is_named_to_who_may_enter_and_never_shown() {
    for (name, value) in [
        ("TASKLENS_UPSTREAM", "https://user:pass@gateway.example"),
        ("TASKLENS_REGIONS", "cn-hangzhou;cn-beijing"),
        ("TASKLENS_ORIGINS", "*"),
        ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "two words"),
    ] {
        let response = read().set(name, value).refused();
        let text = String::from_utf8(response.body.clone()).unwrap();
        assert_eq!(response.status, 503, "{name}");
        assert!(text.contains(name) && !text.contains(value), "{text}");
        let stranger = read().set(name, value).with(|request| request.authorization = None).refused();
        assert_eq!(stranger.status, 401, "{name}");
    }
}
