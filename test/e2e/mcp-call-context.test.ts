/** What an MCP server hears of a call that came through the gateway: its trace, and the wish for progress where somebody listens. */
import { join } from "node:path";
import { expect, test } from "vitest";
import { startGateway } from "../support/start-gateway.ts";

const trace = { traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", tracestate: "vendor=opaque" };
const program = join(import.meta.dirname, "../connectors/mcp/hostile-server.ts");

interface Frame {
  readonly id: number;
  readonly params?: { readonly name?: string; readonly _meta?: unknown };
}

test("a trace goes to an MCP process with its call, and progress is asked for only where somebody can hear of it", async () => {
  await using gateway = await startGateway({
    servers: [{ id: "odd", type: "mcp", server_specific_config: { command: "node", args: [program, "legacy"] } }],
  });
  const call = (rest: object, headers: Record<string, string>) =>
    gateway.rest({ server_id: "odd", tool_name: "empty", tool_input: {}, ...rest }, headers);
  await call({}, {});
  await call({}, trace);
  await call({ request_id: "r-1" }, trace);
  const { body } = await gateway.restByPath("odd", "seen", {});
  const frames = body.tool_output.json as readonly Frame[];
  const calls = frames.filter(({ params }) => params?.name === "empty");
  expect(calls.map(({ params }) => params?._meta)).toEqual([
    undefined,
    trace,
    { ...trace, progressToken: calls[2]!.id },
  ]);
});
