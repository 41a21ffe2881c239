//! One request on its way through the proxy, on made-up time, as a test tells it.

use tasklens::Timestamp;
use tasklens::proxy::{
    Exchange, Failure, Incoming, Moment, ProxyEnv, Response, SignedRequest, Step, Upstream, UpstreamHeaders,
};

pub(crate) const ID: &str = "LTAI5tFakeKeyIdForTests";
pub(crate) const SECRET: &str = "fakeSecret/ForTests+Only0123456";
pub(crate) const TOKEN: &str = "CAISfake+security/token==";
pub(crate) const ORIGIN: &str = "https://page.example";
/// 2026-01-02T03:04:05Z.
pub(crate) const NOW: i64 = 1_767_323_045_000;

/// A request and the settings it meets; by default one that passes.
#[derive(Clone)]
pub(crate) struct Traveller {
    pub(crate) request: Incoming<'static>,
    pub(crate) env: Vec<(&'static str, &'static str)>,
    pub(crate) base: &'static str,
    pub(crate) asks_host: bool,
}

pub(crate) fn get(path: &'static str, query: &'static str) -> Traveller {
    Traveller {
        request: Incoming {
            method: "GET",
            own_origin: "https://proxy.example",
            path,
            query,
            authorization: Some("Bearer viewer-token-1"),
            ..Incoming::default()
        },
        env: vec![
            ("ALIBABA_CLOUD_ACCESS_KEY_ID", ID),
            ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", SECRET),
            ("TASKLENS_TOKENS", "viewer-token-0, viewer-token-1"),
            ("TASKLENS_ORIGINS", "https://other.example,https://page.example"),
            ("TASKLENS_ALLOW_CANCEL", "true"),
        ],
        base: "/",
        asks_host: false,
    }
}

/// A read that passes.
pub(crate) fn read() -> Traveller {
    get("/ecs/DescribeTaskAttribute", "?RegionId=cn-hangzhou&TaskId=t-ce946ntx4wr0001")
}

/// A cancel that passes.
pub(crate) fn cancel() -> Traveller {
    get("/ecs/CancelTask", "?RegionId=cn-hangzhou&TaskId=t-ce946ntx4wr0001")
        .with(|request| request.method = "POST")
}

impl Traveller {
    pub(crate) fn with(mut self, change: impl FnOnce(&mut Incoming<'static>)) -> Self {
        change(&mut self.request);
        self
    }

    pub(crate) fn set(mut self, name: &'static str, value: &'static str) -> Self {
        self.env.retain(|(known, _)| *known != name);
        self.env.push((name, value));
        self
    }

    pub(crate) fn unset(mut self, name: &'static str) -> Self {
        self.env.retain(|(known, _)| *known != name);
        self
    }

    pub(crate) fn arrive(self) -> Journey {
        let env = |name: &str| {
            let found = self.env.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        let mut journey = Journey { exchange: None, elapsed: 0, sent: 0 };
        let env = ProxyEnv::read(env);
        journey.exchange =
            Some(journey.at(|at| Exchange::begin(self.request, env, self.base, self.asks_host, at)));
        journey
    }

    /// The answer of a request that nothing is sent for.
    pub(crate) fn refused(self) -> Response {
        self.arrive().response()
    }
}

/// The request, once it has arrived.
pub(crate) struct Journey {
    exchange: Option<Exchange>,
    pub(crate) elapsed: u64,
    sent: u32,
}

impl Journey {
    fn at<T>(&self, report: impl FnOnce(Moment<'_>) -> T) -> T {
        let nonce = format!("nonce-{}-{}", self.elapsed, self.sent);
        let now = Timestamp::from_millis(NOW + self.elapsed as i64).unwrap();
        report(Moment { now, elapsed_ms: self.elapsed, random: 0.5, nonce: &nonce })
    }

    fn report(&mut self, report: impl FnOnce(&mut Exchange, Moment<'_>)) {
        let mut exchange = self.exchange.take().unwrap();
        self.at(|at| report(&mut exchange, at));
        self.exchange = Some(exchange);
    }

    pub(crate) fn step(&self) -> &Step {
        self.exchange.as_ref().unwrap().step()
    }

    pub(crate) fn sent(&self) -> SignedRequest {
        let Step::Send(request) = self.step() else { panic!("expected a request, found {:?}", self.step()) };
        request.clone()
    }

    pub(crate) fn header(&self, name: &str) -> String {
        let found = self.sent().headers.into_iter().find(|(known, _)| known == name);
        found.unwrap_or_else(|| panic!("no header `{name}`")).1
    }

    pub(crate) fn response(&self) -> Response {
        let Step::Respond(response) = self.step() else {
            panic!("expected an answer, found {:?}", self.step())
        };
        response.clone()
    }

    pub(crate) fn delay(&self) -> u64 {
        let Step::Wait(delay) = self.step() else { panic!("expected a delay, found {:?}", self.step()) };
        *delay
    }

    pub(crate) fn answered(mut self, yes: bool) -> Self {
        self.report(|exchange, at| exchange.answered(yes, at));
        self
    }

    /// The API answers after `ms`.
    pub(crate) fn replied(self, status: u16, body: &str) -> Self {
        self.replied_with(status, UpstreamHeaders::default(), body.as_bytes())
    }

    pub(crate) fn replied_with(mut self, status: u16, headers: UpstreamHeaders<'_>, body: &[u8]) -> Self {
        self.sent += 1;
        self.report(|exchange, at| exchange.replied(&Upstream { status, headers, body }, at));
        self
    }

    pub(crate) fn failed(mut self, failure: Failure) -> Self {
        self.sent += 1;
        self.report(|exchange, at| exchange.failed(failure, at));
        self
    }

    /// Time passes, and the wait ends.
    pub(crate) fn waited(mut self) -> Self {
        self.elapsed += self.delay();
        self.report(Exchange::waited);
        self
    }

    pub(crate) fn after(mut self, ms: u64) -> Self {
        self.elapsed += ms;
        self
    }
}

/// A member of a problem document.
pub(crate) fn member(response: &Response, name: &str) -> String {
    let document: serde_json::Value = serde_json::from_slice(&response.body).unwrap();
    document[name].as_str().unwrap_or_default().to_owned()
}

pub(crate) fn header<'r>(response: &'r Response, name: &str) -> Option<&'r str> {
    response.headers.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
}
