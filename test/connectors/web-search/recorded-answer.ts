/** Replays one answer recorded from a real server: `NAME.headers` holds its status and headers, `NAME.body` the body. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Answer } from "../../support/upstream.ts";

/** Framing belongs to the connection that carries the answer, so it is not replayed. */
const FRAMING = new Set(["content-length", "connection", "transfer-encoding", "date", "server"]);

export function recordedAnswer(folder: string, name: string): Answer {
  const [statusLine = "", ...lines] = readFileSync(join(folder, `${name}.headers`), "latin1").split(/\r?\n/);
  const headers = lines
    .filter((line) => line.includes(":"))
    .map((line) => [line.slice(0, line.indexOf(":")).toLowerCase(), line.slice(line.indexOf(":") + 1).trim()] as const)
    .filter(([header]) => !FRAMING.has(header));
  return {
    status: Number(statusLine.split(" ")[1]),
    headers: Object.fromEntries(headers),
    text: readFileSync(join(folder, `${name}.body`), "utf8"),
  };
}
