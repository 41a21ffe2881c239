// txml's bare parse: nodes, no model.

import { parse as txml } from "txml";
import { decode } from "./normalizer.mjs";

export function parse(body) {
  return txml(decode(body));
}
