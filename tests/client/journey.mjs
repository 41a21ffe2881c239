// One user's way through the client, the same in every runtime: list, watch, cancel, wait, go on. Returns what was seen, as data.

/**
 * @param {typeof import("../../pkg-template/index.d.ts")} tasklens
 * @param {{ proxy: string, token: string, ids: Record<string, string> }} world
 */
export async function journey({ connect }, { proxy, token, ids }) {
  const headers = () => ({ authorization: `Bearer ${token}` });
  const client = connect({ proxy, headers });
  const region = { api: "ecs", regionId: "cn-hangzhou" };
  const FAST = { intervalMs: 100, maxIntervalMs: 400 };
  const seen = {};

  const list = { operation: "ecs.DescribeTasks", regionId: "cn-hangzhou", pageSize: 2 };
  seen.listed = [];
  for await (const { id } of client.tasks(list)) seen.listed.push(id);

  // XML reads as JSON does.
  const xml = connect({ proxy, headers, format: "xml" });
  const [one, other] = await Promise.all([client, xml].map((each) => each.task({ ...region, id: ids.done })));
  seen.alike = [one, other].map(({ id, status, counts, createdAt }) => ({ id, status, counts, createdAt }));

  const refs = [
    ...["done", "fails", "partial", "vanishes", "cancelled"].map((name) => ({ ...region, id: ids[name] })),
    { api: "bdrc", regionId: "cn-shanghai", id: ids.bdrc }, { api: "cloudcontrol", id: ids.cloudControl }, { ...region, id: "t-nobody" },
  ];
  const watch = client.watch(refs, { ...FAST, deadlineMs: 60_000 });
  seen.ends = {};
  seen.progress = [];
  seen.retries = 0;
  for await (const event of watch) {
    if (event.type === "update" && event.ref.id === ids.bdrc) seen.progress.push(event.task.progress.fraction);
    if (event.type === "update" && event.ref.id === ids.cancelled && event.task.cancellable && !seen.cancelled) {
      seen.cancelled = true;
      await client.cancel(event.ref);
    }
    if (event.type === "end") seen.ends[event.ref.id] = event.task.status;
    if (event.type === "gone") seen.ends[event.ref.id] = "gone";
    if (event.type === "error") for (const { id } of event.refs) seen.ends[id] = `${event.error.code} ${event.error.fault?.kind}`;
    if (event.type === "retry") seen.retries++;
  }

  seen.refusals = {};
  const refused = async (name, promise) => { seen.refusals[name] = await promise.then(() => "passed", (error) => `${error.code} ${error.fault?.kind ?? ""}`.trim()); };
  await refused("ended", client.wait({ ...region, id: ids.fails }, FAST));
  await refused("cancelEnded", client.cancel({ ...region, id: ids.done }));
  await refused("cancelBdrc", client.cancel({ api: "bdrc", regionId: "cn-shanghai", id: ids.bdrc }));
  await refused("token", connect({ proxy, headers: { authorization: "Bearer wrong" } }).task({ ...region, id: ids.done }));
  return seen;
}
