// @ts-check
// The gate in front of all three APIs: who sent this, is it fresh, is it whole. The signature is checked with the
// official SDK's own signer, so that what passes here is what the SDK would have sent.
import { createHash } from "node:crypto";
import openApiUtil from "@alicloud/openapi-util";
import { Fault } from "./envelope.mjs";

/** @type {typeof import("@alicloud/openapi-util").default} */
const Util = /** @type {any} */ (openApiUtil).default ?? openApiUtil;

const ALGORITHM = "ACS3-HMAC-SHA256";
/** How far a request's time may be from the cloud's (documented). */
const WINDOW_MS = 15 * 60_000;

/**
 * What the cloud knows of its one caller. Tests change it between calls.
 * @typedef {object} Credential
 * @property {string} accessKeyId
 * @property {string} accessKeySecret
 * @property {string} [securityToken] given for a temporary credential (STS)
 * @property {number} [expiresAt] when the token expires, milliseconds since the Unix epoch
 * @property {boolean} [inactive] the key exists and is switched off
 */

/**
 * A request as it came, taken apart.
 * @typedef {object} Call
 * @property {string} method
 * @property {string} path percent-encoded, as on the wire
 * @property {Record<string, string>} query decoded
 * @property {string} host as in the Host header
 * @property {import("node:http").IncomingHttpHeaders} headers
 * @property {Buffer} body
 * @property {string} action
 * @property {string} version
 */

/** @param {{ method?: string, url?: string, headers: import("node:http").IncomingHttpHeaders }} request @param {Buffer} body @returns {Call} */
export function readCall({ method = "GET", url = "/", headers }, body) {
  const [path, search = ""] = url.split(/\?(.*)/s);
  return {
    method, path, headers, body,
    query: Object.fromEntries(new URLSearchParams(search)),
    host: headers.host ?? "",
    action: header(headers, "x-acs-action"),
    version: header(headers, "x-acs-version"),
  };
}

/** @param {{ credential: Credential, now: () => number }} world */
export function createGateway(world) {
  /** Nonces seen, with the time. @type {Map<string, number>} */
  const nonces = new Map();

  /** Which of the endpoints the call was signed for. Throws a `Fault`. @param {Call} call @param {import("./endpoints.mjs").Endpoint[]} endpoints */
  function admit(call, endpoints) {
    const { credential } = world;
    const signed = readAuthorization(call);
    if (signed.accessKeyId !== credential.accessKeyId) throw new Fault(404, "InvalidAccessKeyId.NotFound", "Specified access key is not found.");
    if (credential.inactive) throw new Fault(400, "InvalidAccessKeyId.Inactive", "Specified access key is disabled.");
    checkToken(call, credential, world.now());
    checkTime(call, world.now());
    const endpoint = endpoints.find(({ host }) => sign(call, host, credential) === signed.signature);
    if (!endpoint) throw mismatch(call, endpoints[0].host, credential);
    useNonce(header(call.headers, "x-acs-signature-nonce"), world.now());
    return endpoint;
  }

  /** @param {string} nonce @param {number} now */
  function useNonce(nonce, now) {
    for (const [old, t] of nonces) if (Math.abs(now - t) > 2 * WINDOW_MS) nonces.delete(old);
    if (nonces.has(nonce)) throw new Fault(400, "SignatureNonceUsed", "Specified signature nonce was used already.");
    nonces.set(nonce, now);
  }

  return { admit };
}

/** @param {Call} call */
function readAuthorization({ headers }) {
  for (const [name, code] of REQUIRED) if (!header(headers, name)) throw new Fault(400, `Missing${code}`, `${code} is mandatory for this action.`);
  const authorization = header(headers, "authorization");
  if (!authorization.startsWith(`${ALGORITHM} `)) throw new Fault(400, "InvalidSignatureMethod", "Specified signature method is not valid.");
  const parts = Object.fromEntries(authorization.slice(ALGORITHM.length + 1).split(",").map((part) => part.trim().split(/=(.*)/s)));
  if (!parts.Credential || !parts.SignedHeaders || !parts.Signature) throw new Fault(400, "IncompleteSignature", "The request signature does not conform to Alibaba Cloud standards.");
  return { accessKeyId: /** @type {string} */ (parts.Credential), signature: /** @type {string} */ (parts.Signature) };
}

/** Headers that every signed call has, and what is missing without them (code: Missing and the parameter; documented). */
const REQUIRED = [["authorization", "Authorization"], ["x-acs-date", "Timestamp"], ["x-acs-signature-nonce", "SignatureNonce"], ["x-acs-content-sha256", "ContentSha256"]];

/** @param {Call} call @param {Credential} credential @param {number} now */
function checkToken({ headers }, { securityToken, expiresAt = Infinity }, now) {
  const sent = header(headers, "x-acs-security-token");
  if (securityToken && !sent) throw new Fault(400, "MissingSecurityToken", "SecurityToken is mandatory for this action.");
  if (sent && !/^[\w+/=.-]{8,}$/.test(sent)) throw new Fault(400, "InvalidSecurityToken.Malformed", "Specified SecurityToken is malformed.");
  if (sent && sent !== securityToken) throw new Fault(400, "InvalidSecurityToken.MismatchWithAccessKey", "Specified SecurityToken mismatch with the AccessKey.");
  if (sent && now >= expiresAt) throw new Fault(400, "InvalidSecurityToken.Expired", "Specified SecurityToken is expired.");
}

/** @param {Call} call @param {number} now */
function checkTime({ headers }, now) {
  const date = header(headers, "x-acs-date");
  const t = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(date) ? Date.parse(date) : NaN;
  if (Number.isNaN(t)) throw new Fault(400, "InvalidTimeStamp.Format", "Specified time stamp or date value is not well formatted.");
  if (Math.abs(now - t) > WINDOW_MS) throw new Fault(400, "InvalidTimeStamp.Expired", "Specified time stamp or date value is expired.");
}

/** The signature that the call should have, were it meant for this host. @param {Call} call @param {string} host @param {Credential} credential */
function sign(call, host, { accessKeyId, accessKeySecret }) {
  const { method, query, body } = call;
  const request = { method, pathname: canonicalPath(call.path), query, headers: { ...call.headers, host } };
  // The hash is of the body that came, whatever x-acs-content-sha256 says: a changed body is a wrong signature.
  const authorization = Util.getAuthorization(/** @type {any} */ (request), ALGORITHM, createHash("sha256").update(body).digest("hex"), accessKeyId, accessKeySecret);
  return authorization.slice(authorization.indexOf("Signature=") + "Signature=".length);
}

/** Each segment decoded, then encoded by the rule (RFC 3986). @param {string} path */
function canonicalPath(path) {
  try { return path.split("/").map((segment) => Util.getEncodeParam(decodeURIComponent(segment))).join("/"); } catch { return path; }
}

/**
 * The message quotes what the server signed, the key's id and every parameter among it (sample error-rpc-8; that the
 * headers follow is assumed). Whoever passes it on has to cut it out.
 * @param {Call} call @param {string} host @param {Credential} credential
 */
function mismatch(call, host, { accessKeyId }) {
  const parameters = Object.entries({ ...call.query, AccessKeyId: accessKeyId, Action: call.action, Version: call.version })
    .sort().map(([name, value]) => `${name}=${Util.getEncodeParam(value)}`).join("&");
  const headers = Object.keys(call.headers).filter((name) => name.startsWith("x-acs-")).sort().map((name) => `${name}:${header(call.headers, name)}`);
  const stringToSign = [`${call.method}&${Util.getEncodeParam(call.path)}&${Util.getEncodeParam(parameters)}`, `host:${host}`, ...headers].join("\n");
  return new Fault(400, "SignatureDoesNotMatch", `Specified signature is not matched with our calculation. server string to sign is:${stringToSign}`);
}

/** @param {import("node:http").IncomingHttpHeaders} headers @param {string} name */
function header(headers, name) {
  const value = headers[name];
  return Array.isArray(value) ? value.join(",") : value ?? "";
}
