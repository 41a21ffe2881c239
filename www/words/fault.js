// @ts-check
// What a refusal says besides its code, put so that it can be acted on. Pure.

/** @typedef {{ action: string | null, principal: string | null, policyType: string | null, deny: "explicit" | "implicit" | null, word: string | null }} Denied `word`: of the kind of denial, as the server says it */

/**
 * An AccessDeniedDetail, which comes in upper and in lower camel case; its values may be numbers.
 * @param {Record<string, unknown> | null} detail
 * @returns {Denied | null} null where it names nothing we know
 */
export function deniedOf(detail) {
  if (!detail) return null;
  const field = (/** @type {string} */ name) => {
    const value = [name, name[0].toLowerCase() + name.slice(1)].filter((key) => Object.hasOwn(detail, key)).map((key) => detail[key])[0];
    return typeof value === "number" || (typeof value === "string" && value.trim()) ? String(value) : null;
  };
  const word = field("NoPermissionType");
  const type = /^(explicit|implicit)\s*deny$/i.exec(word ?? "");
  const denied = {
    action: field("AuthAction"),
    principal: field("AuthPrincipalDisplayName"),
    policyType: field("PolicyType"),
    deny: type && /** @type {"explicit" | "implicit"} */ (type[1].toLowerCase()),
    word,
  };
  return Object.values(denied).some((value) => value !== null) ? denied : null;
}

/** @typedef {Pick<import("tasklens").Fault, "kind" | "accessDenied">} Fault */

/** The RAM actions of the operations that have one of their own; for those of Cloud Control none is published. */
const ACTIONS = new Map(["ecs.DescribeTasks", "ecs.DescribeTaskAttribute", "ecs.CancelTask", "bdrc.DescribeTask", "bdrc.DescribeTasks"].map((name) => [name, name.replace(".", ":")]));

/**
 * The RAM action that a denied call needs: the one the server names, else that of the operation.
 * @param {Fault | null | undefined} fault @param {string | null} operation null where it is not known
 * @returns {{ action: string, isNamed: boolean } | null}
 */
export function neededAction(fault, operation) {
  if (fault?.kind !== "denied") return null;
  const named = deniedOf(fault.accessDenied)?.action;
  const action = named ?? ACTIONS.get(operation ?? "");
  return action ? { action, isNamed: Boolean(named) } : null;
}

/** Which words say what to do. @param {Fault} fault @param {string | null} operation */
export function adviceKey(fault, operation) {
  if (fault.kind !== "denied") return `fault.do.${fault.kind}`;
  if (deniedOf(fault.accessDenied)?.deny === "explicit") return "fault.do.denied.explicit";
  return neededAction(fault, operation) ? "fault.do.denied" : "fault.do.denied.unnamed";
}

/**
 * How far apart the two moments are that a message quotes. Which of them is the server's it need not say.
 * @param {string} message @returns {number | null} null unless there are just two
 */
export function apart(message) {
  const quoted = message.match(/\b\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)(?!\w)/g) ?? [];
  const [first, second] = quoted.map((one) => Date.parse(one));
  const ms = Math.abs(first - second);
  return quoted.length === 2 && ms > 0 ? ms : null; // of what is no date nothing is known
}
