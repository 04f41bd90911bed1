/** The gateway under test, as in production: authentication by JWT, policy, validation, breaker, and a log line for every call. */
import { pino } from "pino";
import { compose } from "../../src/compose.ts";
import { checkDocument } from "../../src/config/check-document.ts";
import { serve } from "../../src/http/serve.ts";
import { createCallLog, createLogger } from "../../src/telemetry/logger.ts";
import lookup from "./lookup-connector.ts";

const connectors = new Map([[lookup.type, lookup]]);
const checked = checkDocument(
  {
    servers: [{ id: "lookup", type: "custom_api", base_url: process.env.UPSTREAM!, timeout_ms: 10_000 }],
    gateway: {
      auth: {
        jwt: [
          { issuer: "https://bench.example", audience: "toolgraph", secret_ref: "BENCH_SECRET", algorithms: ["HS256"] },
        ],
      },
      policies: [{ roles: ["agent"], allow: [{ servers: ["lookup"], effects: ["read"] }] }],
      limits: { requests_per_second: 1_000_000, burst_limit: 1_000_000, concurrent_calls_per_caller: 10_000 },
    },
  },
  connectors,
);
if (!checked.ok) throw new Error(JSON.stringify(checked.faults));

const log = createLogger({
  level: "info",
  redact: [],
  destination: pino.destination({ dest: "/dev/null", sync: false, minLength: 4096 }),
});
const composed = compose({
  log,
  callLog: createCallLog(log, []),
  env: { ...process.env, NODE_ENV: "production" },
  connectors,
  host: "127.0.0.1",
});
await composed.registry.apply({
  servers: checked.servers,
  gateway: checked.gateway,
  source: { file: "bench", folder: process.cwd(), isDemo: false },
});
const listening = await serve({ ...composed, host: "127.0.0.1", port: 0 });
process.send?.({ port: Number(new URL(listening.url).port) });
