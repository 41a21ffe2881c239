// @ts-check
// The last answer that named each task, as it was received: in memory alone, and not without bounds. Of the request only its
// operation and query; headers, which hold the token, are never seen here.

/** @typedef {import("./record.js").Answer} Answer */

/** For how many tasks, and how much of each. */
const MOST = 500;
const LONGEST = 64_000;

export function createAnswers() {
  /** The newest last. @type {Map<string, Answer>} */
  const answers = new Map();
  return {
    /** @param {string} key */
    get: (key) => answers.get(key),
    /** Keeps what came, and hands on the same. @param {string} url @param {string[]} keys the tasks it named @param {Response} response */
    async keep(url, keys, response) {
      const request = requestOf(url);
      // What is said to the wish to cancel tells nothing of the task; a redirect, which browsers hide, has nothing to keep.
      if (keys.length === 0 || /^\w+\/Cancel/.test(request) || !response.body || response.status === 0) return response;
      // A clone would be broken off as soon as the asking has all it needs.
      const body = await response.arrayBuffer();
      const text = new TextDecoder().decode(body);
      const answer = { at: Date.now(), request, status: response.status, text: text.slice(0, LONGEST), cut: text.length > LONGEST, tasks: keys.length };
      for (const key of keys) {
        answers.delete(key);
        answers.set(key, answer);
      }
      for (const key of answers.keys()) {
        if (answers.size <= MOST) break;
        answers.delete(key);
      }
      return new Response(body, response);
    },
  };
}

/** `ecs/DescribeTasks?regionId=…`, without where the proxy is. @param {string} url */
export function requestOf(url) {
  const { pathname, search } = new URL(url, "http://page");
  return pathname.split("/").slice(-2).join("/") + search;
}

/**
 * The same request from a POSIX shell, which has the token in a variable: it is neither here nor in what is copied.
 * @param {string} request as `requestOf` tells it @param {string} proxy its absolute address
 */
export function curlOf(request, proxy) {
  const { origin, pathname } = new URL(proxy);
  const { pathname: path, search } = new URL(`${origin}${pathname.replace(/\/$/, "")}/${request}`);
  // curl itself takes brackets and braces for patterns.
  const url = origin + (path + search).replace(/[[\]{}]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);
  return `curl -H "Authorization: Bearer $TASKLENS_TOKEN" '${url.replaceAll("'", "'\\''")}'`;
}

/**
 * Where the answer departs from its documentation, as far as that concerns the task. Of what cannot be read there is nothing to say.
 * @param {Answer} answer @param {string} id @param {(text: string) => any} parse
 * @returns {import("tasklens").Finding[]}
 */
export function findingsOf(answer, id, parse) {
  if (answer.cut) return [];
  try {
    const { kind, tasks, findings } = parse(answer.text);
    if (kind !== "tasks") return findings;
    const nth = tasks.findIndex((/** @type {{ id: string }} */ task) => task.id === id);
    return findings.filter((/** @type {{ path: string }} */ { path }) => (/\[(\d+)\]/.exec(path)?.[1] ?? String(nth)) === String(nth));
  } catch {
    return [];
  }
}
