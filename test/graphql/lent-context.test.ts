/** The context of an operation is lent: whoever keeps it beyond the operation's end keeps nothing of the request. */
import { expect, test } from "vitest";
import type { GraphqlContext } from "../../src/http/graphql/graphql-context.ts";
import { LentContext } from "../../src/http/graphql/lent-context.ts";

const own = {
  caller: { id: "ann", roles: [], method: "api_key" },
  correlationId: "c-1",
  execute: (call: { readonly toolName: string }) => Promise.resolve(`ran ${call.toolName}`),
  readResult: ({ id }: { readonly id: string }) => `part of ${id}`,
} as unknown as GraphqlContext;

test("while it is lent, it is the request's own context", async () => {
  const lent = new LentContext(own);
  expect([lent.caller, lent.correlationId]).toEqual([own.caller, "c-1"]);
  await expect(lent.execute({ serverId: "s", toolName: "echo", input: {} })).resolves.toBe("ran echo");
  expect(lent.readResult({ id: "r-1" })).toBe("part of r-1");
});

test("taken back, it has neither the caller nor a way to run anything", () => {
  const lent = new LentContext(own);
  lent.takeBack();
  expect(() => lent.caller).toThrow("invariant");
  expect(() => lent.execute({ serverId: "s", toolName: "echo", input: {} })).toThrow("invariant");
});
