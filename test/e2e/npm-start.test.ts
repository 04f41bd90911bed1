/** The README's own command: what a newcomer, or an orchestrator around npm, starts and stops. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";

test("npm start serves the demo, and a SIGTERM to npm alone ends the gateway too", async () => {
  const npm = spawn("npm", ["start", "--", "--port", "0"], { stdio: ["ignore", "pipe", "inherit"] });
  let address = "";
  let command = "";
  for await (const line of createInterface({ input: npm.stdout })) {
    address ||= /"address":"(http[^"]+)"/.exec(line)?.[1] ?? "";
    command = /curl .*/.exec(line)?.[0] ?? command;
    if (command !== "") break;
  }
  const health = `${address}/api/v1/mcp/health`;
  expect(await (await fetch(health)).json()).toEqual({ status: "UP" });
  expect(command).toContain(`${address}/graphql`);
  const ended = once(npm, "exit");
  npm.kill("SIGTERM");
  await ended;
  // The port is refused once the gateway is gone; npm's own end says nothing of it.
  while (await answers(health)) await sleep(100);
});

async function answers(url: string): Promise<boolean> {
  try {
    await fetch(url);
    return true;
  } catch {
    return false;
  }
}
