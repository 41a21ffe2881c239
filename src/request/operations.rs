//! The seven operations as fixed templates: nothing of a caller decides a method, a host, a path or an action.

use super::parameters::{Parameter, Rule};
use crate::model::Operation;

/// Where a parameter goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Query,
    /// Into the `{}` of the path.
    Path,
    /// Into the choice of the host.
    Host,
}

/// One operation.
pub(super) struct Spec {
    pub(super) action: &'static str,
    pub(super) version: &'static str,
    pub(super) method: &'static str,
    pub(super) path: &'static str,
    pub(super) parameters: &'static [Parameter],
}

const fn required(name: &'static str, wire: &'static str, rule: Rule, place: Place) -> Parameter {
    Parameter { name, wire, rule, required: true, place, is_condition: false }
}

const fn optional(name: &'static str, wire: &'static str, rule: Rule, place: Place) -> Parameter {
    Parameter { name, wire, rule, required: false, place, is_condition: false }
}

/// A condition that DescribeTasks ignores beside TaskGroupId.
const fn condition(name: &'static str, wire: &'static str, rule: Rule) -> Parameter {
    Parameter { name, wire, rule, required: false, place: Place::Query, is_condition: true }
}

/// api.md 1.1. Only three statuses have an effect; any other is silently ignored.
const ECS_TASKS: &[Parameter] = &[
    required("regionId", "RegionId", Rule::Region, Place::Query),
    optional("pageNumber", "PageNumber", Rule::Integer(1, 1_000_000), Place::Query),
    optional("pageSize", "PageSize", Rule::Integer(1, 100), Place::Query),
    condition("taskIds", "TaskIds", Rule::Ids),
    condition("taskAction", "TaskAction", Rule::Word),
    condition("taskStatus", "TaskStatus", Rule::OneOf(&["Finished", "Processing", "Failed"])),
    condition("startTime", "StartTime", Rule::Time),
    condition("endTime", "EndTime", Rule::Time),
    condition("resourceIds", "ResourceIds", Rule::Numbered),
    optional("taskGroupId", "TaskGroupId", Rule::Id, Place::Query),
];

const ECS_TASK: &[Parameter] = &[
    required("regionId", "RegionId", Rule::Region, Place::Query),
    required("taskId", "TaskId", Rule::Id, Place::Query),
];

const BDRC_TASK: &[Parameter] = &[
    required("regionId", "RegionId", Rule::Region, Place::Host),
    required("taskId", "TaskId", Rule::Id, Place::Path),
];

/// api.md 2.1: outside of 10 to 500 the API takes another number than was asked for.
const BDRC_TASKS: &[Parameter] = &[
    required("regionId", "RegionId", Rule::Region, Place::Host),
    optional("maxResults", "MaxResults", Rule::Integer(10, 500), Place::Query),
    optional("nextToken", "NextToken", Rule::Token, Place::Query),
    optional("taskStatus", "TaskStatus", Rule::Word, Place::Query),
    optional("taskType", "TaskType", Rule::Word, Place::Query),
];

const CLOUD_CONTROL_TASK: &[Parameter] = &[
    optional("regionId", "RegionId", Rule::Region, Place::Host),
    required("taskId", "taskId", Rule::Id, Place::Path),
];

impl Spec {
    /// The template of an operation (api.md 1, 2.1 and 3.1).
    pub(super) fn of(operation: Operation) -> &'static Self {
        const DESCRIBE_TASKS: Spec = ecs("DescribeTasks", "GET", ECS_TASKS);
        const DESCRIBE_TASK_ATTRIBUTE: Spec = ecs("DescribeTaskAttribute", "GET", ECS_TASK);
        const ECS_CANCEL: Spec = ecs("CancelTask", "POST", ECS_TASK);
        const BDRC_DESCRIBE_TASK: Spec = bdrc("DescribeTask", "/api/v1/tasks/{}", BDRC_TASK);
        const BDRC_DESCRIBE_TASKS: Spec = bdrc("DescribeTasks", "/api/v1/tasks", BDRC_TASKS);
        const GET_TASK: Spec = cloud_control("GetTask", "GET", "/api/v1/tasks/{}");
        const CANCEL_TASK: Spec = cloud_control("CancelTask", "PUT", "/api/v1/tasks/{}/operation/cancel");
        match operation {
            Operation::EcsDescribeTasks => &DESCRIBE_TASKS,
            Operation::EcsDescribeTaskAttribute => &DESCRIBE_TASK_ATTRIBUTE,
            Operation::EcsCancelTask => &ECS_CANCEL,
            Operation::BdrcDescribeTask => &BDRC_DESCRIBE_TASK,
            Operation::BdrcDescribeTasks => &BDRC_DESCRIBE_TASKS,
            Operation::CloudControlGetTask => &GET_TASK,
            Operation::CloudControlCancelTask => &CANCEL_TASK,
        }
    }
}

const fn ecs(action: &'static str, method: &'static str, parameters: &'static [Parameter]) -> Spec {
    Spec { action, version: "2014-05-26", method, path: "/", parameters }
}

const fn bdrc(action: &'static str, path: &'static str, parameters: &'static [Parameter]) -> Spec {
    Spec { action, version: "2023-08-08", method: "GET", path, parameters }
}

const fn cloud_control(action: &'static str, method: &'static str, path: &'static str) -> Spec {
    Spec { action, version: "2022-08-30", method, path, parameters: CLOUD_CONTROL_TASK }
}
