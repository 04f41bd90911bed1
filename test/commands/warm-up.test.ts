/** The walk through the gateway before it is ready: it has to take the ways that callers take. */
import { expect, test } from "vitest";
import { warmUp } from "../../src/commands/warm-up.ts";

test("every way is walked to its end: tools run, the graph is described, mistakes are explained", async () => {
  const told = (await warmUp()).map(({ status, body }) => [status, textOf(body)] as const);

  const [byName, byVariables, typed, aliased, write, unknown, lists, misspelt, type, introspection, ...rest] = told;
  for (const [status, text] of [byName!, byVariables!, typed!, aliased!, write!, lists!, type!, introspection!]) {
    expect(status).toBe(200);
    expect(text).not.toContain('"errors"');
    expect(text).not.toContain('"status":"ERROR"');
  }
  expect(unknown![1]).toContain("ROUTING_ERROR");
  expect(lists![1]).toContain("echo_text");
  expect(misspelt![1]).toContain("echoText");
  expect(introspection![1]).toContain("WarmUpQueries");
  expect(rest.map(([status]) => status)).toEqual([200, 200, 400, 404]);
});

function textOf(body: string | Uint8Array): string {
  return typeof body === "string" ? body : Buffer.from(body).toString("utf8");
}
