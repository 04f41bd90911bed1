import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { createToolIndex, type SearchableTool } from "../../src/search/tool-index.ts";
import { sharedFolder } from "../support/shared-data.ts";

interface CatalogueServer {
  readonly server: string;
  readonly description?: string | null;
  readonly tools: readonly (Pick<SearchableTool, "name" | "inputSchema"> & { readonly description?: string | null })[];
}

const shared = sharedFolder();

describe.skipIf(!shared)("on 527 tools of real MCP servers (needs the folder of shared test data)", () => {
  const read = (name: string): unknown =>
    JSON.parse(readFileSync(resolve(shared ?? "", "corpus/retrieval", name), "utf8"));

  it("finds the tools of annotated tasks at least as well as was measured, with some margin", () => {
    const index = createToolIndex();
    for (const { server, description, tools } of read("catalogue.json") as CatalogueServer[]) {
      const searchable = tools.map((tool) => ({
        ...tool,
        description: tool.description ?? "",
        effect: "read" as const,
      }));
      index.addServer({ id: server, name: server, type: "mcp", description: description ?? "" }, searchable);
    }
    const tasks = (read("tasks-dev.json") as { question: string; tools: string[] }[]).filter(
      ({ tools }) => tools.length > 0,
    );
    const recall = (first: number): number => {
      const shares = tasks.map(({ question, tools }) => {
        const found = new Set(index.search(question, { first }).map(({ toolName }) => toolName));
        const wanted = [...new Set(tools)];
        return wanted.filter((tool) => found.has(tool)).length / wanted.length;
      });
      return shares.reduce((sum, share) => sum + share, 0) / shares.length;
    };
    expect(recall(5)).toBeGreaterThan(0.45);
    expect(recall(20)).toBeGreaterThan(0.65);
  });
});
