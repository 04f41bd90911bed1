/** MCP servers as child processes: what they offer, how their tools answer, and how they fail. */
import { once } from "node:events";
import { expect, test } from "vitest";
import mcp from "../../../connectors/mcp/index.ts";
import { openServer } from "../../support/open-server.ts";
import { fixtureProcesses, isAlive } from "../../support/mcp-processes.ts";

for (const era of ["legacy", "modern", "dual"]) {
  test(`a ${era} server is started once, its tools are typed and answer, and nothing is left after closing`, async () => {
    using processes = fixtureProcesses();
    const statuses: string[] = [];
    {
      await using server = await openServer(mcp, {
        config: processes.config("mcp-stdio-fixture", era),
        statusChanged: (status) => statuses.push(status),
      });
      expect(statuses).toEqual(["READY"]);
      expect(server.tool("echo")).toMatchObject({
        title: "Echo",
        description: "Says it back.",
        effect: "read",
        idempotent: true,
        diagnostics: [],
        inputSchema: { type: "object", required: ["message"] },
      });
      expect(server.tool("sum").effect).toBe("write");
      expect(server.tool("process").effect).toBe("write");
      expect(server.tool("remove").effect).toBe("destructive");
      expect(server.tool("sum").outputSchema).toMatchObject({ required: ["sum"] });
      expect(await server.run("echo", { message: "hello" })).toEqual({ text: "hello" });
      expect(await server.run("sum", { a: 1, b: 2 })).toEqual({ sum: 3 });
      expect(await server.run("json", {})).toEqual({ json: { rows: [1, 2] } });
      expect(await server.run("parts", {})).toEqual({
        text: "one\n\ntwo",
        content: [{ type: "image", data: "AAAA", mimeType: "image/png" }],
      });
      expect(server.tool("echo").parseInput({ message: 1 })).toMatchObject({ ok: false });
      expect(processes.started()).toHaveLength(1);
      expect(processes.alive()).toHaveLength(1);
    }
    expect(processes.alive()).toEqual([]);
  });
}

test("a child sees the configured environment and folder, and none of the gateway's own variables", async () => {
  using processes = fixtureProcesses();
  process.env.GATEWAY_SECRET = "not for children";
  const config = processes.config("mcp-stdio-fixture", "legacy");
  await using server = await openServer(mcp, {
    config: { ...config, env: { ...config.env, EXTRA: "1" }, cwd: "test" },
  });
  const { json } = (await server.run("process", {})) as { json: { env: Record<string, string>; cwd: string } };
  delete process.env.GATEWAY_SECRET;
  expect(json.env).toMatchObject({ EXTRA: "1", PATH: process.env.PATH });
  expect(json.env).not.toHaveProperty("GATEWAY_SECRET");
  expect(json.cwd).toBe(`${process.cwd()}/test`);
});

test("200 calls at once on one connection each get their own answer", async () => {
  using processes = fixtureProcesses();
  await using server = await openServer(mcp, { config: processes.config("mcp-stdio-fixture", "dual") });
  const answers = await Promise.all(
    Array.from({ length: 200 }, (_, index) => server.run("echo", { message: `m${index}` })),
  );
  expect(answers).toEqual(Array.from({ length: 200 }, (_, index) => ({ text: `m${index}` })));
});

test("a tool's own failure says what the tool said", async () => {
  using processes = fixtureProcesses();
  await using server = await openServer(mcp, { config: processes.config("mcp-stdio-fixture", "dual") });
  const failure = await server.fail("fail", {});
  expect(failure).toMatchObject({ code: "MCP_CLIENT_ERROR", status: 400, acted: "unknown" });
  expect(failure.message).toContain("The project key DAWS does not exist");
});

test("a tool that wants to ask a person fails in words an agent can act on", async () => {
  using processes = fixtureProcesses();
  await using server = await openServer(mcp, { config: processes.config("mcp-stdio-fixture", "modern") });
  expect(await server.fail("ask", {})).toMatchObject({
    code: "MCP_CLIENT_ERROR",
    suggestion: "Give all of the tool's arguments in the call, or use another tool.",
  });
});

test("arguments that the server refuses and tools it no longer has are told apart", async () => {
  using processes = fixtureProcesses();
  await using server = await openServer(mcp, { config: processes.config("mcp-stdio-fixture", "dual") });
  expect(await server.fail("refuse", {})).toMatchObject({
    code: "MCP_CLIENT_ERROR",
    status: 400,
    message: expect.stringContaining("limit must be positive"),
  });
  await server.run("grow", { name: "short_lived" });
  await expect.poll(() => server.session.tools.some(({ name }) => name === "short_lived")).toBe(true);
  expect(await server.fail("short_lived", {})).toMatchObject({ code: "TOOL_NOT_SUPPORTED", status: 404, acted: "no" });
});

test("a caller who goes away cancels the work on the server, and is told so rather than of a time-out", async () => {
  using processes = fixtureProcesses();
  for (const era of ["legacy", "modern"]) {
    await using server = await openServer(mcp, { config: processes.config("mcp-stdio-fixture", era) });
    const caller = new AbortController();
    const hanging = server.fail("hang", {}, { signal: caller.signal });
    await server.run("echo", { message: "the call before this one has arrived" });
    caller.abort();
    const failure = await hanging;
    expect(failure).toMatchObject({ code: "MCP_CONNECTION_ERROR", acted: "unknown" });
    expect(failure.message).toContain("given up");
    await expect.poll(() => server.run("cancelled", {})).toEqual({ json: { cancelled: 1 } });
  }
});

test("a call over its time is a 504, whether the gateway's signal or the server's own limit ends it", async () => {
  using processes = fixtureProcesses();
  await using server = await openServer(mcp, {
    config: processes.config("mcp-stdio-fixture", "legacy"),
    timeoutMs: 2_000,
  });
  const bySignal = await server.fail("hang", {}, { signal: AbortSignal.timeout(50) });
  expect(bySignal).toMatchObject({ code: "MCP_CONNECTION_ERROR", status: 504, acted: "unknown" });
  expect(bySignal.message).toContain("did not answer in time");
  const byLimit = await server.fail("hang", {}, { signal: new AbortController().signal });
  expect(byLimit).toMatchObject({ code: "MCP_CONNECTION_ERROR", status: 504 });
  expect(byLimit.message).toContain("2000 ms");
});

test("progress reaches the caller, even when the result comes in the same breath", async () => {
  using processes = fixtureProcesses();
  for (const era of ["legacy", "modern"]) {
    await using server = await openServer(mcp, { config: processes.config("mcp-stdio-fixture", era) });
    const seen: unknown[] = [];
    await server.run("count", {}, { context: { reportProgress: (progress) => seen.push(progress) } });
    expect(seen).toEqual([1, 2, 3].map((progress) => ({ progress, total: 3, message: `step ${progress}` })));
  }
});

test("a new tool of the server shows up in a new list", async () => {
  using processes = fixtureProcesses();
  for (const era of ["legacy", "modern"]) {
    const changed = Promise.withResolvers<void>();
    await using server = await openServer(mcp, {
      config: processes.config("mcp-stdio-fixture", era),
      toolsChanged: () => changed.resolve(),
    });
    const before = server.session.tools;
    await server.run("grow", { name: "fresh" });
    await changed.promise;
    expect(server.session.tools).not.toBe(before);
    expect(server.tool("fresh").effect).toBe("write");
  }
});

test("a crash fails the running call, and the server is back with the same tools soon after", async () => {
  using processes = fixtureProcesses();
  const statuses: [string, string | undefined][] = [];
  let ready = Promise.withResolvers<void>();
  await using server = await openServer(mcp, {
    config: processes.config("mcp-stdio-fixture", "legacy"),
    statusChanged: (status, reason) => {
      statuses.push([status, reason]);
      if (status === "READY") ready.resolve();
    },
  });
  const { tools } = server.session;
  ready = Promise.withResolvers();
  expect(await server.fail("crash", {})).toMatchObject({ code: "MCP_CONNECTION_ERROR", status: 502, acted: "unknown" });
  expect(await server.fail("echo", { message: "too early" })).toMatchObject({
    code: "MCP_CONNECTION_ERROR",
    acted: "no",
  });
  await ready.promise;
  expect(await server.run("echo", { message: "again" })).toEqual({ text: "again" });
  expect(server.session.tools).toBe(tools);
  expect(statuses).toEqual([
    ["READY", undefined],
    ["DEGRADED", "The server's process ended with code 3."],
    ["READY", undefined],
  ]);
  // Known to be an older server by now: the restart took one process.
  expect(processes.started()).toHaveLength(2);
});

test("a server that dies at start is degraded with the reason, and is tried again", async () => {
  using processes = fixtureProcesses();
  const retried = Promise.withResolvers<void>();
  const reasons: (string | undefined)[] = [];
  {
    await using server = await openServer(mcp, {
      config: processes.config("mcp-stdio-fixture", "die"),
      statusChanged: (status, reason) => {
        expect(status).toBe("DEGRADED");
        reasons.push(reason);
        if (reasons.length === 2) retried.resolve();
      },
    });
    expect(server.session.tools).toEqual([]);
    await retried.promise;
    expect(reasons[0]).toBe("The server's process ended with code 7 before it was ready; the log has what it wrote.");
  }
  expect(processes.alive()).toEqual([]);
});

test("a command that does not exist is degraded with the reason", async () => {
  const reasons: (string | undefined)[] = [];
  await using server = await openServer(mcp, {
    config: { command: "/no/such/mcp-server" },
    statusChanged: (_, reason) => reasons.push(reason),
  });
  expect(server.session.tools).toEqual([]);
  expect(reasons[0]).toBe("The server's command, or its working folder, does not exist.");
});

test("opening does not wait for a slow server: it is degraded first and ready later", async () => {
  using processes = fixtureProcesses();
  const ready = Promise.withResolvers<void>();
  const changed = Promise.withResolvers<void>();
  const statuses: string[] = [];
  await using server = await openServer(mcp, {
    config: processes.config("mcp-stdio-fixture", "legacy"),
    timeoutMs: 1,
    statusChanged: (status) => {
      statuses.push(status);
      if (status === "READY") ready.resolve();
    },
    toolsChanged: () => changed.resolve(),
  });
  expect(server.session.tools).toEqual([]);
  await ready.promise;
  await changed.promise;
  expect(statuses).toEqual(["DEGRADED", "READY"]);
  expect(server.session.tools.length).toBeGreaterThan(10);
});

test("junk on stdout and a flood on stderr disturb nothing", async () => {
  using processes = fixtureProcesses();
  await using server = await openServer(mcp, { config: processes.config("mcp-stdio-fixture", "junk", "flood") });
  expect(await server.run("echo", { message: "still here" })).toEqual({ text: "still here" });
});

test("a process that ignores the end of its input and SIGTERM is killed, with all that it started", async () => {
  using processes = fixtureProcesses();
  {
    await using server = await openServer(mcp, {
      config: processes.config("mcp-stdio-fixture", "legacy", "immortal", "children"),
    });
    await server.run("echo", { message: "hi" });
    expect(processes.alive()).toHaveLength(2);
  }
  await expect.poll(() => processes.alive()).toEqual([]);
});

test("a gateway that is killed leaves no process behind", async () => {
  using processes = fixtureProcesses();
  const { spawn } = await import("node:child_process");
  const config = processes.config("mcp-stdio-fixture", "legacy", "immortal", "children");
  const script = `
    import mcp from "${process.cwd()}/connectors/mcp/index.ts";
    import { openServer } from "${process.cwd()}/test/support/open-server.ts";
    const server = await openServer(mcp, { config: ${JSON.stringify(config)} });
    await server.run("echo", { message: "hi" });
    process.stdout.write("ready");
  `;
  const gateway = spawn(process.execPath, ["--input-type=module-typescript", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(gateway.stdout, "data");
  expect(processes.alive()).toHaveLength(2);
  gateway.kill("SIGKILL");
  await once(gateway, "exit");
  await expect.poll(() => processes.alive()).toEqual([]);
  expect(isAlive(gateway.pid!)).toBe(false);
});
