// @ts-check
// A reply with its HTTP head, as `curl -i` prints it, parted into the two. Pure.

/** One head: a status line, headers, an empty line or the end. Only ASCII, so that it has as many bytes as characters. */
const HEAD = /^\s*HTTP\/\d(?:\.\d)? ([1-5]\d\d)(?: [\t\x20-\x7e]*)?(?:\r?\n[\w!#$%&'*+.^`|~-]+:[\t\x20-\x7e]*)*(?:\r?\n\r?\n|\s*$)/;

/**
 * The status and what follows the head; of several, such as after `100 Continue` or a proxy's own, the last one counts.
 * @param {string} text @returns {{ status: number, body: string } | null} null where no head stands in front
 */
export function splitHttp(text) {
  let found = null;
  for (let body = text, match; (match = HEAD.exec(body)); ) {
    body = body.slice(match[0].length);
    found = { status: Number(match[1]), body };
  }
  return found;
}

/** What was typed as a status. @param {string} text @returns {number | undefined} undefined where it is none */
export function statusOf(text) {
  return /^\s*[1-5]\d\d\s*$/.test(text) ? Number(text) : undefined;
}
