//! What is asked: a call, checked against its documentation, and the unsigned request it becomes.
//!
//! Each operation is a fixed template (`operations`): method, path, version and its parameters, each with the rule its
//! value must meet (`parameters`). A call that the API would refuse or silently ignore is refused here, naming the field.
//! The same table has two front doors: the contract's names (`taskIds`, from callers) and the API's own (`TaskIds`, in
//! the query of the proxy).

mod endpoint;
mod operations;
mod pages;
mod parameters;

#[cfg(feature = "proxy")]
pub(crate) use endpoint::is_region;
pub use pages::Pages;
pub use parameters::Argument;

use crate::error::{Error, ErrorCode, quote};
use crate::model::{Api, Operation};
use crate::text::{append, replace, slice, start};
use operations::{Place, Spec};
use parameters::Parameter;

/// Which task is meant.
///
/// ```
/// use tasklens::{Api, TaskRef};
///
/// let task = TaskRef::new(Api::Ecs, Some("cn-hangzhou"), "t-bp1import")?;
/// let (method, below) = task.describe().proxied();
/// assert_eq!((method, below.as_str()), ("GET", "ecs/DescribeTaskAttribute?RegionId=cn-hangzhou&TaskId=t-bp1import"));
/// assert_eq!(task.cancel()?.proxied().0, "POST");
///
/// let error = TaskRef::new(Api::Ecs, None, "t-bp1import").unwrap_err();
/// assert_eq!(error.to_string(), "`regionId`: is required for `ecs`");
/// # Ok::<(), tasklens::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TaskRef {
    api: Api,
    region: Option<String>,
    id: String,
}

impl TaskRef {
    /// A task of an API by its id: up to 128 bytes without spaces, commas and controls. ECS and BDRC need the region; for Cloud
    /// Control it only picks the endpoint.
    ///
    /// # Errors
    /// `request`, naming `regionId` or `id`.
    pub fn new(api: Api, region: Option<&str>, id: &str) -> Result<Self, Error> {
        if let Some(region) = region {
            endpoint::host(api, Some(region)).map_err(|error| error.path("regionId"))?;
        } else if api != Api::CloudControl {
            return Err(missing("regionId", api.name()));
        }
        parameters::id(id).map_err(|error| error.path("id"))?;
        Ok(Self { api, region: region.map(str::to_owned), id: id.to_owned() })
    }

    /// The API that runs it.
    pub fn api(&self) -> Api {
        self.api
    }

    /// Its region; none where Cloud Control's is not named.
    pub fn region(&self) -> Option<&str> {
        self.region.as_deref()
    }

    /// Its id.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The call that asks for this task alone.
    pub fn describe(&self) -> Call {
        self.call(match self.api {
            Api::Ecs => Operation::EcsDescribeTaskAttribute,
            Api::Bdrc => Operation::BdrcDescribeTask,
            Api::CloudControl => Operation::CloudControlGetTask,
        })
    }

    /// The call that cancels it.
    ///
    /// # Errors
    /// `request` for BDRC, which has no such operation in its version 2023-08-08.
    pub fn cancel(&self) -> Result<Call, Error> {
        Ok(self.call(match self.api {
            Api::Ecs => Operation::EcsCancelTask,
            Api::CloudControl => Operation::CloudControlCancelTask,
            Api::Bdrc => {
                let detail = "BDRC has no operation that cancels a task";
                return Err(Error::new(ErrorCode::Request, detail).path("api"));
            }
        }))
    }

    fn call(&self, operation: Operation) -> Call {
        let name = if self.api == Api::CloudControl { "taskId" } else { "TaskId" };
        Call { operation, wire: wire(&[("RegionId", self.region()), (name, Some(&self.id))]) }
    }
}

/// A call that its API will take: every value is of its documented form.
///
/// ```
/// use tasklens::{Argument, Call, Operation};
///
/// let call = Call::new(Operation::EcsDescribeTasks, [
///     ("regionId".to_owned(), Argument::from("cn-hangzhou")),
///     ("taskIds".to_owned(), Argument::List(vec!["t-1".to_owned(), "t-2".to_owned()])),
///     ("pageSize".to_owned(), Argument::Number(50.0)),
/// ])?;
/// let request = call.request(); // to be signed
/// assert_eq!((request.method, request.host.as_str(), request.path.as_str()), ("GET", "ecs.cn-hangzhou.aliyuncs.com", "/"));
/// assert!(request.query.contains(&("TaskIds".to_owned(), "t-1,t-2".to_owned())));
///
/// // What the API would refuse or ignore is refused here, by its name.
/// let error = Call::new(Operation::EcsDescribeTasks, [
///     ("regionId".to_owned(), Argument::from("cn-hangzhou")),
///     ("pageSize".to_owned(), Argument::Number(101.0)),
/// ]).unwrap_err();
/// assert_eq!(error.to_string(), "`pageSize`: expected an integer from 1 to 100, found `101`");
/// # Ok::<(), tasklens::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    operation: Operation,
    /// The API's own names with their values, in the order of the template.
    wire: Vec<(String, String)>,
}

impl Call {
    /// The most ids of one DescribeTasks, and the most tasks on one of its pages (*documented*: ECS 2014-05-26, DescribeTasks).
    pub const MOST_IDS: usize = 100;

    /// A call by the contract's names, such as `taskIds`.
    ///
    /// # Errors
    /// `request`, naming the field and its rule.
    pub fn new(
        operation: Operation,
        arguments: impl IntoIterator<Item = (String, Argument)>,
    ) -> Result<Self, Error> {
        let arguments: Vec<_> = arguments.into_iter().collect();
        Self::by_names(operation, &arguments)
    }

    /// As [`Call::new`].
    pub(crate) fn by_names(operation: Operation, arguments: &[(String, Argument)]) -> Result<Self, Error> {
        let spec = Spec::of(operation);
        let mut given = Vec::new();
        for (name, argument) in arguments {
            let parameter = spec.parameters.iter().find(|parameter| parameter.name == name);
            let parameter = parameter.ok_or_else(|| unknown(name, operation, |p| p.name))?;
            given.push((parameter, parameter.value(argument).map_err(|error| within(error, name))?));
        }
        Self::of(operation, spec, given, |parameter| parameter.name)
    }

    /// A call by the API's own names, such as `TaskIds` and `ResourceIds.1`, as they stand in the proxy's query: each
    /// name once.
    ///
    /// # Errors
    /// `request`, naming the parameter and its rule.
    pub fn from_query(operation: Operation, query: &[(String, String)]) -> Result<Self, Error> {
        let spec = Spec::of(operation);
        let mut given = Vec::new();
        for parameter in spec.parameters {
            let found = parameter.gather(query).map_err(|error| within(error, parameter.wire))?;
            if let Some(argument) = found {
                let value = parameter.value(&argument).map_err(|error| within(error, parameter.wire))?;
                given.push((parameter, value));
            }
        }
        for (index, (name, _)) in query.iter().enumerate() {
            if !spec.parameters.iter().any(|parameter| parameter.is_named(name)) {
                return Err(unknown(name, operation, |p| p.wire));
            }
            if query.iter().take(index).any(|(before, _)| before == name) {
                return Err(refuse(name, "expected once, found again".to_owned()));
            }
        }
        Self::of(operation, spec, given, |parameter| parameter.wire)
    }

    fn of(
        operation: Operation,
        spec: &Spec,
        given: Vec<(&'static Parameter, String)>,
        shown: Shown,
    ) -> Result<Self, Error> {
        let mut wire = Vec::new();
        for parameter in spec.parameters {
            match given.iter().find(|(known, _)| known.wire == parameter.wire) {
                Some((_, value)) => parameter.write(value, &mut wire),
                None if parameter.required => return Err(missing(shown(parameter), operation.name())),
                None => {}
            }
        }
        let call = Self { operation, wire };
        let name = |wire| {
            let parameter = spec.parameters.iter().find(|parameter| parameter.wire == wire);
            parameter.map(shown).unwrap_or_default()
        };
        // A time range backwards finds nothing; written alike, texts compare as times do.
        if let (Some(start), Some(end)) = (call.value("StartTime"), call.value("EndTime"))
            && start > end
        {
            let detail = format!("expected a time from `{start}` on, found `{end}`");
            return Err(refuse(name("EndTime"), detail));
        }
        // With a group, all other conditions are ignored (api.md 1.1).
        if call.value("TaskGroupId").is_some()
            && let Some((parameter, _)) = given.iter().find(|(parameter, _)| parameter.is_condition)
        {
            let detail = "is ignored by the API beside a task group id; leave one of them out".to_owned();
            return Err(refuse(shown(parameter), detail));
        }
        if let Some(region) = call.value("RegionId") {
            endpoint::host(operation.api(), Some(region)).map_err(|error| error.path(name("RegionId")))?;
        }
        Ok(call)
    }

    /// DescribeTasks for up to [`Call::MOST_IDS`] tasks of one region, on one page.
    pub(crate) fn describe_tasks(region: Option<&str>, ids: &mut dyn Iterator<Item = &str>) -> Self {
        let mut list = String::new();
        for id in ids {
            append(&mut list, ",", id);
        }
        let wire = wire(&[
            ("RegionId", region),
            ("PageNumber", Some("1")),
            ("PageSize", Some(&Self::MOST_IDS.to_string())),
            ("TaskIds", Some(&list)),
        ]);
        Self { operation: Operation::EcsDescribeTasks, wire }
    }

    /// What is asked.
    pub fn operation(&self) -> Operation {
        self.operation
    }

    /// The API's own names with their values: the query of the proxy, region and ids included.
    pub fn query(&self) -> &[(String, String)] {
        &self.wire
    }

    /// The value of one of the API's own names, such as `RegionId`; `None` where it was not given.
    pub fn value(&self, wire: &str) -> Option<&str> {
        self.wire.iter().find(|(name, _)| name == wire).map(|(_, value)| value.as_str())
    }

    /// Every id in it, with the API's own name of where it stands: of tasks, of a group, of resources.
    #[cfg(feature = "proxy")]
    pub(crate) fn ids(&self) -> impl Iterator<Item = (&str, &str)> {
        let spec = Spec::of(self.operation);
        let holds_ids = move |name: &str| {
            let parameter = spec.parameters.iter().find(|parameter| parameter.is_named(name));
            parameter.is_some_and(Parameter::holds_ids)
        };
        let values = self.wire.iter().filter(move |(name, _)| holds_ids(name));
        values.flat_map(|(name, value)| value.split(',').map(move |id| (name.as_str(), id)))
    }

    /// Puts in another value for one of the API's own names, such as the next page.
    fn set(&mut self, wire: &str, value: String) {
        let spec = Spec::of(self.operation);
        let place = |name: &str| spec.parameters.iter().position(|parameter| parameter.is_named(name));
        match self.wire.iter_mut().find(|(name, _)| name == wire) {
            Some((_, old)) => *old = value,
            // In the order of the template.
            None => {
                let at = self.wire.iter().take_while(|(name, _)| place(name) < place(wire)).count();
                self.wire.insert(at, (wire.to_owned(), value));
            }
        }
    }

    /// How the proxy is asked for it: the method, and path and query below the proxy's base, such as
    /// `ecs/DescribeTasks?RegionId=cn-hangzhou`.
    pub fn proxied(&self) -> (&'static str, String) {
        let path = replace(self.operation.name(), ".", "/");
        (proxied_method(self.operation), format!("{path}?{}", encode_query(&self.wire)))
    }

    /// The request to the API, to be signed.
    pub fn request(&self) -> UnsignedRequest {
        let spec = Spec::of(self.operation);
        let place = |name: &str| spec.parameters.iter().find(|p| p.is_named(name)).map(|p| p.place);
        let (mut query, mut path) = (Vec::new(), spec.path.to_owned());
        for (name, value) in &self.wire {
            match place(name) {
                Some(Place::Query) => put_in_order(&mut query, (name.clone(), value.clone())),
                Some(Place::Path) => path = replace(&path, "{}", &encode(value)),
                _ => {}
            }
        }
        UnsignedRequest {
            method: spec.method,
            // Checked when the call was made.
            host: endpoint::host(self.operation.api(), self.value("RegionId")).unwrap_or_default(),
            path,
            query,
            headers: [
                ("accept", "application/json"),
                ("x-acs-action", spec.action),
                ("x-acs-version", spec.version),
            ],
        }
    }
}

/// Those that have a value.
fn wire(pairs: &[(&str, Option<&str>)]) -> Vec<(String, String)> {
    let mut wire = Vec::new();
    for (name, value) in pairs {
        if let Some(value) = value {
            wire.push(((*name).to_owned(), (*value).to_owned()));
        }
    }
    wire
}

/// A request as the API will get it, but for the signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnsignedRequest {
    /// `GET`, `POST` or `PUT`.
    pub method: &'static str,
    /// Such as `ecs.cn-hangzhou.aliyuncs.com`.
    pub host: String,
    /// Percent-encoded.
    pub path: String,
    /// Names and values as they are, in canonical order: sorted by bytes.
    pub query: Vec<(String, String)>,
    /// `accept`, `x-acs-action` and `x-acs-version`.
    pub headers: [(&'static str, &'static str); 3],
}

/// Names and values, sorted by bytes.
#[cfg(feature = "proxy")]
pub(crate) fn in_order(pairs: &mut dyn Iterator<Item = (String, String)>) -> Vec<(String, String)> {
    let mut sorted = Vec::new();
    pairs.for_each(|pair| put_in_order(&mut sorted, pair));
    sorted
}

/// Puts one more where it belongs. They are few, and their order is almost there: `sort` would weigh more than all else here.
fn put_in_order(sorted: &mut Vec<(String, String)>, pair: (String, String)) {
    sorted.insert(sorted.partition_point(|before| *before < pair), pair);
}

/// Percent-encodes as the signature wants it: everything but `A-Z a-z 0-9 - _ . ~` (RFC 3986, api.md 5.1).
pub(crate) fn encode(text: &str) -> String {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    let digit = |half: u8| char::from(HEX.get(usize::from(half)).copied().unwrap_or_default());
    let mut encoded = String::with_capacity(text.len());
    // What needs none goes over in runs; a list of a hundred ids is hardly anything else.
    let mut from = 0;
    for (at, byte) in text.bytes().enumerate() {
        if !is_unreserved(byte) {
            // Within a character nothing stands between two bytes.
            encoded.push_str(slice(text, from, at));
            encoded.extend(['%', digit(byte >> 4), digit(byte & 15)]);
            from = at + 1;
        }
    }
    encoded.push_str(slice(text, from, text.len()));
    encoded
}

/// A bit for each: looked up in a third of the time that comparing takes.
#[inline(always)]
fn is_unreserved(byte: u8) -> bool {
    const BITS: [u64; 2] = [
        1 << b'-' | 1 << b'.' | 0x3FF << b'0',
        0x3FF_FFFF << (b'A' - 64) | 1 << (b'_' - 64) | 0x3FF_FFFF << (b'a' - 64) | 1 << (b'~' - 64),
    ];
    BITS.get(usize::from(byte >> 6)).is_some_and(|bits| bits >> (byte & 63) & 1 == 1)
}

/// Names for a message: each in backticks, with commas between.
fn listed(names: &mut dyn Iterator<Item = &'static str>) -> String {
    let mut text = String::new();
    for name in names {
        append(&mut text, ", ", &quote(name));
    }
    text
}

/// Names and values as they stand in a query, in the order in which they come.
pub(crate) fn encode_query(pairs: &[(String, String)]) -> String {
    let mut query = String::new();
    for (name, value) in pairs {
        append(&mut query, "&", &encode(name));
        query.push('=');
        query.push_str(&encode(value));
    }
    query
}

/// The method that the proxy is asked with: what changes something is no GET.
pub(crate) fn proxied_method(operation: Operation) -> &'static str {
    if operation.is_cancel() { "POST" } else { "GET" }
}

/// The name a parameter has where the caller stands.
type Shown = fn(&Parameter) -> &'static str;

fn refuse(name: &str, detail: String) -> Error {
    Error::new(ErrorCode::Request, detail).path(name)
}

/// Puts the name of the field before a place within it, such as `[3]`.
fn within(error: Error, name: &str) -> Error {
    let path = format!("{name}{}", error.field_path().unwrap_or_default());
    error.path(path)
}

fn missing(name: &str, of: &str) -> Error {
    refuse(name, format!("is required for `{of}`"))
}

fn unknown(name: &str, operation: Operation, shown: Shown) -> Error {
    let names = listed(&mut Spec::of(operation).parameters.iter().map(shown));
    let detail = format!("is no field of `{}`; it takes {names}", operation.name());
    Error::new(ErrorCode::Request, detail).path(start(name, 64))
}
