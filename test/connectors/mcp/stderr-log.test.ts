/** What children write to stderr reaches the log in small amounts and without the secrets they were given. */
import { once } from "node:events";
import { PassThrough } from "node:stream";
import { pino } from "pino";
import { expect, test } from "vitest";
import { logStderr } from "../../../connectors/mcp/stderr-log.ts";

async function logged(text: string, secrets: string[] = []): Promise<{ stderr?: string; lines?: number }[]> {
  const lines: string[] = [];
  const log = pino({ level: "info" }, { write: (line: string) => void lines.push(line) });
  const stderr = new PassThrough();
  logStderr(stderr, log, secrets);
  stderr.end(text);
  await once(stderr, "close");
  return lines.map((line) => JSON.parse(line) as { stderr?: string; lines?: number });
}

test("lines are logged one by one, the last one too when it has no end", async () => {
  expect((await logged("one\n\ntwo")).map(({ stderr }) => stderr)).toEqual(["one", "two"]);
});

test("a flood is cut to twenty lines and a count", async () => {
  const lines = await logged("again\n".repeat(10_000));
  expect(lines).toHaveLength(21);
  expect(lines.at(-1)).toMatchObject({ lines: 9_980 });
});

test("a line without end is cut", async () => {
  const [line] = await logged("x".repeat(1_000_000));
  expect(line!.stderr).toHaveLength(501);
});

test("a secret of the child's environment does not show", async () => {
  const [line] = await logged("login with s3cr3t-token failed", ["s3cr3t-token"]);
  expect(line!.stderr).toBe("login with [redacted] failed");
});
