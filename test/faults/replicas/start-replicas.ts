/** Several real gateway processes with one Redis, in front of a Jira that takes only tokens of its own endpoint. */
import { setTimeout as sleep } from "node:timers/promises";
import { vi } from "vitest";
import { daws7 } from "../../connectors/jira/sample-answers.ts";
import { configFile } from "../../e2e/start-process.ts";
import { startTokenEndpoint, type TokenEndpoint } from "../../outbound/token-endpoint.ts";
import { startUpstream, type Answer, type ReceivedRequest } from "../../support/upstream.ts";
import { startReplica, type Replica } from "../exactly-once/replica.ts";
import { freePort } from "../../support/free-port.ts";

/** Calls of one caller that may come within a minute, unless told otherwise. */
export const BURST = 40;
/** Each is its own caller. */
export const CALLERS = ["ann", "bob", "cid", "dan"] as const;
export type CallerName = (typeof CALLERS)[number];

export interface Replicas extends AsyncDisposable {
  readonly endpoint: TokenEndpoint;
  readonly replicas: readonly Replica[];
  /** Tokens that Jira was called with, in the order they were first seen. */
  readonly tokens: string[];
  /** Jira takes no token that it has seen so far. */
  revoke(): void;
  /** Jira's answer to each call whose token it takes, instead of an issue. */
  answer: Answer | undefined;
  /** Runs `search_issues` at one replica; `issues` says how many it finds. */
  search(at: number, caller: CallerName, issues?: number): Promise<Told>;
  /** One call at each replica at the same time. */
  searchAll(caller: CallerName, times?: number): Promise<Told[]>;
  get(at: number, caller: CallerName, path: string): Promise<Told>;
  /** Resolves when each of them finds the shared state so. */
  stateIs(health: "ok" | "degraded"): Promise<void>;
}

export interface Told {
  readonly status: number;
  readonly headers: Headers;
  // oxlint-disable-next-line typescript/no-explicit-any -- each test knows which answer it asked for
  readonly body: any;
}

const keyOf = (caller: CallerName) => `key-of-${caller}-0000000000000000000000`;

/** @param expiresIn life of the tokens, seconds */
export async function startReplicas(options: {
  readonly count: number;
  readonly state: string;
  readonly expiresIn?: number;
  readonly burst?: number;
  /** Of Jira's calls and token requests, milliseconds. */
  readonly timeoutMs?: number;
  readonly method?: "oauth2" | "oauth2_client_credentials";
}): Promise<Replicas> {
  const stack = new AsyncDisposableStack();
  try {
    const endpoint = stack.use(await startTokenEndpoint(options.expiresIn));
    const tokens: string[] = [];
    let revoked = 0;
    const jira = stack.use(
      await startUpstream((request) => {
        const token = request.headers.authorization ?? "none";
        if (!tokens.includes(token)) tokens.push(token);
        if (tokens.indexOf(token) < revoked) return { status: 401, json: { message: "Unauthorized" } };
        return all.answer ?? { json: { issues: issuesFor(request), isLast: true } };
      }),
    );
    const config = stack.use(
      configFile(
        configuration({
          burst: BURST,
          timeoutMs: 10_000,
          method: "oauth2",
          ...options,
          jiraUrl: jira.url,
          tokenUrl: endpoint.url,
        }),
      ),
    );
    const env = {
      ...Object.fromEntries(CALLERS.map((caller) => [`${caller.toUpperCase()}_KEY`, keyOf(caller)])),
      CLIENT_ID: "client",
      CLIENT_SECRET: "secret-of-the-client",
      REFRESH_TOKEN: "refresh-1",
    };
    const starting = Array.from({ length: options.count }, async () =>
      stack.use(await startReplica(config.file, await freePort(), env)),
    );
    const replicas = await Promise.all(starting);
    const ask = async (at: number, caller: CallerName, path: string, body?: unknown): Promise<Told> => {
      const response = await fetch(replicas[at % replicas.length]!.url + path, {
        method: body === undefined ? "GET" : "POST",
        headers: { "x-api-key": keyOf(caller), "content-type": "application/json" },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const told: Told = { status: response.status, headers: response.headers, body: await response.json() };
      // Another program keeps the machine busy, and the gateway says so: nothing was done or counted.
      const isOverloaded = told.status === 503 && told.body.error?.code === "RATE_LIMIT_EXCEEDED";
      return isOverloaded ? sleep(50).then(() => ask(at, caller, path, body)) : told;
    };
    const all: Replicas = {
      endpoint,
      replicas,
      tokens,
      answer: undefined,
      revoke: () => void (revoked = tokens.length),
      search: (at, caller, issues = 1) =>
        ask(at, caller, "/api/v1/mcp/chat", {
          server_id: "jira",
          tool_name: "search_issues",
          tool_input: { jql: `project = DAWS AND created > -${issues}d`, limit: issues },
          no_cache: true,
        }),
      searchAll: (caller, times = 1) =>
        Promise.all(Array.from({ length: times * replicas.length }, (_, at) => all.search(at, caller))),
      get: (at, caller, path) => ask(at, caller, path),
      stateIs: async (wanted) => {
        await vi.waitUntil(
          async () => (await Promise.all(replicas.map(healthOf))).every((health) => health === wanted),
          {
            interval: 20,
            timeout: 15_000,
          },
        );
      },
      [Symbol.asyncDispose]: () => stack.disposeAsync(),
    };
    return all;
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}

async function healthOf({ url }: Replica): Promise<string> {
  const ready = (await (await fetch(`${url}/api/v1/mcp/ready`)).json()) as { state: { health: string } };
  return ready.state.health;
}

function issuesFor({ body }: ReceivedRequest): unknown[] {
  const { maxResults } = JSON.parse(body) as { maxResults?: number };
  return Array.from({ length: maxResults ?? 1 }, (_, index) => ({ ...daws7, key: `DAWS-${index}` }));
}

interface Configured {
  readonly state: string;
  readonly burst: number;
  readonly timeoutMs: number;
  readonly method: string;
  readonly jiraUrl: string;
  readonly tokenUrl: string;
}

function configuration({ state, burst, timeoutMs, method, jiraUrl, tokenUrl }: Configured): unknown {
  return {
    gateway: {
      state,
      auth: { api_keys: CALLERS.map((id) => ({ id, key_ref: `${id.toUpperCase()}_KEY` })) },
      limits: { requests_per_second: burst / 60, burst_limit: burst, result_bytes: 4_096 },
    },
    servers: [
      {
        id: "jira",
        type: "jira",
        base_url: jiraUrl,
        authentication: {
          method,
          tokenUrl,
          clientIdRef: "CLIENT_ID",
          clientSecretRef: "CLIENT_SECRET",
          ...(method === "oauth2" && { refreshTokenRef: "REFRESH_TOKEN" }),
        },
        server_specific_config: { instanceUrl: "https://example.atlassian.net" },
        timeout_ms: timeoutMs,
        retry_policy: { max_attempts: 1 },
        circuit_breaker: { volume_threshold: 100_000 },
      },
    ],
  };
}
