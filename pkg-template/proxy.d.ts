/**
 * tasklens/proxy signs what a page may ask of ECS, BDRC and Cloud Control, so that no key has to reach the page.
 *
 * ```js
 * import { createProxy } from "tasklens/proxy";
 * export default createProxy();
 * ```
 */

/** The settings. Secrets belong into the host's secret store; nothing of them is ever written or sent anywhere but to the API. */
export interface ProxyEnv {
  /** Of a RAM user or role that may do what the proxy is for, and nothing else. */
  ALIBABA_CLOUD_ACCESS_KEY_ID: string;
  ALIBABA_CLOUD_ACCESS_KEY_SECRET: string;
  /** With temporary keys (STS). */
  ALIBABA_CLOUD_SECURITY_TOKEN?: string;
  /** Comma-separated. Requests without a matching `Authorization: Bearer …` get 401. Empty or absent: every request gets 401. */
  TASKLENS_TOKENS?: string;
  /** Comma-separated origins for CORS, such as `https://tasks.example`; none by default. The proxy's own always passes. */
  TASKLENS_ORIGINS?: string;
  /** "true" allows the two CancelTask operations; else 403. */
  TASKLENS_ALLOW_CANCEL?: string;
  /**
   * Comma-separated region ids; default: every region that matches the documented pattern. A call of Cloud Control that
   * names no region passes: its tasks are reached through one endpoint.
   */
  TASKLENS_REGIONS?: string;
  /** For tests and private gateways: an origin to send to instead of https://{host}; the signed host stays the real one. */
  TASKLENS_UPSTREAM?: string;
}

export interface ProxyOptions {
  /** In place of the tokens: who may enter. Only `true` lets in; what it throws is a no. */
  authorize?: (request: Request, env: ProxyEnv) => boolean | Promise<boolean>;
  /** The path that the proxy lives below, such as `/api`; default `/`. */
  base?: string;
  /** Milliseconds since the Unix epoch. */
  now?: () => number;
  /** A text that was never used before, for each request to the API. */
  nonce?: () => string;
  fetch?: typeof fetch;
}

/**
 * A fetch handler: runs on Cloudflare Workers, Deno, Bun, Node ≥ 20 and every runtime with Request, Response and fetch.
 *
 * What it lets through comes back with the API's status and body. Its own refusals are application/problem+json: 400 a
 * parameter, 401 no valid token, 403 a region, origin or operation that is not allowed, 404 no such operation, 405 the
 * method, 413/414 too large, 502 the API unreachable, redirecting or too large (over 8 MiB), 503 no key configured, 504 too
 * slow.
 */
export function createProxy(options?: ProxyOptions): {
  fetch(request: Request, env: ProxyEnv, context?: unknown): Promise<Response>;
};

export interface SigningInput {
  method: string;
  host: string;
  /** As it is sent: percent-encoded. */
  path: string;
  /** As it is, not encoded, in any order. */
  query: [name: string, value: string][];
  headers: Record<string, string>;
  body?: string | Uint8Array;
  accessKeyId: string;
  accessKeySecret: string;
  securityToken?: string;
  /** `yyyy-MM-ddTHH:mm:ssZ` */
  date: string;
  nonce: string;
}

export interface Signed {
  /** All headers to send, their names in lower case. */
  headers: Record<string, string>;
  canonicalRequest: string;
  stringToSign: string;
  signature: string;
  authorization: string;
}

/** ACS3-HMAC-SHA256, each stage by name, for tests and other servers. */
export function sign(input: SigningInput): Signed;
