/** The short way of reading answers judges them as the SDK's client does, which it stands in for. */
import { Client, InMemoryTransport, type JSONRPCMessage } from "@modelcontextprotocol/client";
import fc from "fast-check";
import { pino } from "pino";
import { expect, test } from "vitest";
import { callError } from "../../../connectors/mcp/call-error.ts";
import { readAnswer } from "../../../connectors/mcp/read-answer.ts";
import { ListRepairs, tolerant } from "../../../connectors/mcp/tolerant-transport.ts";

type Json = Record<string, unknown>;
type Outcome = { content: unknown; structuredContent: unknown; isError: unknown } | { code: string; message: string };

const never = new AbortController().signal;

/** A client of the SDK whose server gives every tool call the answer that is set here. */
async function connected(isModern: boolean) {
  const [near, far] = InMemoryTransport.createLinkedPair();
  const state: { answer: Json } = { answer: {} };
  const whole = (result: object) => (isModern ? { resultType: "complete", ...result } : result);
  const shared = { capabilities: { tools: {} }, serverInfo: { name: "witness", version: "1" } };
  // oxlint-disable-next-line unicorn/prefer-add-event-listener -- the SDK's transport has no other way
  far.onmessage = (message) => {
    const { id, method, params } = message as { id?: number; method: string; params?: { protocolVersion?: string } };
    if (id === undefined) return;
    const answers: Record<string, Json | undefined> = {
      "tools/call": state.answer,
      ...(isModern
        ? {
            "server/discover": {
              result: whole({ supportedVersions: ["2026-07-28"], ttlMs: 0, cacheScope: "private", ...shared }),
            },
          }
        : { initialize: { result: { protocolVersion: params?.protocolVersion, ...shared } } }),
    };
    const answer = answers[method] ?? { error: { code: -32_601, message: "Method not found" } };
    void far.send({ jsonrpc: "2.0", id, ...answer } as JSONRPCMessage);
  };
  await far.start();
  const client = new Client(
    { name: "test", version: "1" },
    { versionNegotiation: { mode: "auto" }, inputRequired: { autoFulfill: false } },
  );
  await client.connect(tolerant(near, new ListRepairs(pino({ level: "silent" }))));
  expect(client.getProtocolEra()).toBe(isModern ? "modern" : "legacy");
  return {
    async bySdk(answer: Json): Promise<Outcome> {
      state.answer = answer;
      return outcomeOf(() =>
        client.callTool(
          { name: "t", arguments: {} },
          { toolDefinition: { name: "t", inputSchema: { type: "object" } }, timeout: 1_000 },
        ),
      );
    },
    byHand: (answer: Json) => outcomeOf(() => readAnswer({ jsonrpc: "2.0", id: 1, ...answer }, isModern)),
    [Symbol.asyncDispose]: () => client.close(),
  };
}

async function outcomeOf(read: () => unknown): Promise<Outcome> {
  try {
    const { content, structuredContent, isError } = (await read()) as Json;
    return { content, structuredContent, isError };
  } catch (error) {
    const { code, message } = callError(error, "t", never, 1_000);
    return { code, message };
  }
}

const odd = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.integer(),
  fc.string(),
  fc.array(fc.integer(), { maxLength: 2 }),
);
const record = fc.dictionary(fc.string({ maxLength: 3 }), odd, { maxKeys: 2 });
const item = fc.oneof(
  fc.record(
    { type: fc.constant("text"), text: fc.oneof(fc.string(), odd), annotations: record },
    { requiredKeys: ["type"] },
  ),
  fc.record(
    {
      type: fc.constantFrom("image", "audio"),
      data: fc.constantFrom("AAAA", "?"),
      mimeType: fc.oneof(fc.string(), odd),
      more: odd,
    },
    { requiredKeys: ["type", "data"] },
  ),
  fc.record(
    { type: fc.constant("resource_link"), uri: fc.string(), name: fc.oneof(fc.string(), odd), size: odd },
    { requiredKeys: ["type"] },
  ),
  fc.record({
    type: fc.constant("resource"),
    resource: fc.oneof(odd, fc.record({ uri: fc.string(), text: fc.string(), extra: odd })),
  }),
  record,
  odd,
);
const result = fc.record(
  {
    content: fc.oneof({ weight: 4, arbitrary: fc.array(item, { maxLength: 4 }) }, odd),
    structuredContent: fc.oneof(record, odd),
    isError: fc.oneof({ weight: 3, arbitrary: fc.boolean() }, odd),
    // A `_meta` that is no object is no answer at all to the SDK, which goes on waiting.
    _meta: record,
    task: record,
    more: odd,
  },
  { requiredKeys: [] },
);
const error = fc.record(
  {
    code: fc.constantFrom(-32_602, -32_601, -32_600, -32_603, -32_042, -32_021, 7),
    message: fc.string(),
    data: fc.oneof(record, odd),
  },
  { requiredKeys: ["code", "message"] },
);

for (const isModern of [false, true]) {
  test(`the SDK's client reads answers of ${isModern ? "the newest revision" : "older revisions"} in the same way`, async () => {
    await using witness = await connected(isModern);
    const resultType = fc.constantFrom("complete", "complete", "complete", "riddle", undefined, 5);
    const typed = fc
      .tuple(result, resultType)
      .map(([rest, type]) => (type === undefined ? rest : { ...rest, resultType: type }));
    const answer = fc.oneof(
      (isModern ? typed : result).map((value) => ({ result: value })),
      error.map((value) => ({ error: value })),
    );
    await fc.assert(
      fc.asyncProperty(answer, async (given) => {
        expect(await witness.byHand(structuredClone(given))).toEqual(await witness.bySdk(given));
      }),
      { numRuns: 500 },
    );
  });
}
