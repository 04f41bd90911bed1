/** Prints the graph of every built-in tool into `schema/schema.graphql`; with `--check` it only compares, and exits 1 when they differ. */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { printSchema } from "graphql";
import { format } from "oxfmt";
import { pino } from "pino";
import { z } from "zod";
import formatting from "../.oxfmtrc.json" with { type: "json" };
import { connectors } from "../connectors/index.ts";
import { compose } from "../src/compose.ts";
import { checkDocument } from "../src/config/check-document.ts";
import type { Connector } from "../src/connector/connector.ts";
import { completeSchema } from "./view-graph.ts";

const FILE = fileURLToPath(new URL("schema.graphql", import.meta.url));

/** One server of each built-in type, opened without asking anybody; servers whose tools are found at run time have none here. */
export async function builtInSchema(): Promise<string> {
  const offline = new Map(
    [...connectors].flatMap(([type, connector]) => (connector.tools ? [[type, closed(connector)] as const] : [])),
  );
  const servers = [...offline.keys()].map((type) => ({ id: type, type }));
  const checked = checkDocument({ servers }, offline);
  if (!checked.ok) throw new Error(`invariant: these servers need no configuration: ${JSON.stringify(checked.faults)}`);
  const composed = compose({ log: pino({ level: "silent" }), env: {}, connectors: offline, host: "127.0.0.1" });
  const source = { file: FILE, folder: import.meta.dirname, isDemo: false };
  const generation = await composed.registry.apply({ servers: checked.servers, gateway: checked.gateway, source });
  try {
    const view = generation.viewOf({ id: "printer", roles: [], method: "developer_token" });
    const { printWidth } = formatting;
    return (await format("schema.graphql", printSchema(await completeSchema(view)), { printWidth })).code;
  } finally {
    await composed.registry.close();
  }
}

/** The connector with its tools and nothing behind them. */
function closed(connector: Connector): Connector {
  const tools = connector.tools ?? [];
  return {
    ...connector,
    config: z.object({}),
    authentication: ["none"],
    baseUrl: () => undefined,
    open: async () => ({ tools, close: async () => {} }),
  };
}

if (process.argv[1] === import.meta.filename) {
  const printed = await builtInSchema();
  if (!process.argv.includes("--check")) writeFileSync(FILE, printed);
  else if (readFileSync(FILE, "utf8") !== printed) {
    process.stderr.write("schema/schema.graphql is not what the code makes; run: node schema/print-schema.ts\n");
    process.exitCode = 1;
  }
}
