/** Processes that answer tool calls with what the protocol forbids: no call gets another's answer, hangs, or is misread. */
import { join } from "node:path";
import { pino, type Logger } from "pino";
import { expect, test } from "vitest";
import mcp from "../../../connectors/mcp/index.ts";
import { openServer, type OpenedServer } from "../../support/open-server.ts";

type Era = "legacy" | "modern";
const ERAS: readonly Era[] = ["legacy", "modern"];

/** Waits until it is ready, however long this machine takes to start a process; `onReady` is told of each time. */
async function open(
  era: Era,
  options: { timeoutMs?: number; onReady?: () => void; log?: Logger } = {},
): Promise<OpenedServer> {
  const ready = Promise.withResolvers<void>();
  const server = await openServer(mcp, {
    config: { command: "node", args: [join(import.meta.dirname, "hostile-server.ts"), era] },
    ...(options.timeoutMs !== undefined && { timeoutMs: options.timeoutMs }),
    ...(options.log && { log: options.log }),
    statusChanged: (status) => {
      if (status !== "READY") return;
      ready.resolve();
      options.onReady?.();
    },
  });
  await ready.promise;
  return server;
}

interface Frame {
  readonly id?: unknown;
  readonly method: string;
  readonly params?: { readonly name?: string; readonly requestId?: unknown; readonly _meta?: Record<string, unknown> };
}

async function seenBy(server: OpenedServer): Promise<readonly Frame[]> {
  const { json } = (await server.run("seen", {})) as { json: readonly Frame[] };
  return json;
}

for (const era of ERAS) {
  test(`answers of a ${era} server to calls that nobody made are dropped, and the right one still arrives`, async () => {
    await using server = await open(era);
    expect(await server.run("other_ids", {})).toEqual({ text: "yours" });
    expect(await server.run("id_as_text", {})).toEqual({ text: "yours" });
    expect(await server.run("null_error", {})).toEqual({ text: "yours" });
    expect(await server.run("in_a_list", {})).toEqual({ text: "yours" });
    expect(await server.run("twice", {})).toEqual({ text: "first" });
    expect(await server.run("prototypes", {})).toEqual({ text: "clean" });
    expect(Object.prototype).not.toHaveProperty("isError");
  });

  test(`what is no answer to a tool call fails at once with a ${era} server, not at the time-out`, async () => {
    await using server = await open(era);
    const names = ["result_and_error", "neither", "null_result", "text_result", "list_result", "text_error"];
    names.push("error_without_code", "error_without_message", "text_is_error", "list_meta", "task");
    if (era === "modern") names.push("no_type", "number_type");
    for (const name of names) {
      expect(await server.fail(name, {}), name).toMatchObject({
        code: "DATA_TRANSFORMATION_ERROR",
        status: 502,
        acted: "unknown",
        message: "The server's answer is not what the protocol defines.",
      });
    }
  });

  test(`odd items of a ${era} server do not lose the others`, async () => {
    await using server = await open(era);
    expect(await server.run("odd_items", {})).toEqual({
      text: [
        "plain",
        "with a hint that is wrong",
        '{"type":"image","data":"not base64!","mimeType":"image/png"}',
        "bare",
        "null",
      ].join("\n\n"),
      content: [{ type: "image", data: "AAAA", mimeType: "image/png" }],
    });
    expect(await server.run("empty", {})).toEqual({});
    expect(await server.run("no_list", {})).toEqual({});
  });

  test(`calls to a ${era} server get their own answers, in whatever order these come`, async () => {
    await using server = await open(era);
    const first = server.run("hold", { q: "first" });
    const second = server.run("hold", { q: "second" });
    expect(await server.run("release", {})).toEqual({ text: "released" });
    expect(await Promise.all([first, second])).toEqual([{ text: "first" }, { text: "second" }]);
  });

  test(`a ${era} server is told which call was given up, and its late answer is dropped`, async () => {
    await using server = await open(era);
    const caller = new AbortController();
    const given = server.fail("hold", { q: "late" }, { signal: caller.signal });
    const kept = server.run("hold", { q: "kept" });
    caller.abort(new Error("lost interest"));
    expect(await given).toMatchObject({ code: "MCP_CONNECTION_ERROR", acted: "unknown" });
    await server.run("release", {});
    expect(await kept).toEqual({ text: "kept" });
    const seen = await seenBy(server);
    const call = seen.find(({ params }) => params?.name === "hold");
    expect(seen.filter(({ method }) => method === "notifications/cancelled")).toMatchObject([
      { params: { requestId: call!.id, reason: "Error: lost interest" } },
    ]);
  });

  test(`a ${era} server gets just what its revision asks for, and progress and trace only where there are some`, async () => {
    await using server = await open(era);
    const trace = { traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", tracestate: "a=1" };
    await server.run("empty", {}, { context: { hasListener: false } });
    await server.run("empty", {}, { context: { hasListener: false, trace } });
    await server.run("empty", {}, { context: { trace } });
    const calls = (await seenBy(server)).filter(({ params }) => params?.name === "empty");
    const envelope = {
      "io.modelcontextprotocol/protocolVersion": "2026-07-28",
      "io.modelcontextprotocol/clientInfo": { name: "toolgraph", version: expect.any(String) },
      "io.modelcontextprotocol/clientCapabilities": {},
    };
    const base = era === "modern" ? envelope : {};
    expect(calls.map(({ params }) => params?._meta ?? {})).toEqual([
      base,
      { ...base, ...trace },
      { ...base, ...trace, progressToken: calls[2]!.id },
    ]);
  });

  test(`only well-formed progress of its own call reaches a caller of a ${era} server`, async () => {
    await using server = await open(era);
    const seen: unknown[] = [];
    await server.run("odd_progress", {}, { context: { reportProgress: ({ progress }) => seen.push(progress) } });
    await server.run("empty", {});
    expect(seen).toEqual([1, 2]);
  });
}

test("a result of a type that nobody knows is told from a broken one", async () => {
  await using server = await open("modern");
  expect(await server.fail("unknown_type", {})).toMatchObject({ code: "MCP_CLIENT_ERROR" });
});

test("a result that misses its tool's schema is handed on, and an operator is told once", async () => {
  const lines: string[] = [];
  const log = pino({ level: "warn" }, { write: (line: string) => void lines.push(line) });
  await using server = await open("legacy", { log });
  expect(await server.run("typed", {})).toEqual({ count: "three" });
  expect(await server.run("typed", {})).toEqual({ count: "three" });
  expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
    { tool: "typed", problems: [{ path: ["count"], problem: "has the wrong type", expected: "number" }] },
  ]);
});

test("large answers arrive whole, and one over the limit fails its call and all that wait with it", async () => {
  const back = Promise.withResolvers<void>();
  let starts = 0;
  await using server = await open("legacy", {
    onReady: () => {
      starts += 1;
      if (starts === 2) back.resolve();
    },
  });
  expect(await server.run("large", {})).toEqual({ text: "ÄÖ€😀".repeat(500_000) });
  const others = Array.from({ length: 20 }, () => server.fail("hold", {}));
  const huge = server.fail("huge", {});
  for (const failure of await Promise.all([huge, ...others])) {
    expect(failure).toMatchObject({ code: "MCP_CONNECTION_ERROR", status: 502, acted: "unknown" });
  }
  await back.promise;
  expect(await server.run("id_as_text", {})).toEqual({ text: "yours" });
});

test("each call has its own time, counted from its start", async () => {
  await using server = await open("legacy", { timeoutMs: 300 });
  const never = new AbortController().signal;
  const ended: string[] = [];
  const wait = async (name: string) => {
    const failure = await server.fail("hold", {}, { signal: never });
    ended.push(name);
    expect(failure).toMatchObject({ code: "MCP_CONNECTION_ERROR", status: 504 });
    expect(failure.message).toContain("300 ms");
  };
  const first = wait("first");
  await server.run("empty", {}, { signal: never });
  const second = wait("second");
  await first;
  await Promise.all([second, wait("third")]);
  expect(ended).toEqual(["first", "second", "third"]);
});
