/** Reports what the translator makes of a corpus of real tools: how many are typed, what stays JSON and why. */
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { GraphQLObjectType, GraphQLSchema, GraphQLString, validateSchema } from "graphql";
import { fieldOf, translateTool, type TranslatedTool } from "../schema/translate/index.ts";
import type { JsonSchema } from "../src/connector/json-schema.ts";

interface Definition {
  name: string;
  description?: string;
  inputSchema: JsonSchema;
  outputSchema?: JsonSchema;
  annotations?: { readOnlyHint?: boolean };
}

const folder = resolve(process.env.TOOLGRAPH_SHARED ?? "../shared", "corpus");
const servers: { server: string; tools: Definition[] }[] = [
  ...readdirSync(join(folder, "tools"))
    .filter((file) => file.endsWith(".json"))
    .map((file) => JSON.parse(readFileSync(join(folder, "tools", file), "utf8")) as (typeof servers)[number]),
  ...(JSON.parse(readFileSync(join(folder, "retrieval", "catalogue.json"), "utf8")) as typeof servers),
];

const nothing = new GraphQLObjectType({ name: "Nothing", fields: { nothing: { type: GraphQLString } } });
const verbose = process.argv.includes("--verbose");
const started = process.cpuUsage();
const all: TranslatedTool[] = [];
const reasons = new Map<string, { tools: Set<string>; places: number }>();
let outputs = 0;
let invalid = 0;
for (const { server, tools } of servers) {
  const translated = tools.map((tool) =>
    translateTool(
      {
        name: tool.name,
        description: tool.description ?? "",
        effect: tool.annotations?.readOnlyHint === true ? "read" : "write",
        inputSchema: tool.inputSchema,
        ...(tool.outputSchema && { outputSchema: tool.outputSchema }),
      },
      { prefix: server },
    ),
  );
  outputs += tools.filter((tool) => tool.outputSchema).length;
  const namespaceOf = (name: string, isRead: boolean) => {
    const fields = translated
      .filter(({ effect }) => (effect === "read") === isRead)
      .map((tool) => [tool.fieldName, fieldOf(tool, () => null)] as const);
    return fields.length === 0 ? undefined : new GraphQLObjectType({ name, fields: Object.fromEntries(fields) });
  };
  const queryFields = namespaceOf("Queries", true);
  const mutationFields = namespaceOf("Mutations", false);
  const root = (name: string, type: GraphQLObjectType | undefined) =>
    new GraphQLObjectType({ name, fields: { server: { type: type ?? nothing } } });
  const errors = validateSchema(
    new GraphQLSchema({ query: root("Query", queryFields), mutation: root("Mutation", mutationFields) }),
  );
  if (errors.length > 0) {
    invalid++;
    console.log(
      `${server}: ${errors
        .map(({ message }) => message)
        .slice(0, 3)
        .join("; ")}`,
    );
  }
  for (const tool of translated) {
    all.push(tool);
    for (const { place, reason } of tool.fallbacks) {
      const side = place.startsWith("input") ? "input " : "output";
      const key = `${side} ${reason.replaceAll(/'[^']*'/g, "…")}`;
      const entry = reasons.get(key) ?? { tools: new Set<string>(), places: 0 };
      entry.places++;
      entry.tools.add(`${server}/${tool.toolName}`);
      reasons.set(key, entry);
      if (verbose) console.log(`${server}/${tool.toolName} ${place} ${reason}`);
    }
  }
}
const spent = process.cpuUsage(started);
const share = (count: number, total: number): string =>
  `${count} of ${total} (${((100 * count) / total).toFixed(1)} %)`;
console.log(
  `${all.length} tools of ${servers.length} servers, ${((spent.user + spent.system) / 1000).toFixed(0)} ms CPU`,
);
console.log(`servers with an invalid schema: ${invalid}`);
console.log(`typed inputs: ${share(all.filter((tool) => tool.typedInput).length, all.length)}`);
console.log(`typed outputs: ${share(all.filter((tool) => tool.typedOutput).length, outputs)} that declare one`);
console.log(
  `tools without any fallback: ${share(all.filter((tool) => tool.fallbacks.length === 0).length, all.length)}`,
);
console.log("places that stay JSON, by reason:");
for (const [reason, { tools, places }] of [...reasons].sort(([, a], [, b]) => b.places - a.places)) {
  console.log(`  ${String(places).padStart(4)} places in ${String(tools.size).padStart(3)} tools  ${reason}`);
}
