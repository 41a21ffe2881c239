//! The settings: what the host's environment says, read and checked.

use crate::request::is_region;
use crate::sign::Credentials;
use crate::text::split_once;

/// The variables of the environment, as they come; `None` where there is none.
#[derive(Clone, Default)]
pub struct ProxyEnv {
    values: [Option<String>; Self::NAMES.len()],
}

impl ProxyEnv {
    /// The variables that are read, and no other.
    pub const NAMES: [&str; 8] = [
        ACCESS_KEY_ID,
        ACCESS_KEY_SECRET,
        SECURITY_TOKEN,
        "TASKLENS_TOKENS",
        ORIGINS,
        "TASKLENS_ALLOW_CANCEL",
        REGIONS,
        UPSTREAM,
    ];

    /// Takes each variable from `get`.
    pub fn read(get: impl FnMut(&str) -> Option<String>) -> Self {
        Self { values: Self::NAMES.map(get) }
    }
}

pub(super) const ACCESS_KEY_ID: &str = "ALIBABA_CLOUD_ACCESS_KEY_ID";
pub(super) const ACCESS_KEY_SECRET: &str = "ALIBABA_CLOUD_ACCESS_KEY_SECRET";
const SECURITY_TOKEN: &str = "ALIBABA_CLOUD_SECURITY_TOKEN";
const ORIGINS: &str = "TASKLENS_ORIGINS";
const REGIONS: &str = "TASKLENS_REGIONS";
const UPSTREAM: &str = "TASKLENS_UPSTREAM";

/// The settings in force.
pub(super) struct Config {
    /// Of the variables that cannot be read, the first. Until it is mended, nothing passes.
    pub(super) malformed: Option<&'static str>,
    /// `None` where the id or the secret is missing.
    pub(super) credentials: Option<Credentials>,
    pub(super) tokens: Vec<String>,
    pub(super) origins: Vec<String>,
    pub(super) allow_cancel: bool,
    /// `None` allows every region.
    pub(super) regions: Option<Vec<String>>,
    /// Where requests go instead of `https://{host}`.
    pub(super) upstream: Option<String>,
}

impl Config {
    pub(super) fn of(env: ProxyEnv) -> Self {
        let [id, secret, token, tokens, origins, cancel, regions, upstream] = env.values.map(filled);
        let mut malformed = None;
        let mut check = |name: &'static str, is_good: bool| {
            if !is_good {
                malformed.get_or_insert(name);
            }
        };
        // They go into headers; a space in one is a mistake in copying it.
        let graphic = |value: &Option<String>| value.iter().all(|v| v.bytes().all(|b| b.is_ascii_graphic()));
        check(ACCESS_KEY_ID, graphic(&id));
        check(ACCESS_KEY_SECRET, graphic(&secret));
        check(SECURITY_TOKEN, graphic(&token));

        let (origins, upstreams) = (list(origins), list(upstream));
        check(ORIGINS, origins.iter().all(|origin| is_origin(origin)));
        check(UPSTREAM, upstreams.len() <= 1 && upstreams.iter().all(|origin| is_upstream(origin)));
        let named = regions.is_some();
        let regions = list(regions);
        check(REGIONS, named != regions.is_empty() && regions.iter().all(|region| is_region(region)));

        let pair = id.zip(secret);
        Self {
            malformed,
            credentials: pair.map(|(id, secret)| Credentials::new(&id, &secret, token.as_deref())),
            tokens: list(tokens),
            origins: origins.iter().map(|origin| normal(origin)).collect(),
            allow_cancel: cancel.as_deref() == Some("true"),
            regions: named.then_some(regions),
            upstream: upstreams.first().map(|origin| normal(origin)),
        }
    }
}

/// Secrets are often set with a line feed at their end; an empty variable is none.
fn filled(value: Option<String>) -> Option<String> {
    value.map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
}

fn list(value: Option<String>) -> Vec<String> {
    let value = value.unwrap_or_default();
    value.split(',').map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// As browsers write an origin: in lower case, without a slash at its end.
fn normal(origin: &str) -> String {
    origin.strip_suffix('/').unwrap_or(origin).to_ascii_lowercase()
}

/// `scheme://host` or `scheme://host:port`, and nothing else: no `*`, no `null`, no path, no user.
fn is_origin(text: &str) -> bool {
    let Some((scheme, host)) = split_once(text.strip_suffix('/').unwrap_or(text), "://") else {
        return false;
    };
    let is_scheme = |b: u8| b.is_ascii_alphanumeric() || b"+-.".contains(&b);
    let is_host = |b: u8| b.is_ascii_alphanumeric() || b"-.:[]_".contains(&b);
    let bytes = |text: &str, is: fn(u8) -> bool| !text.is_empty() && text.bytes().all(is);
    bytes(scheme, is_scheme) && bytes(host, is_host)
}

fn is_upstream(text: &str) -> bool {
    let normal = normal(text);
    is_origin(text) && (normal.starts_with("https://") || normal.starts_with("http://"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(name: &str, value: &str) -> Config {
        Config::of(ProxyEnv::read(|known| (known == name).then(|| value.to_owned())))
    }

    #[test]
    fn an_origin_is_a_scheme_and_a_host_and_no_more() {
        for text in ["https://a.example", "http://127.0.0.1:8080", "https://[::1]:1", "tauri://localhost"] {
            assert!(is_origin(text), "{text}");
        }
        for text in
            ["*", "null", "a.example", "https://", "https://a/b", "https://u@a", "https://*.a", "://a"]
        {
            assert!(!is_origin(text), "{text}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        for (name, value) in [
            (ACCESS_KEY_ID, "a b"),
            (ACCESS_KEY_SECRET, "geheim\u{fc}"),
            (SECURITY_TOKEN, "a\nb"),
            (ORIGINS, "https://a, *"),
            (REGIONS, "cn-hangzhou, CN"),
            (REGIONS, " , "),
            (UPSTREAM, "https://a/path"),
            (UPSTREAM, "ftp://a"),
            (UPSTREAM, "http://a, http://b"),
        ] {
            assert_eq!(config(name, value).malformed, Some(name), "{value}");
        }
    }

    #[test]
    fn an_empty_variable_is_none() {
        for name in ProxyEnv::NAMES {
            let config = config(name, "  ");
            assert!(
                config.malformed.is_none() && config.tokens.is_empty() && config.regions.is_none(),
                "{name}"
            );
        }
    }

    #[test]
    fn only_the_word_true_allows_to_cancel() {
        for (value, allowed) in [("true", true), ("TRUE", false), ("1", false), ("yes", false), ("", false)] {
            assert_eq!(config("TASKLENS_ALLOW_CANCEL", value).allow_cancel, allowed, "{value}");
        }
    }
}
