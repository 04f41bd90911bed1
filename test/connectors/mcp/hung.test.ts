/** A process that neither answers nor ends would take every further call with it: it is ended, and a new one is started. */
import { setTimeout as sleep } from "node:timers/promises";
import { test } from "vitest";
import mcp from "../../../connectors/mcp/index.ts";
import { openServer, type OpenedServer } from "../../support/open-server.ts";
import { fixtureProcesses, type FixtureProcesses } from "../../support/mcp-processes.ts";

const open = (processes: FixtureProcesses, era: string): Promise<OpenedServer> =>
  openServer(mcp, { config: processes.config("mcp-stdio-fixture", era), timeoutMs: 3_000 });

const soon = () => ({ signal: AbortSignal.timeout(200) });

test.concurrent.for(["legacy", "modern"])(
  "a %s server that hangs is replaced after ten seconds of silence",
  async (era, { expect }) => {
    using processes = fixtureProcesses();
    await using server = await open(processes, era);
    const [first] = processes.started();
    process.kill(first!, "SIGSTOP");
    expect(await server.fail("echo", { message: "lost" }, soon())).toMatchObject({ code: "MCP_CONNECTION_ERROR" });
    await expect.poll(() => processes.started().length, { timeout: 14_000, interval: 100 }).toBe(2);
    await expect
      .poll(() => server.run("echo", { message: "again" }, soon()).catch(String), { timeout: 5_000 })
      .toEqual({ text: "again" });
    expect(processes.alive()).not.toContain(first);
  },
);

test.concurrent("a server that only takes long over one call is left alone, since it answers others", async ({
  expect,
}) => {
  using processes = fixtureProcesses();
  await using server = await open(processes, "dual");
  expect(await server.fail("hang", {}, soon())).toMatchObject({ code: "MCP_CONNECTION_ERROR" });
  for (let second = 0; second < 11; second += 1) {
    await sleep(1_000);
    expect(await server.run("echo", { message: "here" })).toEqual({ text: "here" });
  }
  expect(processes.started()).toHaveLength(1);
});
