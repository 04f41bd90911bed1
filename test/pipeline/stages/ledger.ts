/** A gateway in front of one ledger whose every answer the test decides: it books entries (writes) and reads them. */
import type { ServerResponse } from "node:http";
import { defineConnector, z } from "../../../src/index.ts";
import { startGateway, type HttpAnswer, type RestBody, type StartedGateway } from "../../support/start-gateway.ts";
import { startUpstream, type Answer, type ReceivedRequest, type Upstream } from "../../support/upstream.ts";

const ledger = defineConnector({
  type: "ledger",
  title: "Ledger",
  summary: "Books entries.",
  config: z.object({ limits: z.enum(["server", "tool"]).default("server").describe("What a 429 of it is about.") }),
  authentication: ["none"],
  http: {
    readError: ({ status }, { limits }) =>
      status === 429 ? { kind: "rate_limited", message: "Too fast.", details: { scope: limits } } : undefined,
  },
});

const Entry = z.object({ id: z.string(), text: z.string() });

const bookEntry = ledger.tool({
  name: "book_entry",
  summary: "Books an entry.",
  effect: "write",
  input: z.object({ text: z.string(), tags: z.record(z.string(), z.string()).optional() }),
  output: Entry,
  examples: [],
  run: async ({ input, http, context }) =>
    (await http.post("/entries", { json: input, headers: keyHeader(context.idempotencyKey) })).as(Entry),
});

const bookOnce = ledger.tool({
  name: "book_once",
  summary: "Books an entry with a key that the ledger honours.",
  effect: "write",
  idempotent: true,
  input: z.object({ text: z.string() }),
  output: Entry,
  examples: [],
  run: async ({ input, http, context }) =>
    (await http.post("/entries", { json: input, headers: keyHeader(context.idempotencyKey) })).as(Entry),
});

const readEntry = ledger.tool({
  name: "read_entry",
  summary: "Reads an entry.",
  effect: "read",
  input: z.object({ id: z.string(), page: z.number().int().default(1) }),
  output: Entry,
  examples: [],
  run: async ({ input, http }) => (await http.get(`/entries/${input.id}`, { query: { page: input.page } })).as(Entry),
});

const readTotal = ledger.tool({
  name: "read_total",
  summary: "Reads the total, which is always asked for anew.",
  effect: "read",
  cacheTtlMs: 0,
  input: z.object({}),
  output: Entry,
  examples: [],
  run: async ({ http }) => (await http.get("/total")).as(Entry),
});

export const ledgerConnector = ledger.connect([bookEntry, bookOnce, readEntry, readTotal]);

function keyHeader(key: string | undefined): Record<string, string> {
  return key === undefined ? {} : { "idempotency-key": key };
}

export type Respond = (request: ReceivedRequest, response: ServerResponse) => Answer | void | Promise<Answer | void>;

export interface OpenedLedger extends AsyncDisposable {
  readonly upstream: Upstream;
  readonly gateway: StartedGateway;
  /** Runs a tool of the server `ledger`. */
  call(tool: string, input: unknown, fields?: Record<string, unknown>, key?: string): Promise<HttpAnswer<RestBody>>;
}

/** The keys of two agents; each is its own caller. */
export const ALICE = "alice-key-000000000000000000000000";
export const BOB = "bob-key-00000000000000000000000000";

export const entry = (id: string): Answer => ({ json: { id, text: `Entry ${id}` } });

/**
 * @example
 * await using ledger = await openLedger(() => entry("1"));
 * await ledger.call("book_entry", { text: "rent" }, { request_id: "r-1" });
 */
export async function openLedger(
  respond: Respond,
  options: { server?: Record<string, unknown>; gateway?: Record<string, unknown>; upstream?: Upstream } = {},
): Promise<OpenedLedger> {
  const upstream = options.upstream ?? (await startUpstream(respond));
  const gateway = await startGateway({
    connectors: new Map([["ledger", ledgerConnector]]),
    servers: [
      {
        id: "ledger",
        type: "ledger",
        base_url: upstream.url,
        retry_policy: { max_attempts: 1 },
        circuit_breaker: { volume_threshold: 100_000 },
        ...options.server,
      },
    ],
    gateway: {
      auth: {
        api_keys: [
          { id: "alice", key_ref: "ALICE_KEY", roles: ["agent"] },
          { id: "bob", key_ref: "BOB_KEY", roles: ["agent"] },
        ],
      },
      ...options.gateway,
    },
    env: { ALICE_KEY: ALICE, BOB_KEY: BOB },
  });
  return {
    upstream,
    gateway,
    call: (tool, input, fields = {}, key = ALICE) =>
      gateway.rest({ server_id: "ledger", tool_name: tool, tool_input: input, ...fields }, { "x-api-key": key }),
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]();
      await gateway.composed.state.close();
      if (!options.upstream) await upstream[Symbol.asyncDispose]();
    },
  };
}

/** A door that requests wait at until the test opens it. */
export function turnstile(): {
  readonly wait: () => Promise<void>;
  open(): void;
  arrived(count: number): Promise<void>;
} {
  const gate = Promise.withResolvers<void>();
  const waiting: { count: number; resolve: () => void }[] = [];
  let arrived = 0;
  return {
    wait: () => {
      arrived += 1;
      for (const each of waiting) if (arrived >= each.count) each.resolve();
      return gate.promise;
    },
    open: () => gate.resolve(),
    arrived: (count) =>
      arrived >= count ? Promise.resolve() : new Promise((resolve) => waiting.push({ count, resolve })),
  };
}
