import { readFileSync } from "node:fs";
import { connect, parse } from "tasklens";

try {
  const started = parse(readFileSync(0)); // what ImportImage answered, JSON or XML
  if (started.kind === "fault") throw new Error(`not started: ${started.fault.message}`);
  if (started.kind !== "started" || !started.id) throw new Error("expected the reply of ImportImage");
  const client = connect({
    proxy: process.env.TASKLENS_PROXY,
    headers: { authorization: `Bearer ${process.env.TASKLENS_TOKEN}` },
  });
  const ref = { api: "ecs", regionId: process.env.ALIBABA_CLOUD_REGION_ID, id: started.id };

  for await (const event of client.watch(ref, { deadlineMs: 2 * 3_600_000 })) {
    if (event.type === "update") console.error(`${event.task.status} ${Math.round((event.task.progress.fraction ?? 0) * 100)} %`);
    if (event.type === "retry") console.error(`${event.error.message}; asking again in ${Math.ceil(event.delayMs / 1000)} s`);
    if (event.type === "error") throw event.error;
    if (event.type === "gone") throw new Error(`task ${started.id} is no longer listed`);
    if (event.type === "end" && event.task.status !== "succeeded") throw new Error(`the import ${event.task.status}: ${cause(event.task)}`);
  }
  console.log(started.extra.ImageId); // for the next step
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}

/** The task's own reason, or that of the first part that failed. */
function cause({ error, subTasks }) {
  return (error ?? subTasks.find(({ status }) => status === "failed")?.error)?.message ?? "the API does not say why";
}
