/** The gateway of the suite, alone in its process, so that whatever it holds at a moment is its own and can be counted. */
import { setImmediate } from "node:timers/promises";
import mcp from "../../connectors/mcp/index.ts";
// Loaded with the first server of its type else, in the middle of what is measured and counted.
import "../../connectors/mcp/mcp-session.ts";
import { shopConnector } from "../e2e/shop-connector.ts";
import { startGateway } from "../support/start-gateway.ts";
import type { Holdings, Order, Report } from "./start-gateway-process.ts";

const gatewaySettings = {
  state: process.env.GATEWAY_STATE ?? "memory",
  limits: { requests_per_second: 100_000, burst_limit: 100_000, concurrent_calls_per_caller: 10_000 },
};
const gateway = await startGateway({
  servers: [],
  gateway: gatewaySettings,
  connectors: new Map([
    ["shop", shopConnector],
    ["mcp", mcp],
  ]),
});

const tell = (report: Report) => process.send?.(report);

async function carryOut(order: Order): Promise<unknown> {
  switch (order.kind) {
    case "apply":
      return gateway.apply({ servers: order.servers, gateway: gatewaySettings });
    case "measure":
      return measure();
    case "close":
      await gateway[Symbol.asyncDispose]();
      process.disconnect();
  }
}

async function measure(): Promise<Holdings> {
  // A second turn and a second collection: finalisers of the first may let go of more.
  for (let turn = 0; turn < 2; turn += 1) {
    globalThis.gc?.();
    await setImmediate();
  }
  const resources: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) resources[kind] = (resources[kind] ?? 0) + 1;
  const lines = gateway.logLines();
  const defects = lines.filter(({ level }) => level === "error").map((line) => JSON.stringify(line).slice(0, 600));
  // What the test keeps of the log is not what the gateway holds.
  lines.length = 0;
  globalThis.gc?.();
  return { resources, heapBytes: process.memoryUsage().heapUsed, defects };
}

process.on("message", (order: Order) => {
  carryOut(order).then(
    (value) => tell({ id: order.id, value }),
    (error: unknown) => tell({ id: order.id, error: String(error) }),
  );
});
// Whoever started it is gone: nothing may be left behind.
process.on("disconnect", () => process.exit(0));
tell({ id: 0, value: gateway.url });
