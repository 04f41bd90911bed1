/** Finds the credential that a request carries: a header, or the session cookie of Auth.js where a browser may use it. */
import { parse } from "hono/utils/cookie";
import { CredentialRefused } from "./credential-refused.ts";

/** The one thing authentication needs of a request; a `Headers` object is one. Names are given in lower case. */
export interface HeaderReader {
  /** By lower-case name. */
  header(name: string): string | null | undefined;
  /** What the request came over, where it may bring more of the same caller's. */
  readonly connection?: object | undefined;
}

export interface Credential {
  readonly token: string;
  readonly from: "header" | "cookie";
}

/** Longest credential looked at, characters. A session token with many roles stays far below it. */
const LONGEST = 16 * 1024;

/** Newest first: after a migration from NextAuth v4 the old cookie lingers in browsers. */
const sessionCookies = [
  "__Secure-authjs.session-token",
  "authjs.session-token",
  "__Secure-next-auth.session-token",
  "next-auth.session-token",
] as const;

/**
 * Reads the credential, or nothing when the request carries none. A header wins over a cookie, since only a program
 * sets it on purpose; two headers that differ are refused, since nobody could say who is calling.
 *
 * @throws CredentialRefused for a header that cannot be a credential.
 */
export function readCredential(headers: HeaderReader, options: { cookies: boolean }): Credential | undefined {
  const bearer = bearerToken(headers.header("authorization"));
  const apiKey = wellFormed(headers.header("x-api-key"), "X-API-Key");
  if (bearer !== undefined && apiKey !== undefined && bearer !== apiKey) {
    throw new CredentialRefused("invalid", "Authorization and X-API-Key name two different credentials");
  }
  const token = bearer ?? apiKey;
  if (token !== undefined) return { token, from: "header" };
  const session = options.cookies ? sessionToken(headers) : undefined;
  return session === undefined ? undefined : { token: session, from: "cookie" };
}

function bearerToken(header: string | null | undefined): string | undefined {
  if (header === null || header === undefined) return undefined;
  // As nearly everybody writes it; others may differ in case and in spaces.
  const length = header.startsWith("Bearer ") && header[7] !== " " ? 7 : /^bearer +/i.exec(header)?.[0].length;
  if (length === undefined) throw new CredentialRefused("invalid", "Authorization is not of the Bearer scheme");
  return wellFormed(header.slice(length), "Authorization");
}

/** Visible ASCII only: a space or comma comes from a header sent twice, a control character from an injection. */
function wellFormed(token: string | null | undefined, header: string): string | undefined {
  if (token === null || token === undefined) return undefined;
  if (token.length > LONGEST) throw new CredentialRefused("invalid", `${header} is longer than ${LONGEST} characters`);
  if (!/^[\x21-\x2b\x2d-\x7e]+$/.test(token)) {
    throw new CredentialRefused("invalid", `${header} is empty or holds characters that no credential has`);
  }
  return token;
}

function sessionToken(headers: HeaderReader): string | undefined {
  const header = headers.header("cookie");
  if (!header || !sentByOwnPages(headers)) return undefined;
  const cookies = parse(header);
  for (const name of sessionCookies) {
    const token = cookies[name] ?? joinChunks(cookies, name);
    if (token) return wellFormed(token, `cookie ${name}`);
  }
  return undefined;
}

/** Auth.js splits a token that is longer than a cookie may be into `name.0`, `name.1`, … */
function joinChunks(cookies: Readonly<Record<string, string>>, name: string): string {
  let joined = "";
  for (let index = 0; cookies[`${name}.${index}`] !== undefined; index++) joined += cookies[`${name}.${index}`];
  return joined;
}

/**
 * Browsers add cookies to requests that foreign pages cause (CSRF). So a cookie counts only when the browser says that
 * the request comes from our own origin or from the user (`Sec-Fetch-Site`: `same-origin`, `none`); a sibling
 * subdomain is foreign too. Without that header (old browsers, plain HTTP, programs) an `Origin`, where there is one,
 * must name the host asked. No content type or custom header makes up for either: that would hold only as long as CORS
 * stays closed. The rule is that of Go's net/http CrossOriginProtection, for every method.
 */
function sentByOwnPages(headers: HeaderReader): boolean {
  const site = headers.header("sec-fetch-site");
  if (site) return site === "same-origin" || site === "none";
  const origin = headers.header("origin");
  if (!origin) return true;
  return URL.canParse(origin) && new URL(origin).host === headers.header("host")?.toLowerCase();
}
