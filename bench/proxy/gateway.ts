/**
 * The gateway under test, as `serve` puts it together in production: authentication by JWT, policy, limits, validation,
 * breaker, retry, metrics, overload watch and a log line for every call.
 */
import { compose } from "../../src/compose.ts";
import { connectors as builtIn } from "../../connectors/index.ts";
import { checkDocument } from "../../src/config/check-document.ts";
import { serve } from "../../src/http/serve.ts";
import { LoadMonitor } from "../../src/lifecycle/load-monitor.ts";
import { tuneV8 } from "../../src/lifecycle/tune-v8.ts";
import { CallLog } from "../../src/telemetry/call-log.ts";
import { createLogger, logDestination } from "../../src/telemetry/logger.ts";
import { announce } from "./announce.ts";
import lookup from "./lookup-connector.ts";

tuneV8();
const connectors = new Map([...builtIn, [lookup.type, lookup]]);
const mcp = {
  id: "child",
  type: "mcp",
  server_specific_config: { command: "node", args: [process.env.BENCH_MCP ?? ""] },
};
const checked = checkDocument(
  {
    servers: [
      {
        id: "lookup",
        type: "custom_api",
        base_url: process.env.UPSTREAM ?? "http://127.0.0.1:9",
        timeout_ms: 10_000,
        ...(process.env.BENCH_SERVER_LIMITS && {
          rate_limits: { requests_per_second: 100_000, burst_limit: 100_000 },
        }),
      },
      ...(process.env.BENCH_MCP ? [mcp] : []),
    ],
    gateway: {
      auth: {
        jwt: [
          {
            issuer: "https://bench.example",
            audience: "toolgraph",
            secret_ref: "BENCH_SECRET",
            algorithms: ["HS256"],
          },
        ],
      },
      policies: [{ roles: ["agent"], allow: [{ servers: ["lookup", "child"], effects: ["read"] }] }],
      limits: { requests_per_second: 100_000, burst_limit: 100_000, concurrent_calls_per_caller: 10_000 },
      ...(process.env.BENCH_STATE && { state: process.env.BENCH_STATE }),
    },
  },
  connectors,
);
if (!checked.ok) throw new Error(JSON.stringify(checked.faults));

const log = createLogger({
  level: "info",
  redact: [],
  destination: logDestination("/dev/null"),
});
const load = new LoadMonitor({ log });
const composed = compose({
  load,
  log,
  callLog: new CallLog(log, []),
  env: process.env,
  connectors,
  host: "127.0.0.1",
});
await composed.registry.apply({
  servers: checked.servers,
  gateway: checked.gateway,
  source: { file: "bench", folder: process.cwd(), isDemo: false },
});
load.start();
const listening = await serve({ ...composed, host: "127.0.0.1", port: 0 });
await fetch(`${listening.url}/metrics`);
announce(Number(new URL(listening.url).port));
