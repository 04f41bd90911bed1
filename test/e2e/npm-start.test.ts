/** The README's own command: what a newcomer, or an orchestrator around npm, starts and stops. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";

test("npm start serves the demo, and a SIGTERM to npm alone ends the gateway too", async () => {
  const npm = spawn("npm", ["start", "--", "--port", "0"], {
    cwd: resolve(import.meta.dirname, "../.."),
    env: { PATH: process.env.PATH, HOME: process.env.HOME },
    stdio: ["ignore", "pipe", "pipe"],
    // A group of its own, so that nothing of it can be left behind whatever fails here.
    detached: true,
  });
  try {
    let output = "";
    const told = new Promise<void>((tell, fail) => {
      const read = (chunk: Buffer) => {
        output += chunk.toString();
        if (output.includes("Stop with Ctrl-C")) tell();
      };
      npm.stdout.on("data", read);
      npm.stderr.on("data", read);
      npm.once("exit", () => fail(new Error(`npm start ended: ${output}`)));
    });
    await told;
    const address = /Address +(http\S+)/.exec(output)?.[1];
    const health = `${address}/api/v1/mcp/health`;
    expect(await (await fetch(health)).json()).toEqual({ status: "UP" });
    expect(output).toContain(`curl -s ${address}/graphql`);
    const ended = once(npm, "exit");
    npm.kill("SIGTERM");
    await ended;
    // The port is refused once the gateway is gone; npm's own end says nothing of it.
    while (await answers(health)) await sleep(100);
  } finally {
    try {
      process.kill(-npm.pid!, "SIGKILL");
    } catch {
      // Nothing of the group is left, as it should be.
    }
  }
});

async function answers(url: string): Promise<boolean> {
  try {
    await fetch(url);
    return true;
  } catch {
    return false;
  }
}
