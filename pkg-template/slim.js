// `tasklens/slim`: no module at all; whoever builds the program says where it is.

import { load, TasklensError } from "./api.js";

export { buildRequest, connect, parse, summarize, TasklensError } from "./api.js";

/** @type {typeof import("./slim.d.ts").init} */
export function init(source) {
  return load(source, () => {
    throw new TasklensError("request", "`tasklens/slim` carries no module; hand it one, as in `init(new URL(…))`", { path: "source" });
  });
}
