/** The gateway under measurement: as many tools as told, in a process of its own that tells its stalls, memory and CPU time. */
import { monitorEventLoopDelay } from "node:perf_hooks";
import { pino } from "pino";
import { compose } from "../../src/compose.ts";
import { warmUp } from "../../src/commands/warm-up.ts";
import { checkDocument } from "../../src/config/check-document.ts";
import { giveBackMemory } from "../../src/lifecycle/give-back-memory.ts";
import { tuneV8 } from "../../src/lifecycle/tune-v8.ts";
import { serve } from "../../src/http/serve.ts";
import { createLogger } from "../../src/telemetry/logger.ts";
import { syntheticOnly } from "./synthetic-connector.ts";

tuneV8();

export interface Reading {
  /** Longest time the event loop did not turn since the last reading, milliseconds; on a busy machine most of it is waiting for a core. */
  readonly wallStallMs: number;
  /** Most CPU time of the main thread between two turns: what others would wait on a machine of our own. */
  readonly stallMs: number;
  readonly cpuMs: number;
  readonly rssMb: number;
  readonly heapMb: number;
}

const tools = Number(process.env.TOOLS);
const roles = Number(process.env.ROLES ?? 1);
const callers = Number(process.env.CALLERS ?? 1);
const RATE = 1_000_000;

const keys = Array.from({ length: callers }, (_, index) => `key-${index}-of-the-benchmark`);
const checked = checkDocument(
  {
    servers: [{ id: "synthetic", type: "synthetic", server_specific_config: { tools } }],
    gateway: {
      auth: {
        api_keys: keys.map((_, index) => ({
          id: `caller-${index}`,
          key_ref: `KEY_${index}`,
          roles: [`role-${index % roles}`],
        })),
      },
      // Each role sees all tools but those whose number ends in its own.
      policies: Array.from({ length: roles }, (_, role) => ({
        roles: [`role-${role}`],
        allow: [{}],
        deny: roles > 1 ? [{ tools: [`*_${role}`] }] : [],
      })),
      limits: { requests_per_second: RATE, burst_limit: RATE, concurrent_calls_per_caller: 10_000 },
    },
  },
  syntheticOnly,
);
if (!checked.ok) throw new Error(JSON.stringify(checked.faults));

let longestTurnMs = 0;
let turnBegan = threadCpuMs();
setInterval(() => {
  const now = threadCpuMs();
  longestTurnMs = Math.max(longestTurnMs, now - turnBegan);
  turnBegan = now;
}, 1);
const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();
const destination = pino.destination({ dest: "/dev/null", sync: false, minLength: 4096 });
const composed = compose({
  log: createLogger({ level: "info", redact: [], destination }),
  env: { NODE_ENV: "production", ...Object.fromEntries(keys.map((key, index) => [`KEY_${index}`, key])) },
  connectors: syntheticOnly,
  host: "127.0.0.1",
});
const settings = {
  servers: checked.servers,
  gateway: checked.gateway,
  source: { file: "bench", folder: process.cwd(), isDemo: false },
};
const listening = await serve({ ...composed, host: "127.0.0.1", port: 0 });
await warmUp();
read();
const started = performance.now();
await composed.registry.apply(settings);
const buildMs = performance.now() - started;

function threadCpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

function read(): Reading {
  const wallStallMs = delay.max / 1e6;
  delay.reset();
  const stallMs = longestTurnMs;
  longestTurnMs = 0;
  const { user, system } = process.cpuUsage();
  const { rss, heapUsed } = process.memoryUsage();
  return { wallStallMs, stallMs, cpuMs: (user + system) / 1000, rssMb: rss / 1e6, heapMb: heapUsed / 1e6 };
}

process.on("message", (message: string) => {
  // A stall shows in the histogram only once the loop has turned again.
  setTimeout(() => {
    if (message === "collect") globalThis.gc?.();
    const view = composed.registry.current!.viewOf({ id: "bench", roles: ["role-0"], method: "api_key" });
    if (message !== "search") return process.send?.(read());
    const ask = (question: string): unknown => view.search(question, { first: 5 });
    const questions = ["search the invoice of a customer", "archive closed tickets", "who works on campaign 7"];
    for (let round = 0; round < 5; round += 1) questions.forEach(ask);
    const began = threadCpuMs();
    for (let round = 0; round < 20; round += 1) questions.forEach(ask);
    process.send?.((threadCpuMs() - began) / (20 * questions.length));
  }, 20);
});
setTimeout(() => {
  const building = read();
  giveBackMemory();
  // A turn later: the collection is part of the start, not of the first request.
  setTimeout(() => {
    process.send?.({ url: listening.url, buildMs, reading: { ...building, rssMb: read().rssMb } });
  }, 20);
}, 50);
