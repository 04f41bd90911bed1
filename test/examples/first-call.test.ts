/** The example program does what it says against a gateway with the demo's servers, and fails where one is not as it expects. */
import { execFile } from "node:child_process";
import { rm } from "node:fs/promises";
import { resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { demoDocument } from "../../src/demo/demo-document.ts";
import { connectors } from "../../connectors/index.ts";
import { startGateway, type StartedGateway } from "../support/start-gateway.ts";

const program = resolve(import.meta.dirname, "../../examples/first-call.ts");
const token = "the-token-of-the-example";
const demo = demoDocument();
let gateway: StartedGateway;

beforeAll(async () => {
  const { servers } = demo.document as { servers: readonly unknown[] };
  gateway = await startGateway({ connectors, servers, developerToken: token });
});
afterAll(async () => {
  await gateway?.[Symbol.asyncDispose]();
  await rm(demo.folder, { recursive: true, force: true });
});

function run(environment: Record<string, string>): Promise<{ stdout: string; stderr: string }> {
  return promisify(execFile)(process.execPath, [program], { env: { ...process.env, ...environment } });
}

test("the program finds a tool, calls it and reads an error", async () => {
  const { stdout } = await run({ URL: gateway.url, TOKEN: token });
  expect(stdout.split("\n").map((line) => line.split(" ", 1)[0])).toEqual(["found", "read", "error", ""]);
  expect(stdout).toContain("TOOL_NOT_SUPPORTED: Did you mean 'read_text_file'");
});

test("the program exits non-zero when the gateway refuses it", async () => {
  await expect(run({ URL: gateway.url, TOKEN: "wrong" })).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining("AUTHENTICATION_FAILURE_API"),
  });
});
