import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse, validate } from "graphql";
import { describe, expect, it } from "vitest";
import { exampleOf, sdlOf, signatureOf } from "../../../schema/translate/index.ts";
import { sharedFolder } from "../../support/shared-data.ts";
import { graphOf, type Graph } from "./graph-of.ts";

interface Server {
  readonly server: string;
  readonly tools: readonly {
    name: string;
    inputSchema: unknown;
    outputSchema?: unknown;
    annotations?: { readOnlyHint?: boolean };
  }[];
}

const shared = sharedFolder();

function servers(): Server[] {
  const folder = join(shared ?? "", "corpus");
  const read = (path: string): unknown => JSON.parse(readFileSync(join(folder, path), "utf8"));
  const files = readdirSync(join(folder, "tools")).filter((file) => file.endsWith(".json"));
  return [
    ...files.map((file) => read(join("tools", file)) as Server),
    ...(read(join("retrieval", "catalogue.json")) as Server[]),
  ];
}

const graphOfServer = ({ tools }: Server): Graph =>
  graphOf(
    ...tools.map(({ name, inputSchema, outputSchema, annotations }) => ({
      name,
      effect: annotations?.readOnlyHint === true ? ("read" as const) : ("write" as const),
      input: inputSchema,
      ...(outputSchema !== undefined && { output: outputSchema }),
    })),
  );

describe.skipIf(!shared)("the tools of real MCP servers (needs TOOLGRAPH_SHARED)", () => {
  it("make a valid schema server by server, in which every generated example is a valid operation", () => {
    let count = 0;
    let typed = 0;
    for (const server of servers()) {
      const graph = graphOfServer(server);
      for (const tool of graph.tools) {
        const fieldName = graph.fieldNames.get(tool.toolName);
        expect(fieldName).toBeDefined();
        parse(sdlOf(tool, "Queries", fieldName));
        expect(signatureOf(tool, "test", fieldName)).toContain(`test.${fieldName}`);
        expect(validate(graph.schema, parse(exampleOf(tool, "test", [], fieldName)))).toEqual([]);
        count++;
        if (tool.typedInput) typed++;
      }
    }
    expect(count).toBeGreaterThan(2000);
    // All but the few that take any object at all.
    expect(typed / count).toBeGreaterThan(0.99);
  });
});
