/** `toolgraph tools`: the tools of the configured servers, one a line. */
import type { CommandOptions } from "./command-options.ts";
import { offline } from "./offline.ts";

export function tools({ config, operands }: CommandOptions): Promise<number> {
  return offline(operands[0] ?? config, (view) => {
    for (const server of view.servers) {
      const { status, statusReason } = server.runtime;
      process.stdout.write(
        `${server.id} (${server.type}) ${status}${statusReason === undefined ? "" : `: ${statusReason}`}\n`,
      );
      for (const tool of view.tools(server)) {
        const summary = tool.description.split("\n", 1)[0]!.slice(0, 90);
        process.stdout.write(`  ${tool.name.padEnd(32)} ${tool.effect.padEnd(12)} ${summary}\n`);
      }
    }
  });
}
