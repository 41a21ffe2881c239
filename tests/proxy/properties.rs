//! What holds whatever comes.

use super::traveller::{ID, SECRET, TOKEN, get, read};
use proptest::prelude::*;
use tasklens::proxy::Step;

/// One way to write a text.
fn written(text: &str, way: u8) -> String {
    let each = |write: &dyn Fn(u8) -> String| text.bytes().map(write).collect::<String>();
    match way {
        0 => text.to_owned(),
        1 => each(&|b| format!("%{b:02X}")),
        2 => each(&|b| format!("%{b:02x}")),
        3 => each(&|b| format!("\\u{b:04x}")),
        4 => each(&|b| format!("&#{b};")),
        5 => each(&|b| format!("&#x{b:X};")),
        6 => each(&|b| {
            if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("\\u{b:04X}") }
        }),
        7 => text.replace('/', "\\/"),
        _ => {
            each(&|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") })
        }
    }
}

/// What a text says behind every escape that `written` writes.
fn plain(text: &str) -> String {
    let mut text = text.to_owned();
    for byte in (0x20..0x7f_u8).rev() {
        let character = char::from(byte).to_string();
        for way in [1, 2, 3, 4, 5, 6] {
            text = text.replace(&written(&character, way).replace('\u{0}', ""), &character);
        }
    }
    text.replace("\\/", "/")
}

proptest! {
    #[test]
    fn no_answer_holds_a_key_whatever_the_api_echoes(
        status in prop_oneof![Just(200_u16), Just(400), Just(403), Just(503), Just(301)],
        parts in prop::collection::vec((0..6_u8, 0..9_u8, 0..9_u8, "[ -~]{0,12}"), 1..8),
        envelope in 0..3_u8,
    ) {
        let journey = read().set("ALIBABA_CLOUD_SECURITY_TOKEN", TOKEN).arrive();
        let authorization = journey.header("authorization");
        let signature = authorization.rsplit('=').next().unwrap().to_owned();
        let mut echo = String::new();
        for (what, way, around, noise) in &parts {
            let secret = match what {
                0 => ID,
                1 => SECRET,
                2 => TOKEN,
                3 => authorization.as_str(),
                4 => signature.as_str(),
                _ => "nothing",
            };
            let inner = written(secret, *way);
            let outer = if *around < 3 { written(&inner, *around) } else { inner };
            echo += &outer;
            // What stands around must not be able to end an escape of the echo.
            echo += &noise.replace(['\\', '"', '<', '&', '%', ';'], " ");
        }
        let body = match envelope {
            0 => format!(r#"{{"Code":"X","Message":"{echo}","RequestId":"r"}}"#),
            1 => format!("<Error><Code>X</Code><Message>{}</Message></Error>", echo.replace('\\', "/")),
            _ => echo.clone(),
        };
        let mut journey = journey.replied(status, &body);
        for _ in 0..2 {
            if let Step::Wait(_) = journey.step() {
                journey = journey.waited().replied(status, &body);
            }
        }
        let response = journey.response();
        let text = String::from_utf8_lossy(&response.body).into_owned();
        let headers = response.headers.iter().map(|(_, value)| value.as_str()).collect::<Vec<_>>().join("\n");
        for form in [text.clone(), plain(&text), plain(&plain(&text)), headers] {
            for secret in [ID, SECRET, TOKEN, signature.as_str(), "ACS3-HMAC-SHA256 Credential=L"] {
                prop_assert!(!form.contains(secret), "{secret} in {form}");
            }
        }
        if envelope == 0 && status != 301 && serde_json::from_str::<serde_json::Value>(&body).is_ok() {
            prop_assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok(), "{text}");
        }
    }

    #[test]
    fn whatever_arrives_gets_an_answer_or_is_sent_to_one_of_ours(
        method in "[A-Z]{0,7}",
        path in "(/ecs/DescribeTasks|/cloudcontrol/GetTask|[ -~]{0,30})",
        query in "(RegionId=cn-hangzhou&)?[ -~]{0,60}",
        authorization in prop::option::of("(Bearer viewer-token-1|[ -~]{0,20})"),
        origin in prop::option::of("[ -~]{0,20}"),
    ) {
        let leak = |text: String| -> &'static str { text.leak() };
        let mut traveller = get(leak(path), leak(query));
        traveller.request.method = leak(method);
        traveller.request.authorization = authorization.map(leak);
        traveller.request.origin = origin.map(leak);
        match traveller.arrive().step() {
            Step::Send(request) => prop_assert!(
                request.url.starts_with("https://ecs.cn-hangzhou.aliyuncs.com/?")
                    || request.url.starts_with("https://cloudcontrol.")
            ),
            Step::Respond(response) => prop_assert!(response.status >= 400 || response.status == 204),
            other => prop_assert!(false, "{other:?}"),
        }
    }
}
