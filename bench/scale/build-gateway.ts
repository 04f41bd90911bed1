/** Bundles the gateway under measurement as `npm run build` bundles the published program: sources take memory that it does not. */
import { fileURLToPath } from "node:url";
import { build, type OutputOptions } from "rolldown";
import config from "../../rolldown.config.ts";

/** Below `node_modules`, so that the packages it leaves out are found. */
const FOLDER = fileURLToPath(new URL("../../node_modules/.cache/bench-scale", import.meta.url));

/** Gives the built file. */
export async function buildGateway(): Promise<string> {
  const input = fileURLToPath(new URL("gateway.ts", import.meta.url));
  const output = { ...(config.output as OutputOptions), dir: FOLDER };
  await build({ ...config, input, output, logLevel: "silent" });
  return `${FOLDER}/gateway.js`;
}
