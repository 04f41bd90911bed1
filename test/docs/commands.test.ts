/** Every command in the documentation runs as it stands, against the demo that `npm start` starts, and answers what is said. */
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startDemo, type DemoProcess } from "./demo-process.ts";
import { blocksIn, root, type CodeBlock } from "./documents.ts";

/** What a clean check-out is put through anyway: running it here would install, or test the tests, again. */
const PROVEN_BY_CI = /^npm (install|ci|test|run -s (typecheck|lint|generate))/;

/** The reader's own configuration, where a command names one. */
const CONFIGURATION = `
- id: jira
  type: jira
  authentication: { method: bearer_token, tokenRef: TOKEN }
  server_specific_config: { instanceUrl: "https://example.atlassian.net" }
`;

let demo: DemoProcess;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "toolgraph-docs-"));
  await writeFile(join(folder, "toolgraph.yaml"), CONFIGURATION);
  demo = await startDemo(await mkdtemp(join(folder, "empty-")));
});
afterAll(async () => {
  await demo?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

test.each(blocksIn("sh").filter(({ text }) => commandOf(text) !== ""))("the command at $title runs", async (block) => {
  const printed = await run(block);
  if (block.answer === undefined) return;
  expect(JSON.parse(printed)).toMatchObject(JSON.parse(block.answer) as object);
});

/** The lines that are run here; exports only name the demo, which `run` does. */
function commandOf(text: string): string {
  return text
    .split("\n")
    .filter((line) => !PROVEN_BY_CI.test(line) && !/^export (URL|TOKEN)=/.test(line))
    .join("\n")
    .trim();
}

async function run(block: CodeBlock): Promise<string> {
  const configuration = join(folder, "toolgraph.yaml");
  const command = commandOf(block.text).replaceAll(/(?<= )toolgraph\.yaml/g, configuration);
  const env = { ...process.env, URL: demo.url, TOKEN: demo.token, TOOLGRAPH_CONFIG: configuration };
  const { stdout } = await promisify(execFile)("bash", ["-euo", "pipefail", "-c", command], { cwd: root, env });
  return stdout;
}
