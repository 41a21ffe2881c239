import { connect } from "tasklens";

export default {
  /** A cron trigger: goes on with the watch for a while, and keeps it for the next one. */
  async scheduled(controller, env) {
    const kept = await env.KV.get("watch", "json");
    const { keys } = await env.KV.list({ prefix: "add:" });
    const added = await Promise.all(keys.map(({ name }) => env.KV.get(name, "json")));
    if (!kept?.state && added.length === 0) return;
    await look(env, added.flat(), kept?.state);
    await Promise.all(keys.map(({ name }) => env.KV.delete(name)));
  },

  /** `POST` adds references to the watch; `GET` says how all stood when they were last seen. */
  async fetch(request, env) {
    if (request.headers.get("authorization") !== `Bearer ${env.TOKEN}`) return new Response(null, { status: 401 });
    if (request.method === "POST") {
      // A key of its own: what runs meanwhile writes the other.
      await env.KV.put(`add:${crypto.randomUUID()}`, JSON.stringify(await request.json()));
      return new Response(null, { status: 202 });
    }
    const { tasks = [] } = (await env.KV.get("watch", "json")) ?? {};
    return Response.json(tasks.map(({ id, status, progress }) => ({ id, status, fraction: progress.fraction })));
  },
};

async function look(env, refs, resume) {
  const client = connect({ proxy: env.PROXY, headers: { authorization: `Bearer ${env.PROXY_TOKEN}` } });
  const watch = client.watch(refs, { resume, intervalMs: 5_000, maxIntervalMs: 300_000, deadlineMs: 7 * 86_400_000 });
  let state; // none is kept once the watch is over: the next reference begins another
  const enough = setTimeout(() => {
    state = watch.state();
    watch.stop();
  }, Number(env.LOOK_MS));
  try {
    for await (const event of watch) {
      if (event.type === "end") console.log(`${event.task.id} ended ${event.task.status}`); // or a message to somebody
      if (event.type === "gone") console.log(`${event.ref.id} is no longer listed`);
      if (event.type === "error") console.error(event.error.message);
    }
  } catch (error) {
    if (error.code !== "deadline") throw error; // then nothing is kept, and the next run tries again
    console.error(error.message);
  } finally {
    clearTimeout(enough);
  }
  await env.KV.put("watch", JSON.stringify({ state, tasks: watch.tasks }));
}
