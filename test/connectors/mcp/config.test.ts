/** What `server_specific_config` of an MCP server may say, and how it is understood. */
import { expect, test } from "vitest";
import mcp from "../../../connectors/mcp/index.ts";
import { eraMemory } from "../../../connectors/mcp/era-memory.ts";

test.each([
  [{ command: "node", args: ["a.js"], env: { A: "1" }, cwd: "sub" }, true],
  [{ url: "https://mcp.example/mcp", headers: { a: "1" } }, true],
  [{}, false],
  [{ command: "node", url: "https://mcp.example" }, false],
  [{ url: "https://mcp.example", env: { A: "1" } }, false],
  [{ command: "node", headers: {} }, false],
  [{ url: "ftp://mcp.example" }, false],
  [{ comand: "node" }, false],
])("%j is valid: %s", (config, isValid) => {
  expect(mcp.config.safeParse(config).success).toBe(isValid);
});

test("the base URL follows the configured address", () => {
  expect(mcp.baseUrl?.({ url: "https://mcp.example/mcp" })).toBe("https://mcp.example/mcp");
  expect(mcp.baseUrl?.({ command: "node" })).toBeUndefined();
});

test("that a server is an older one is believed for a day only", () => {
  const day = 24 * 60 * 60 * 1000;
  eraMemory.rememberLegacy("k", 1_000);
  // Remembering again does not make it younger: only a new question does.
  eraMemory.rememberLegacy("k", 1_000 + day / 2);
  expect(eraMemory.recall("k", 1_000 + day - 1)).toEqual({ kind: "legacy" });
  expect(eraMemory.recall("k", 1_000 + day)).toBeUndefined();
  eraMemory.forget("k");
  expect(eraMemory.recall("k", 1_001)).toBeUndefined();
});
