/** What the documentation names exists: error codes in the catalogue, metrics at `/metrics`, scripts in the package, files in the repository. */
import { existsSync, globSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "vitest";
import description from "../../package.json" with { type: "json" };
import { catalogue } from "../../src/errors/catalogue.ts";
import { startGateway } from "../support/start-gateway.ts";
import { documents, root } from "./documents.ts";

const guides = documents.filter(({ file }) => !file.startsWith("docs/reference/"));
const named = (pattern: RegExp): string[] => [
  ...new Set(guides.flatMap(({ text }) => [...text.matchAll(pattern)].map(([, name]) => name!))),
];

test("every error code in the guides is in the catalogue", () => {
  const codes = named(/`((?:MCP|API|[A-Z]{5,})_[A-Z_]+)`/g).filter((name) => !isEnvironmentVariable(name));
  expect(codes.length).toBeGreaterThan(10);
  expect(codes.filter((code) => !Object.hasOwn(catalogue, code))).toEqual([]);
});

test("every metric in the guides is one that the gateway has", async () => {
  await using gateway = await startGateway({ servers: [] });
  const { text } = await gateway.get("/metrics");
  const metrics = named(/`(toolgraph_\w+)`/g);
  expect(metrics.length).toBeGreaterThan(5);
  expect(metrics.filter((name) => !text.includes(`# TYPE ${name} `))).toEqual([]);
});

test("every script in the guides is one of the package", () => {
  const scripts = named(/npm run (?:-s )?([\w:-]+)/g);
  expect(scripts).toContain("toolgraph");
  expect(scripts.filter((name) => !Object.hasOwn(description.scripts, name))).toEqual([]);
});

test("every file that the guides name without a link is there", () => {
  const files = named(/`((?:src|docs|test|examples|connectors|schema|resolvers|bench)\/[\w./-]+\.\w+)`/g);
  expect(files.filter((file) => !existsSync(resolve(root, file)))).toEqual([]);
});

test("the page that maintainers read first names every stage of the pipeline and every folder of the gateway", () => {
  const { text } = documents.find(({ file }) => file === "docs/architecture.md")!;
  const parts = [...globSync("src/pipeline/stages/*.ts", { cwd: root }), ...globSync("src/*/", { cwd: root })];
  expect(parts.length).toBeGreaterThan(20);
  expect(parts.filter((part) => !text.includes(`](../${part.replace(/\/$/, "")}`))).toEqual([]);
});

/** Names of variables are written like codes; the guides name these. */
function isEnvironmentVariable(name: string): boolean {
  return /^(TOOLGRAPH|NODE|OTEL)_/.test(name);
}
