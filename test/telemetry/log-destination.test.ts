/** The log's stream holds lines back for speed, but not from who asks for them, and not from the end of the process. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createLogger, logDestination } from "../../src/telemetry/logger.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "toolgraph-log-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

test("lines arrive in order, whatever characters they have, and all of them", async () => {
  const file = join(folder, "many.log");
  const log = createLogger({ level: "info", redact: [], destination: logDestination(file) });
  const texts = Array.from({ length: 3_000 }, (_, index) => `${index} é 日本 😀 ${"x".repeat(index % 100)}`);
  for (const text of texts) log.info(text);
  await vi.waitFor(() => expect(linesOf(file)).toEqual(texts), 10_000);
});

test("a line that a process ends with is written, also by a fatal one and where it ends at once", () => {
  const logger = new URL("../../src/telemetry/logger.ts", import.meta.url).href;
  const program = `
    import { createLogger } from ${JSON.stringify(logger)};
    const log = createLogger({ level: "info", redact: [] });
    for (let index = 0; index < 2000; index += 1) log.info(String(index));
    log.fatal("last");
    process.exit(3);`;
  const ended = spawnSync(process.execPath, ["--input-type=module", "-e", program], { encoding: "utf8" });
  const messages = ended.stdout.trimEnd().split("\n");
  expect(ended.status).toBe(3);
  expect(messages).toHaveLength(2001);
  expect(messages.at(-1)).toContain('"msg":"last"');
});

test("flush writes what waits, before the time has come to", async () => {
  vi.useFakeTimers({ toFake: ["setInterval"] });
  try {
    const file = join(folder, "few.log");
    const log = createLogger({ level: "info", redact: [], destination: logDestination(file) });
    await vi.waitFor(() => expect(linesOf(file)).toEqual([]), 10_000);
    log.info("now");
    log.flush();
    await vi.waitFor(() => expect(linesOf(file)).toEqual(["now"]), 10_000);
  } finally {
    vi.useRealTimers();
  }
});

function linesOf(file: string): string[] {
  const text = readFileSync(file, "utf8").trimEnd();
  return text === "" ? [] : text.split("\n").map((line) => (JSON.parse(line) as { msg: string }).msg);
}
