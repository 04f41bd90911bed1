/** Reference servers that others wrote, used as an operator would configure them. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync, realpathSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import mcp from "../../../connectors/mcp/index.ts";
import { openServer } from "../../support/open-server.ts";
import { freePort } from "../../support/free-port.ts";

const program = (name: string) =>
  join(process.cwd(), `node_modules/@modelcontextprotocol/server-${name}/dist/index.js`);

function sampleFolder() {
  const path = realpathSync(mkdtempSync(join(tmpdir(), "toolgraph-mcp-")));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

test("everything: text, structured content, images, links, long work", async () => {
  await using server = await openServer(mcp, { config: { command: "node", args: [program("everything")] } });
  expect(server.session.tools.length).toBeGreaterThan(10);
  expect(await server.run("echo", { message: "hi" })).toEqual({ text: "Echo: hi" });
  expect(await server.run("get-structured-content", { location: "Chicago" })).toMatchObject({
    temperature: expect.any(Number),
  });
  expect(await server.run("get-tiny-image", {})).toMatchObject({
    text: expect.any(String),
    content: [{ type: "image", mimeType: "image/png" }],
  });
  expect(await server.run("get-resource-links", { count: 1 })).toMatchObject({ content: [{ type: "resource_link" }] });
  const seen: number[] = [];
  await server.run(
    "trigger-long-running-operation",
    { duration: 0.2, steps: 2 },
    { context: { reportProgress: ({ progress }) => seen.push(progress) } },
  );
  expect(seen[0]).toBe(1);
});

test("everything: many calls of several kinds at once each get their own answer, also while one is given up", async () => {
  await using server = await openServer(mcp, { config: { command: "node", args: [program("everything")] } });
  const caller = new AbortController();
  const given = server.fail("trigger-long-running-operation", { duration: 60, steps: 2 }, { signal: caller.signal });
  const answers = Array.from({ length: 100 }, async (_, index) => {
    const echoed = server.run("echo", { message: `m${index}` });
    const summed = server.run("get-sum", { a: index, b: 1 });
    const weather = server.run("get-structured-content", { location: index % 2 === 0 ? "Chicago" : "New York" });
    expect(await echoed).toEqual({ text: `Echo: m${index}` });
    expect(await summed).toEqual({ text: `The sum of ${index} and 1 is ${index + 1}.` });
    expect(await weather).toMatchObject({ conditions: expect.any(String) });
  });
  caller.abort();
  expect(await given).toMatchObject({ code: "MCP_CONNECTION_ERROR", acted: "unknown" });
  await Promise.all(answers);
});

test("everything: a caller who listens hears of each step, and a server whose caller does not is not asked", async () => {
  await using server = await openServer(mcp, { config: { command: "node", args: [program("everything")] } });
  const steps = async (hasListener: boolean) => {
    const seen: unknown[] = [];
    const context = { hasListener, reportProgress: (progress: unknown) => seen.push(progress) };
    await server.run("trigger-long-running-operation", { duration: 0.1, steps: 3 }, { context });
    return seen;
  };
  expect(await steps(true)).toEqual([1, 2, 3].map((progress) => ({ progress, total: 3 })));
  expect(await steps(false)).toEqual([]);
});

test("everything: arguments that only the server finds wrong, and a process that is killed in the middle", async () => {
  using folder = sampleFolder();
  const pidFile = join(folder.path, "pid");
  const script = `echo $$ > "${pidFile}"; exec "${process.execPath}" "${program("everything")}"`;
  const back = Promise.withResolvers<void>();
  let isLost = false;
  await using server = await openServer(mcp, {
    config: { command: "sh", args: ["-c", script] },
    statusChanged: (status) => {
      if (status === "DEGRADED") isLost = true;
      else if (isLost) back.resolve();
    },
  });
  const refused = await server.fail("get-resource-reference", { resourceType: "Text", resourceId: -1 });
  expect(refused).toMatchObject({ code: "MCP_CLIENT_ERROR", acted: "unknown" });
  const waiting = Array.from({ length: 20 }, () =>
    server.fail("trigger-long-running-operation", { duration: 60, steps: 1 }),
  );
  await server.run("echo", { message: "the calls before this one have arrived" });
  process.kill(Number(readFileSync(pidFile, "utf8")), "SIGKILL");
  for (const failure of await Promise.all(waiting)) {
    expect(failure).toMatchObject({ code: "MCP_CONNECTION_ERROR", status: 502, acted: "unknown" });
  }
  await back.promise;
  expect(await server.run("echo", { message: "back" })).toEqual({ text: "Echo: back" });
});

test("everything over Streamable HTTP answers like everything over stdio", async () => {
  const port = await freePort();
  const child = spawn(process.execPath, [program("everything"), "streamableHttp"], {
    env: { ...process.env, PORT: String(port) },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const exited = once(child, "exit");
  try {
    await once(child.stderr, "data");
    const ready = Promise.withResolvers<void>();
    await using server = await openServer(mcp, {
      config: { url: `http://127.0.0.1:${port}/mcp` },
      statusChanged: (status) => status === "READY" && ready.resolve(),
    });
    await ready.promise;
    expect(await server.run("echo", { message: "hi" })).toEqual({ text: "Echo: hi" });
    expect(await server.run("get-structured-content", { location: "Chicago" })).toMatchObject({
      temperature: expect.any(Number),
    });
  } finally {
    child.kill();
    await exited;
  }
});

test("memory: what is written is found again", async () => {
  using folder = sampleFolder();
  await using server = await openServer(mcp, {
    config: { command: "node", args: [program("memory")], env: { MEMORY_FILE_PATH: join(folder.path, "memory.json") } },
  });
  const entity = { name: "Toolgraph", entityType: "program", observations: ["speaks MCP"] };
  await server.run("create_entities", { entities: [entity] });
  expect(await server.run("search_nodes", { query: "MCP" })).toMatchObject({ entities: [entity] });
  expect(server.tool("delete_entities").effect).toBe("destructive");
  expect(server.tool("read_graph").effect).toBe("read");
});

test("filesystem: reads inside its folder, relative to the configuration, and says why not outside", async () => {
  using folder = sampleFolder();
  writeFileSync(join(folder.path, "note.txt"), "hello");
  await using server = await openServer(mcp, {
    config: { command: "npx", args: ["--no-install", "mcp-server-filesystem", folder.path] },
  });
  expect(await server.run("read_text_file", { path: join(folder.path, "note.txt") })).toEqual({ content: "hello" });
  expect(await server.fail("read_text_file", { path: "/etc/hostname" })).toMatchObject({
    code: "MCP_CLIENT_ERROR",
    message: expect.stringContaining("Access denied"),
  });
});
