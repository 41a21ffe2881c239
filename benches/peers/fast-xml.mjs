// fast-xml-parser, then the same normalizer. It does not check that the document is well-formed: with its validator the peer
// would do more of the same work, and be slower.

import { XMLParser } from "fast-xml-parser";
import { decode, normalize } from "./normalizer.mjs";

const parser = new XMLParser({ parseTagValue: false, ignoreDeclaration: true, ignorePiTags: true });

/** Its tree alone. */
export function tree(body) {
  return parser.parse(decode(body));
}

export function parse(body) {
  const document = tree(body);
  for (const root in document) return normalize(document[root], true);
  throw new Error("unrecognized");
}
