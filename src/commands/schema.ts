/** `toolgraph schema`: the GraphQL schema of everything that is configured, as SDL. */
import { printSchema } from "graphql";
import { completeSchema } from "../../schema/view-graph.ts";
import type { CommandOptions } from "./command-options.ts";
import { offline } from "./offline.ts";

export function schema({ config, operands }: CommandOptions): Promise<number> {
  return offline(operands[0] ?? config, async (view) => {
    process.stdout.write(`${printSchema(await completeSchema(view))}\n`);
  });
}
