// @ts-check
// Next.js: one application that reads on the server, in the browser and at the edge, and has the proxy at the edge; as it is
// developed, and as it is deployed.
import { look } from "../support/page.mjs";
import { during, project, run } from "../support/tool.mjs";
import { answered, fetched } from "../support/world.mjs";

/** @typedef {import("../run.mjs").Row} Row */
/** @typedef {import("../support/world.mjs").World} World */

/** The parts of the application, by where they run. @type {[string, string, (world: World) => Promise<string>][]} */
const PARTS = [
  ["server", "tasklens", ({ origin }) => look(`${origin}/`)],
  ["client", "tasklens", ({ origin }) => look(`${origin}/client`)],
  ["client", "tasklens/url", ({ origin }) => look(`${origin}/url`)],
  ["client", "tasklens/element", ({ origin }) => look(`${origin}/element`)],
  ["edge", "tasklens", ({ origin }) => fetched(`${origin}/edge`)],
  ["server", "tasklens/proxy", (world) => answered(world, "/tasks")],
  ["edge", "tasklens/proxy", (world) => answered(world, "/edge-tasks")],
];

/** @type {Map<string, Promise<string>>} */
const made = new Map();

/** @param {string} how @param {World} world */
function make(how, world) {
  const making = made.get(how) ?? (async () => {
    const dir = project(`next-${how}`, ["next"], world);
    if (how === "start") await run(dir, "next build");
    return dir;
  })();
  made.set(how, making);
  return making;
}

/** @type {Row[]} */
export const rows = ["dev", "start"].flatMap((how) => PARTS.map(([part, entry, use]) => ({
  where: `Next.js, ${part}`, how: `next ${how}`, tool: "next", entry,
  run: async (world) => {
    const dir = await make(how, world);
    return during(dir, `next ${how} -H 127.0.0.1 -p ${world.port}`, world.origin, () => use(world), { env: world.env });
  },
})));
