/** The line of a tool call is the one that pino would write, however it is put together. */
import { setImmediate as nextTurn } from "node:timers/promises";
import { pino } from "pino";
import { expect, test } from "vitest";
import { CatalogueError } from "../../src/errors/catalogue-error.ts";
import type { Execution } from "../../src/pipeline/execution.ts";
import type { ToolExecution } from "../../src/pipeline/tool-execution.ts";
import { CallLog } from "../../src/telemetry/call-log.ts";
import { createLogger } from "../../src/telemetry/logger.ts";

const HOSTILE = 'a"b\\c\u0000\n\u2028é';

function ended(more: Partial<ToolExecution> = {}, call: object = {}, batchSize?: number): [Execution, ToolExecution] {
  const execution = {
    call: { correlationId: HOSTILE, door: "rest", caller: { id: HOSTILE }, ...call },
    batchSize,
  } as unknown as Execution;
  const outcome = {
    executionId: "5b0c",
    serverId: HOSTILE,
    toolName: HOSTILE,
    durationMs: 12.345_678,
    attempts: 1,
    cached: false,
    replayed: false,
    bytesReceived: 10,
    bytesReturned: 7,
    ...more,
  } as ToolExecution;
  return [execution, outcome];
}

async function linesOf(redact: readonly string[], each: [Execution, ToolExecution], level = "info"): Promise<string[]> {
  const written: string[] = [];
  const log = createLogger({ level, redact, destination: { write: (text) => void written.push(text) } });
  new CallLog(log, redact).write(...each, new Error("of the tool"));
  await nextTurn();
  return written;
}

/** Without what differs from call to call. */
const timeless = (line: string) => line.replace(/"time":"[^"]+"/, '"time":""');

test.each([
  ["a plain call", ended()],
  ["a call in a trace", ended({}, { trace: { traceId: "4bf92f" } })],
  ["a read out of the cache", ended({ cached: true })],
  ["a replayed write that travelled with others", ended({ replayed: true }, {}, 3)],
])("%s is written as pino writes it", async (_, call) => {
  // A path that no field has takes the general way, and redacts nothing.
  const [general] = await linesOf(["nothing_of_this_name"], call);
  const [own] = await linesOf(["*.secret"], call);
  expect(timeless(own!)).toBe(timeless(general!));
  expect(own).toMatch(/"time":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"/);
  expect(JSON.parse(own!)).toMatchObject({ caller_id: HOSTILE, server_id: HOSTILE, duration_ms: 12.35 });
});

test("fields that an operator redacts are redacted", async () => {
  const [line] = await linesOf(["caller_id"], ended());
  expect(JSON.parse(line!)).toMatchObject({ caller_id: "[redacted]", server_id: HOSTILE });
});

test("a failed call is told with its code, an unexpected one with what was thrown", async () => {
  const refused = new CatalogueError("RATE_LIMIT_EXCEEDED", "Too many.");
  const [warning] = await linesOf([], ended({ error: refused, message: refused.message }));
  expect(JSON.parse(warning!)).toMatchObject({
    level: "warn",
    error_code: "RATE_LIMIT_EXCEEDED",
    error_message: "Too many.",
  });
  const unexpected = new CatalogueError("API_INTERNAL_ERROR", "Unexpected.");
  const [error] = await linesOf([], ended({ error: unexpected, message: unexpected.message }));
  expect(JSON.parse(error!)).toMatchObject({ level: "error", err: { message: "of the tool" } });
});

test("calls are not told at a level that leaves them out", async () => {
  expect(await linesOf([], ended(), "warn")).toEqual([]);
  expect(await linesOf(["caller_id"], ended(), "warn")).toEqual([]);
});

test("lines of one turn reach the stream together, in their order", async () => {
  const written: string[] = [];
  const calls = new CallLog(pino({}, { write: (text) => void written.push(text) }));
  for (const executionId of ["one", "two", "three"]) calls.write(...ended({ executionId }), undefined);
  await nextTurn();
  expect(written).toHaveLength(1);
  const ids = written[0]!
    .trimEnd()
    .split("\n")
    .map((line) => (JSON.parse(line) as { execution_id: string }).execution_id);
  expect(ids).toEqual(["one", "two", "three"]);
});

test("lines of a turn that a process does not live to see the end of are written at its exit, once", async () => {
  const written: string[] = [];
  const calls = new CallLog(pino({}, { write: (text) => void written.push(text) }));
  calls.write(...ended({ executionId: "last" }), undefined);
  calls.flush();
  expect(written).toHaveLength(1);
  expect(JSON.parse(written[0]!)).toMatchObject({ execution_id: "last" });
  calls.flush();
  await nextTurn();
  expect(written).toHaveLength(1);
});
