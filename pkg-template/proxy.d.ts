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
  /** The secret that belongs to it. */
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

/** What differs from a proxy by the environment alone. */
export interface ProxyOptions {
  /** In place of the tokens: who may enter. Only `true` lets in; what it throws is a no. */
  authorize?: (request: Request, env: ProxyEnv) => boolean | Promise<boolean>;
  /** The path that the proxy lives below, such as `/api`; default `/`. */
  base?: string;
  /** Milliseconds since the Unix epoch; default `Date.now`. */
  now?: () => number;
  /** A text that was never used before, for each request to the API; default a random UUID. */
  nonce?: () => string;
  /** Default: the global one, looked up at each request. */
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
  /** Answers one request; never rejects for what a caller or the API does. */
  fetch(request: Request, env: ProxyEnv, context?: unknown): Promise<Response>;
};

/** One request to sign, and what to sign it with. */
export interface SigningInput {
  /** Of HTTP, such as `POST`. */
  method: string;
  /** Such as `ecs.cn-hangzhou.aliyuncs.com`. */
  host: string;
  /** As it is sent: percent-encoded. */
  path: string;
  /** As it is, not encoded, in any order. */
  query: [name: string, value: string][];
  /** Such as `x-acs-action` and `x-acs-version`; `host`, the date, the nonce and the body's hash are put in. */
  headers: Record<string, string>;
  /** Default: empty. */
  body?: string | Uint8Array;
  /** Of a RAM user or role. */
  accessKeyId: string;
  /** The secret that belongs to it. */
  accessKeySecret: string;
  /** With temporary keys (STS). */
  securityToken?: string;
  /** Now, in UTC: `yyyy-MM-ddTHH:mm:ssZ`. */
  date: string;
  /** A text that was never used before. */
  nonce: string;
}

/** What signing comes to, by the specification's names. */
export interface Signed {
  /** All headers to send, their names in lower case. */
  headers: Record<string, string>;
  /** The request in the one spelling that both sides agree on. */
  canonicalRequest: string;
  /** The algorithm, and the canonical request's hash. */
  stringToSign: string;
  /** HMAC-SHA256 of that with the secret, in hexadecimal. */
  signature: string;
  /** The value of the `authorization` header. */
  authorization: string;
}

/** ACS3-HMAC-SHA256, each stage by name, for tests and other servers. */
export function sign(input: SigningInput): Signed;
