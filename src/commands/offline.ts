/** A gateway for one look: opens the configured servers without listening, for commands that only print. */
import { createLogger } from "../telemetry/logger.ts";
import { pino } from "pino";
import { compose } from "../compose.ts";
import type { View } from "../registry/view.ts";
import { loadOrComplain } from "./load.ts";

/** Calls `look` with a view of everything, then closes the servers. 1 when the configuration has faults. */
export async function offline(config: string | undefined, look: (view: View) => void | Promise<void>): Promise<number> {
  const settings = await loadOrComplain(config);
  if (!settings) return 1;
  const log = createLogger({ level: "warn", redact: [], destination: pino.destination({ dest: 2, sync: true }) });
  const { registry } = compose({ log, env: process.env, host: "127.0.0.1" });
  // The operator at the terminal sees what is there, whatever policy tells callers.
  const generation = await registry.apply({
    ...settings,
    gateway: { ...settings.gateway, policies: [], state: "memory" },
  });
  try {
    await look(generation.viewOf({ id: "operator", roles: [], method: "developer_token" }));
    return 0;
  } finally {
    await registry.close();
  }
}
