/** The shape of the code: which folder may import which, how long a file may be, and that each opens by saying what it is for. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { expect, test } from "vitest";

const ROOT = resolve(import.meta.dirname, "..");
const FOLDERS = ["src", "schema", "resolvers", "connectors", "bench", "docs", "examples", "test"];
const MAX_LINES = 400;

interface SourceFile {
  /** Relative to the repository. */
  readonly path: string;
  readonly text: string;
  /** Files of the repository that it imports, relative to the repository. */
  readonly imports: readonly string[];
}

const files: readonly SourceFile[] = FOLDERS.flatMap((folder) => sourceFiles(join(ROOT, folder)));

function sourceFiles(folder: string): SourceFile[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|js|mjs)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !/[\\/](node_modules|generated)[\\/]/.test(file))
    .map((file) => {
      const text = readFileSync(file, "utf8");
      return { path: relative(ROOT, file), text, imports: importsOf(file, text) };
    });
}

/** Static, dynamic and type imports, and re-exports. */
function importsOf(file: string, text: string): string[] {
  return [...text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*"(\.[^"]+)"/g)].map(([, path]) =>
    relative(ROOT, resolve(dirname(file), path!)),
  );
}

const inFolder =
  (...folders: string[]) =>
  (path: string) =>
    folders.some((folder) => path.startsWith(`${folder}/`));

/** Arrows that lead where they may not, as `file → file`. */
function arrows(from: (path: string) => boolean, to: (path: string) => boolean): string[] {
  return files
    .filter(({ path }) => from(path))
    .flatMap(({ path, imports }) => imports.filter(to).map((target) => `${path} → ${target}`));
}

test("the files and their imports are found at all", () => {
  expect(files.length).toBeGreaterThan(150);
  expect(arrows((path) => path === "src/compose.ts", inFolder("connectors"))).toEqual([
    "src/compose.ts → connectors/index.ts",
  ]);
});

test("src knows no connector and no graph, but for the composition root and the commands", () => {
  const mayPutTogether = (path: string) => path === "src/compose.ts" || path.startsWith("src/commands/");
  const others = (path: string) => inFolder("src")(path) && !mayPutTogether(path);
  expect(arrows(others, inFolder("connectors", "schema", "resolvers"))).toEqual([]);
});

test("what is behind the doors knows no door", () => {
  const mayKnowDoors = ["src/compose.ts", "src/commands/", "src/http/", "src/lifecycle/"];
  const behind = (path: string) => inFolder("src")(path) && !mayKnowDoors.some((known) => path.startsWith(known));
  expect(arrows(behind, inFolder("src/http"))).toEqual([]);
  expect(arrows(inFolder("src/http"), inFolder("src/pipeline")).length).toBeGreaterThan(0);
});

test("connectors and examples know the public API of src and nothing else of it, and no graph", () => {
  const beside = (path: string) => inFolder("src")(path) && path !== "src/index.ts";
  expect(arrows(inFolder("connectors", "examples"), beside)).toEqual([]);
  expect(arrows(inFolder("connectors"), inFolder("schema", "resolvers"))).toEqual([]);
});

test("one connector knows no other", () => {
  const connectorOf = (path: string) => path.split("/")[1];
  const crossing = files
    .filter(({ path }) => inFolder("connectors")(path) && path !== "connectors/index.ts")
    .flatMap(({ path, imports }) =>
      imports
        .filter((target) => inFolder("connectors")(target) && connectorOf(target) !== connectorOf(path))
        .map((target) => `${path} → ${target}`),
    );
  expect(crossing).toEqual([]);
});

test("resolvers know neither the graph nor a connector; the graph knows no connector", () => {
  expect(arrows(inFolder("resolvers"), inFolder("schema", "connectors"))).toEqual([]);
  // The script that prints the graph of the built-in tools is a program of its own.
  const graph = (path: string) => inFolder("schema")(path) && path !== "schema/print-schema.ts";
  expect(arrows(graph, inFolder("connectors"))).toEqual([]);
});

test("the translator knows tools and nothing of the gateway around them", () => {
  const gateway = inFolder("src/http", "src/pipeline", "src/registry", "src/auth", "src/policy", "src/config");
  expect(arrows(inFolder("schema/translate"), gateway)).toEqual([]);
});

test("nothing but tests imports tests, nothing but benchmarks imports benchmarks", () => {
  expect(arrows((path) => !inFolder("test")(path), inFolder("test"))).toEqual([]);
  expect(arrows((path) => !inFolder("bench", "test")(path), inFolder("bench"))).toEqual([]);
});

test(`no hand-written file is longer than ${MAX_LINES} lines`, () => {
  const long = files
    .map(({ path, text }) => `${text.trimEnd().split("\n").length} ${path}`)
    .filter((line) => Number.parseInt(line, 10) > MAX_LINES);
  expect(long).toEqual([]);
});

test("every file opens with a sentence that says what it is for", () => {
  const silent = files
    .filter(({ path }) => !path.endsWith(".test.ts"))
    .filter(({ text }) => !/^(#!.*\n)?\/\*\*\s+(\* )?\S[^\n]*\s\S/.test(text))
    .map(({ path }) => path);
  expect(silent).toEqual([]);
});
