/** Servers that no SDK would build: bad definitions, odd pages, strange results, death at an unknown message. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import mcp from "../../../connectors/mcp/index.ts";
import { openServer } from "../../support/open-server.ts";
import { fixtureProcesses } from "../../support/mcp-processes.ts";

test("one malformed tool never hides the others: it is repaired with a diagnostic, or left out alone", async () => {
  using processes = fixtureProcesses();
  await using server = await openServer(mcp, { config: processes.config("mcp-raw-fixture", "malformed") });
  expect(server.session.tools.map(({ name, diagnostics }) => [name, diagnostics])).toEqual([
    ["first", []],
    ["rootless", ["input schema did not say that it is of type object"]],
    ["no_schema", ["input schema is missing: input is passed on unchecked"]],
    ["text_schema", ["input schema is missing: input is passed on unchecked"]],
    ["bad_required", ["input schema: required was left out, it is not a list of names"]],
    ["bad_hints", ["annotation readOnlyHint was left out"]],
    [
      "bad_output",
      [
        "title is not a text and was left out",
        "output schema is not an object schema and was left out; results come untyped",
      ],
    ],
    ["last", []],
  ]);
  expect(server.tool("rootless").inputSchema).toEqual({
    type: "object",
    anyOf: [{ required: ["a"] }, { required: ["b"] }],
  });
  expect(server.tool("bad_hints").effect).toBe("destructive");
});

test("content of an unknown kind arrives as text", async () => {
  using processes = fixtureProcesses();
  await using server = await openServer(mcp, { config: processes.config("mcp-raw-fixture", "malformed") });
  expect(await server.run("first", {})).toEqual({ text: '{"type":"hologram","depth":3}\n\nok' });
});

test("structured content that its protocol revision does not know is still read", async () => {
  using processes = fixtureProcesses();
  await using server = await openServer(mcp, { config: processes.config("mcp-raw-fixture", "malformed") });
  expect(await server.run("last", {})).toEqual({ json: [1, 2] });
});

test("all pages of a tool list are read", async () => {
  using processes = fixtureProcesses();
  await using server = await openServer(mcp, { config: processes.config("mcp-raw-fixture", "pages") });
  expect(server.session.tools.map(({ name }) => name)).toEqual(["tool_0", "tool_1", "tool_2"]);
});

test("a list that never ends is cut, and what was read is kept", async () => {
  using processes = fixtureProcesses();
  await using server = await openServer(mcp, { config: processes.config("mcp-raw-fixture", "endless") });
  expect(server.session.tools).toHaveLength(64);
});

test("a server that dies at the newest handshake is started again with the older one, and that is remembered", async () => {
  using processes = fixtureProcesses();
  const config = processes.config("mcp-raw-fixture", "dies-on-unknown");
  {
    await using server = await openServer(mcp, { config });
    expect(server.session.tools).toHaveLength(3);
    expect(processes.started()).toHaveLength(2);
  }
  await using again = await openServer(mcp, { config });
  expect(again.session.tools).toHaveLength(3);
  expect(processes.started()).toHaveLength(3);
});

test("such a server comes back even when it once failed at start for another reason", async () => {
  using processes = fixtureProcesses();
  const config = processes.config("mcp-raw-fixture", "dies-on-unknown");
  const failOnce = join(processes.folder, "fail-once");
  config.env.FAIL_ONCE = failOnce;
  await (await openServer(mcp, { config }))[Symbol.asyncDispose]();
  writeFileSync(failOnce, "");
  const ready = Promise.withResolvers<void>();
  const statuses: string[] = [];
  await using server = await openServer(mcp, {
    config,
    statusChanged: (status) => {
      statuses.push(status);
      if (status === "READY") ready.resolve();
    },
  });
  await ready.promise;
  expect(statuses[0]).toBe("DEGRADED");
  expect(server.session.tools).toHaveLength(3);
});

test("a server that is silent at the newest handshake gets the older one on the same process", async () => {
  using processes = fixtureProcesses();
  const ready = Promise.withResolvers<void>();
  await using server = await openServer(mcp, {
    config: processes.config("mcp-raw-fixture", "mute-on-unknown"),
    timeoutMs: 500,
    statusChanged: (status) => status === "READY" && ready.resolve(),
  });
  await ready.promise;
  expect(server.session.tools).toHaveLength(3);
  expect(processes.started()).toHaveLength(1);
});
