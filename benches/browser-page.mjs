// The page's half of browser.mjs: bundled by esbuild; the package under test is handed in.

import { inputs } from "./generate.mjs";
import { compare } from "./measure.mjs";
import { shared } from "./rows.mjs";

const bodies = inputs();

export function measure(tasklens, id, effort) {
  const row = shared.find((row) => row.id === id);
  const body = bodies[row.input];
  return compare(() => row.ours(tasklens, body), () => row.theirs(body), effort);
}
