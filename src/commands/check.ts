/** `toolgraph check FILE`: validates a configuration and prints every fault at once. */
import { connectors } from "../../connectors/index.ts";
import type { CommandOptions } from "./command-options.ts";
import { loadOrComplain } from "./load.ts";

/** 0 when it is valid, 1 with every fault on standard error. */
export async function check({ operands, config }: CommandOptions): Promise<number> {
  const settings = await loadOrComplain(operands[0] ?? config);
  if (!settings) return 1;
  for (const { id, type } of settings.servers) {
    if (!connectors.has(type))
      process.stderr.write(`warning: ${id}: servers of type '${type}' are not supported by this build\n`);
  }
  process.stdout.write(`${settings.source.file}: valid, ${settings.servers.length} servers\n`);
  return 0;
}
