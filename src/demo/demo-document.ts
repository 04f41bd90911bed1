/** The bundled demo: three real MCP servers that need no credentials, one of them on a sandboxed copy of sample files. */
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { DemoDocument } from "../config/load-settings.ts";

const require = createRequire(import.meta.url);
/** Looked up by the package's own name: the code is in another folder of it once it is built. */
const SAMPLES = join(dirname(require.resolve("toolgraph/package.json")), "examples/sample-files");

/** Makes a folder for the demo's data, removed when the process ends: nothing done in the demo outlives it. */
export function demoDocument(): DemoDocument {
  const folder = mkdtempSync(join(tmpdir(), "toolgraph-demo-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  const files = join(folder, "files");
  cpSync(SAMPLES, files, { recursive: true });
  const mcp = (id: string, name: string, description: string, config: Record<string, unknown>) => ({
    id,
    type: "mcp",
    name,
    server_specific_config: { command: "node", ...config },
    metadata: { description },
  });
  return {
    folder,
    document: {
      servers: [
        mcp("memory", "Memory", "A knowledge graph of entities, relations and observations.", {
          args: [program("@modelcontextprotocol/server-memory")],
          env: { MEMORY_FILE_PATH: join(folder, "memory.jsonl") },
        }),
        mcp("files", "Files", "Reads and writes files of a sandboxed sample folder.", {
          args: [program("@modelcontextprotocol/server-filesystem"), files],
          cwd: files,
        }),
        mcp("everything", "Everything", "Examples of everything an MCP server can do.", {
          args: [program("@modelcontextprotocol/server-everything"), "stdio"],
        }),
      ],
    },
  };
}

/** The file behind a package's command. */
function program(name: string): string {
  const description = require.resolve(`${name}/package.json`);
  const { bin } = require(description) as { bin: Record<string, string> };
  return join(dirname(description), Object.values(bin)[0]!);
}
