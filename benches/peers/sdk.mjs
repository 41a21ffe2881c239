// The official SDK's own model of DescribeTasks and its cast, as its client applies them to a body. It knows no common status
// and leaves moments as texts.

import * as $dara from "@darabonba/typescript";
import { DescribeTasksResponseBody } from "@alicloud/ecs20140526/dist/models/DescribeTasksResponseBody.js";
import { decode } from "./normalizer.mjs";

export function parse(body) {
  return $dara.cast(JSON.parse(decode(body)), new DescribeTasksResponseBody({}));
}

/** All that the model has. */
export function everyField(body) {
  let sum = body.pageNumber + body.pageSize + body.totalCount + body.regionId.length + body.requestId.length;
  for (const task of body.taskSet.task) {
    sum +=
      task.creationTime.length + task.finishedTime.length + task.resourceId.length + task.supportCancel.length +
      task.taskAction.length + task.taskId.length + task.taskStatus.length;
  }
  return sum;
}
