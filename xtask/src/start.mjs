// @ts-check
// Runs the product for people: the Worker as it is deployed, in workerd, with the page beside it; behind it the rehearsal
// cloud or, with a key in the environment, the real one. Prints one line, `ready <address>`, and runs until it is told to end.
import { randomBytes } from "node:crypto";
import net from "node:net";
import process from "node:process";
import { createCloud } from "../../tests/cloud/cloud.mjs";
import { lively } from "../../tests/cloud/lively.mjs";
import { startProxy } from "../../tests/worker/support/proxy.mjs";

/** Where it is when nobody asked for another place and nobody else is there. */
const PORT = 4180;
const [site, wanted] = process.argv.slice(2);

const port = wanted ? Number(wanted) : await freeOr0(PORT);

const { env } = process;
const isReal = Boolean(env.ALIBABA_CLOUD_ACCESS_KEY_ID && env.ALIBABA_CLOUD_ACCESS_KEY_SECRET);
const token = randomBytes(24).toString("base64url");
const world = isReal ? real() : await rehearsal();
const proxy = await startProxy({ env: { ...world.env, TASKLENS_TOKENS: token }, site, port });

const fragment = new URLSearchParams({ proxy: "/", token, ...world.watch });
console.error(world.about);
console.log(`ready ${proxy.url}/#watch&${fragment}`);

let ending = false;
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.on(signal, async () => {
    if (ending) return;
    ending = true;
    await Promise.all([proxy.dispose(), world.end()]);
    process.exit(0);
  });
}

/** A cloud of our own, with a key made for this run. */
async function rehearsal() {
  const credential = { accessKeyId: `rehearsal${randomBytes(8).toString("hex")}`, accessKeySecret: randomBytes(24).toString("hex") };
  const { watch, ...tasks } = lively(Date.now(), 1);
  const cloud = createCloud({ credential, ...tasks });
  const url = await cloud.listen();
  return {
    about: "  cloud          a rehearsal on this machine: no account, no key, nothing leaves it",
    env: {
      ALIBABA_CLOUD_ACCESS_KEY_ID: credential.accessKeyId,
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: credential.accessKeySecret,
      TASKLENS_ALLOW_CANCEL: "true",
      TASKLENS_UPSTREAM: url,
    },
    watch: {
      ecs: "cn-hangzhou",
      bdrc: "cn-shanghai",
      // BDRC's are found by their list.
      tasks: watch.filter(({ api }) => api === "cloudcontrol").map(({ api, regionId = "", id }) => `${api}:${regionId}:${id}`).join(","),
    },
    end: () => cloud.close(),
  };
}

/** The real endpoints, with the key and the limits of the environment; cancelling only where it says so. */
function real() {
  const names = ["ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET", "ALIBABA_CLOUD_SECURITY_TOKEN",
    "TASKLENS_ALLOW_CANCEL", "TASKLENS_REGIONS", "TASKLENS_UPSTREAM"];
  const region = env.ALIBABA_CLOUD_REGION_ID;
  return {
    about: "  cloud          the real one, with the key of this environment",
    env: Object.fromEntries(names.map((name) => [name, env[name] ?? null])),
    watch: region ? { ecs: region } : {},
    end: async () => {},
  };
}

/** The port, or any where somebody has it. @param {number} port @returns {Promise<number>} */
function freeOr0(port) {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.once("error", () => resolve(0));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(port)));
  });
}
