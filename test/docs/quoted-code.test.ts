/** Code that the documentation quotes is code that is type-checked and run: each block stands as it is in an example. */
import { globSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "vitest";
import { blocksIn, root } from "./documents.ts";

const sources = globSync(["examples/**/*.ts", "test/examples/**/*.ts", "src/pipeline/pipeline.ts"], { cwd: root }).map(
  (file) => readFileSync(resolve(root, file), "utf8"),
);

test.each(blocksIn("ts"))("the code at $title stands in an example", ({ text }) => {
  expect(
    sources.some((source) => source.includes(text)),
    text,
  ).toBe(true);
});
