import { expect, test } from "vitest";
import { compileInput } from "../../src/validation/compile-input.ts";

test("each pattern of a schema is checked by itself: once they all were the first one that Ajv had seen", () => {
  const schema = compileInput({ properties: { channel: { pattern: "^C" }, user: { pattern: "^U" } } });
  expect(schema.parse({ channel: "C1", user: "U1" }).ok).toBe(true);
  expect(schema.parse({ channel: "U1", user: "U1" }).ok).toBe(false);
  expect(schema.parse({ channel: "C1", user: "C1" }).ok).toBe(false);
});
