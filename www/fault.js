// @ts-check
// What a refusal says besides its code, put so that it can be acted on. Pure.

/** @typedef {{ action: string | null, principal: string | null, policyType: string | null, deny: "explicit" | "implicit" | null }} Denied */

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
  const type = /^(explicit|implicit)\s*deny$/i.exec(field("NoPermissionType") ?? "");
  const denied = {
    action: field("AuthAction"),
    principal: field("AuthPrincipalDisplayName"),
    policyType: field("PolicyType"),
    deny: type && /** @type {"explicit" | "implicit"} */ (type[1].toLowerCase()),
  };
  return Object.values(denied).some((value) => value !== null) ? denied : null;
}
