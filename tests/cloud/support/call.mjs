// @ts-check
// One signed call as the proxy makes it: sent to the rehearsal cloud, signed for the host it is meant for.
import { createHash, randomUUID } from "node:crypto";
import { request } from "node:http";
import openApiUtil from "@alicloud/openapi-util";

/** @type {typeof import("@alicloud/openapi-util").default} */
const Util = /** @type {any} */ (openApiUtil).default ?? openApiUtil;

/** Made for this run. @returns {import("../gateway.mjs").Credential} */
export const credential = () => ({ accessKeyId: `id-${randomUUID()}`, accessKeySecret: `secret-${randomUUID()}` });

/**
 * @typedef {object} Asked
 * @property {string} action
 * @property {string} version
 * @property {string} host that is signed
 * @property {string} [method] GET if absent
 * @property {string} [path] `/` if absent
 * @property {Record<string, string>} [query]
 * @property {Record<string, string>} [headers] on top, signed too
 * @property {(signed: { headers: Record<string, string>, path: string, search: string, body: string }) => void} [tamper] what happens to the call after it was signed
 */

/** @typedef {{ status: number, headers: import("node:http").IncomingHttpHeaders, text: string, json: any }} Answer */

/**
 * @param {string} url of the cloud @param {import("../gateway.mjs").Credential} credential @param {number} now @param {Asked} asked
 * @returns {Promise<Answer>}
 */
export function send(url, credential, now, { action, version, host, method = "GET", path = "/", query = {}, headers = {}, tamper }) {
  const hash = createHash("sha256").update("").digest("hex");
  /** @type {Record<string, string>} */
  const signed = {
    host, accept: "application/json", "x-acs-action": action, "x-acs-version": version, "x-acs-date": `${new Date(now).toISOString().slice(0, 19)}Z`,
    "x-acs-signature-nonce": randomUUID(), "x-acs-content-sha256": hash,
    ...(credential.securityToken ? { "x-acs-security-token": credential.securityToken } : {}), ...headers,
  };
  const authorization = Util.getAuthorization(/** @type {any} */ ({ method, pathname: path, query, headers: signed }), "ACS3-HMAC-SHA256", hash, credential.accessKeyId, credential.accessKeySecret);
  const { host: _, ...unsent } = signed; // the connection names this machine instead
  const call = { headers: { ...unsent, authorization }, path, search: new URLSearchParams(query).toString(), body: "" };
  tamper?.(call);
  return receive(url, method, call);
}

/** @param {string} url @param {string} method @param {{ headers: Record<string, string>, path: string, search: string, body: string }} call @returns {Promise<Answer>} */
function receive(url, method, { headers, path, search, body }) {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, path: search ? `${path}?${search}` : path, headers: { ...headers, ...(body ? { "content-length": Buffer.byteLength(body) } : {}) } }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (piece) => { text += piece; });
      response.on("error", reject).on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text, json: parse(text) }));
    });
    sent.on("error", reject).end(body);
  });
}

/** @param {string} text */
function parse(text) {
  try { return JSON.parse(text); } catch { return null; }
}
