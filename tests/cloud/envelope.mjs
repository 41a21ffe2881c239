// @ts-check
// What replies look like on the wire: plain data → JSON or XML, and a fault in the envelope of its family.
import { randomUUID } from "node:crypto";

/** What the API refuses a call with. */
export class Fault extends Error {
  /**
   * @param {number} status of HTTP
   * @param {string} code
   * @param {string} message
   * @param {{ headers?: Record<string, string>, fields?: Record<string, unknown> }} [more] further headers, and fields beside the code
   */
  constructor(status, code, message, { headers = {}, fields = {} } = {}) {
    super(message);
    Object.assign(this, { name: "Fault" });
    this.status = status;
    this.code = code;
    this.headers = headers;
    this.fields = fields;
  }
}

/** @typedef {"rpc" | "roa"} Style */
/** @typedef {"json" | "xml"} Format */
/** @typedef {{ status: number, headers: Record<string, string>, body: Buffer }} Reply */

export const requestId = () => randomUUID().toUpperCase();

/**
 * RPC answers XML unless JSON is asked for (documented); ROA speaks JSON only.
 * @param {Style} style @param {{ headers: import("node:http").IncomingHttpHeaders, query: Record<string, string> }} call @returns {Format}
 */
export function formatOf(style, { headers, query }) {
  if (style === "roa") return "json";
  return (query.Format ?? headers.accept ?? "").toLowerCase().includes("json") ? "json" : "xml";
}

/**
 * @param {Format} format @param {string} root the name of the XML root
 * @param {Record<string, unknown>} body @param {number} [status] @returns {Reply}
 */
export function encode(format, root, body, status = 200) {
  return format === "json"
    ? { status, headers: { "content-type": "application/json;charset=utf-8" }, body: Buffer.from(JSON.stringify(body)) }
    : { status, headers: { "content-type": "text/xml;charset=utf-8" }, body: Buffer.from(`<?xml version='1.0' encoding='UTF-8'?>${element(root, body)}`) };
}

/**
 * RPC in upper camel case with host and advice (samples); ROA in lower camel case (sample: other products of the same gateway).
 * @param {Style} style @param {Format} format @param {Fault} fault @param {{ id: string, host: string, product: string }} where @returns {Reply}
 */
export function encodeFault(style, format, fault, { id, host, product }) {
  const { code, message, status, fields } = fault;
  const body = style === "rpc"
    ? { RequestId: id, HostId: host, Code: code, Message: message, ...fields, Recommend: `https://api.aliyun.com/troubleshoot?q=${code}&product=${product}&requestId=${id}` }
    : { code, message, requestId: id, status, ...fields };
  const reply = encode(format, "Error", body, status);
  return { ...reply, headers: { ...reply.headers, ...fault.headers } };
}

/** @param {string} name @param {unknown} value @returns {string} */
function element(name, value) {
  if (Array.isArray(value)) return value.map((one) => element(name, one)).join("");
  const inside = value !== null && typeof value === "object"
    ? Object.entries(value).map(([name, value]) => element(name, value)).join("")
    : escape(String(value ?? ""));
  return `<${name}>${inside}</${name}>`;
}

/** @param {string} text */
const escape = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
