/**
 * The floor of MCP servers on standard streams: node:http to one long-lived child, with ids of its own, and back as JSON.
 * With `BENCH_CONNECTOR` the child is asked by the gateway's connector instead: the difference is what that one costs.
 */
import { spawn } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createInterface } from "node:readline";
import { announce } from "./announce.ts";
import { openConnector } from "./stdio-connector.ts";

interface Answer {
  readonly id: number;
  readonly result: unknown;
}

const program = process.env.BENCH_MCP!;
const ask = process.env.BENCH_CONNECTOR ? await openConnector(program) : byHand();

function byHand(): (tool: string, input: unknown) => Promise<unknown> {
  // In a session of its own, as the gateway starts servers: Linux may give each session its own share of the CPU
  // (sched_autogroup), and a child that shares the parent's is scheduled otherwise.
  const child = spawn(process.execPath, [program], { stdio: ["pipe", "pipe", "inherit"], detached: true });
  const waiting = new Map<number, (result: unknown) => void>();
  let last = 0;
  createInterface({ input: child.stdout }).on("line", (line) => {
    const { id, result } = JSON.parse(line) as Answer;
    waiting.get(id)?.(result);
    waiting.delete(id);
  });
  process.once("exit", () => child.kill());
  return (tool, input) => {
    const id = (last += 1);
    const params = { name: tool, arguments: input };
    child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", id, method: "tools/call", params })}\n`);
    return new Promise((resolve) => waiting.set(id, resolve));
  };
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.once("end", () => {
    void (async () => {
      const call = JSON.parse(Buffer.concat(chunks).toString("utf8")) as { tool_name: string; tool_input: unknown };
      const output = await ask(call.tool_name, call.tool_input);
      const body = JSON.stringify({ status: "success", tool_output: output });
      response.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(body) });
      response.end(body);
    })();
  });
});
server.keepAliveTimeout = 65_000;
server.listen(0, "127.0.0.1", () => announce((server.address() as AddressInfo).port));
