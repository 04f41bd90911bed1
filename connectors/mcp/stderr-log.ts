/** Brings what a child writes to stderr into the log: bounded in length and rate, without configured secrets. */
import type { Readable } from "node:stream";
import type { Logger } from "pino";

const MAX_LINE = 500;
const LINES_PER_WINDOW = 20;
const WINDOW_MS = 10_000;

/** Always reads to the end: a child whose stderr pipe is full would stop working. */
export function logStderr(stderr: Readable, log: Logger, secrets: readonly string[]): void {
  let partial = "";
  let windowEnd = 0;
  let written = 0;
  let dropped = 0;
  const write = (line: string) => {
    if (line.trim() === "") return;
    const now = Date.now();
    if (now >= windowEnd) {
      reportDropped();
      windowEnd = now + WINDOW_MS;
      written = 0;
    }
    if (written >= LINES_PER_WINDOW) {
      dropped += 1;
      return;
    }
    written += 1;
    const cut = line.length > MAX_LINE ? `${line.slice(0, MAX_LINE)}…` : line;
    log.info({ stderr: withoutSecrets(cut, secrets) }, "server wrote to stderr");
  };
  const reportDropped = () => {
    if (dropped > 0) log.warn({ lines: dropped }, "server writes too much to stderr; lines were dropped");
    dropped = 0;
  };
  stderr.setEncoding("utf8");
  stderr.on("data", (chunk: string) => {
    const lines = (partial + chunk).split("\n");
    partial = lines.pop()!.slice(0, MAX_LINE + 1);
    for (const line of lines) write(line);
  });
  stderr.on("error", () => {});
  stderr.on("close", () => {
    write(partial);
    reportDropped();
  });
}

function withoutSecrets(text: string, secrets: readonly string[]): string {
  let clean = text;
  for (const secret of secrets) clean = clean.replaceAll(secret, "[redacted]");
  return clean;
}
