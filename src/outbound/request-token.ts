/** Sends one token request (RFC 6749 sections 4.4 and 6) and reads the answer, without a secret in any message. */
import { Client } from "undici";
import { z } from "zod";
import { CatalogueError } from "../errors/catalogue-error.ts";
import type { Secret } from "../secrets/secret.ts";
import { connectionError } from "./connection-error.ts";
import { exchange } from "./exchange.ts";
import { ReadResponse } from "./read-response.ts";
import { retryAfterOf } from "./retry-after.ts";

/** How a client says who it is: in the Authorization header, or in the form (RFC 6749 section 2.3.1). */
export type ClientAuthentication = "header" | "form";

const TokenAnswer = z.object({
  // What is sent in a header has to fit in one.
  access_token: z.string().regex(/^[\x21-\x7e]+$/),
  expires_in: z.coerce.number().positive().optional().catch(undefined),
  refresh_token: z.string().min(1).optional().catch(undefined),
});
export type TokenAnswer = z.output<typeof TokenAnswer>;

export interface TokenRequest {
  readonly tokenUrl: string;
  readonly clientId: Secret;
  readonly clientSecret: Secret;
  readonly scopes: readonly string[];
  readonly refreshToken: Secret | undefined;
  /** What the endpoint took before; both are tried when absent. */
  readonly clientAuthentication: ClientAuthentication | undefined;
  readonly timeoutMs: number;
}

export type TokenOutcome =
  | { readonly ok: true; readonly answer: TokenAnswer; readonly clientAuthentication: ClientAuthentication }
  | { readonly ok: false; readonly error: CatalogueError };

const MAX_ANSWER_BYTES = 256 * 1024;

/**
 * Asks for a token. Every server has to take the header, yet some take the form only: when the header is refused as an
 * unknown client, the form is tried.
 */
export async function requestToken(request: TokenRequest): Promise<TokenOutcome> {
  const ways: ClientAuthentication[] = request.clientAuthentication
    ? [request.clientAuthentication]
    : ["header", "form"];
  let error: CatalogueError | undefined;
  for (const way of ways) {
    let response: ReadResponse;
    try {
      response = await send(request, way);
    } catch (thrown) {
      return { ok: false, error: unreachable(thrown) };
    }
    const body = bodyOf(response);
    const answer = TokenAnswer.safeParse(body);
    if (response.status < 300 && answer.success) return { ok: true, answer: answer.data, clientAuthentication: way };
    error = refusal(response, errorCodeOf(body));
    const isUnknownClient = response.status === 401 || errorCodeOf(body) === "invalid_client";
    if (!isUnknownClient) break;
  }
  return { ok: false, error: error! };
}

async function send(request: TokenRequest, way: ClientAuthentication): Promise<ReadResponse> {
  const url = new URL(request.tokenUrl);
  const form = new URLSearchParams(
    request.refreshToken
      ? { grant_type: "refresh_token", refresh_token: request.refreshToken.reveal() }
      : { grant_type: "client_credentials" },
  );
  if (request.scopes.length > 0) form.set("scope", request.scopes.join(" "));
  const headers: Record<string, string> = {
    accept: "application/json",
    "content-type": "application/x-www-form-urlencoded",
    "user-agent": "toolgraph",
  };
  if (way === "header") {
    const pair = `${formEncoded(request.clientId)}:${formEncoded(request.clientSecret)}`;
    headers.authorization = `Basic ${Buffer.from(pair, "utf8").toString("base64")}`;
  } else {
    form.set("client_id", request.clientId.reveal());
    form.set("client_secret", request.clientSecret.reveal());
  }
  // Tokens are fetched once in a long while: a connection of their own that closes leaves nothing behind.
  const client = new Client(url.origin, { headersTimeout: 0, bodyTimeout: 0, allowH2: false });
  const signal = AbortSignal.timeout(request.timeoutMs);
  try {
    const answer = await exchange(client, {
      method: "POST",
      path: `${url.pathname}${url.search}`,
      headers,
      body: form.toString(),
      signal,
      maxBytes: MAX_ANSWER_BYTES,
    });
    return await ReadResponse.of(answer, MAX_ANSWER_BYTES);
  } catch (thrown) {
    throw connectionError(thrown, signal);
  } finally {
    void client.destroy();
  }
}

/** RFC 6749 section 2.3.1 and appendix B: id and secret are form-encoded before they are joined. */
function formEncoded(secret: Secret): string {
  return new URLSearchParams({ v: secret.reveal() }).toString().slice("v=".length);
}

function bodyOf(response: ReadResponse): unknown {
  try {
    return JSON.parse(response.text);
  } catch {
    return undefined;
  }
}

/** The error code of RFC 6749 section 5.2; the description is left out, since servers quote what they were sent in it. */
function errorCodeOf(body: unknown): string | undefined {
  const code = typeof body === "object" && body !== null ? (body as { error?: unknown }).error : undefined;
  return typeof code === "string" && /^[a-z_]{1,40}$/.test(code) ? code : undefined;
}

function unreachable(thrown: unknown): CatalogueError {
  const cause = thrown as CatalogueError;
  if (cause.code !== "MCP_CONNECTION_ERROR") return cause;
  // The tool's own server was not even asked.
  return new CatalogueError("MCP_CONNECTION_ERROR", `No access token could be fetched. ${cause.message}`, {
    acted: "no",
    status: cause.status,
    ...(!cause.isRetryable("read") && { retryable: false }),
    suggestion: "Try again later; the call was not sent.",
    cause,
  });
}

function refusal(response: ReadResponse, code: string | undefined): CatalogueError {
  const { status } = response;
  const facts = { acted: "no", serverStatusCode: status } as const;
  if (status === 429) {
    const waitMs = retryAfterOf(response.headers);
    return new CatalogueError("MCP_RATE_LIMIT_EXCEEDED", "The token endpoint of this server limits requests.", {
      ...facts,
      ...(waitMs !== undefined && { retryAfterMs: waitMs }),
    });
  }
  if (status >= 500) {
    return new CatalogueError("MCP_SERVER_ERROR", `The token endpoint of this server failed with ${status}.`, facts);
  }
  const reason =
    status < 300 && code === undefined
      ? "gave no usable access token"
      : `refused the gateway's credential with ${status}${code === undefined ? "" : ` ${code}`}`;
  return new CatalogueError("MCP_AUTHENTICATION_FAILURE", `The token endpoint of this server ${reason}.`, facts);
}
