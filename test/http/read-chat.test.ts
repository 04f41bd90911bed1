/** The short way into a call takes nothing that the schema would not take, and makes of it what the schema would. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { CatalogueError } from "../../src/errors/catalogue-error.ts";
import { readChat } from "../../src/http/rest/read-chat.ts";
import { ChatRequestBody } from "../../src/http/rest/rest-schemas.ts";

const name = fc.oneof(
  fc.string(),
  fc.constantFrom(
    "",
    "a".repeat(64),
    "a".repeat(65),
    "a".repeat(256),
    "a".repeat(257),
    "😀".repeat(32),
    "😀".repeat(33),
  ),
  fc.jsonValue(),
);
const input = fc.oneof(fc.dictionary(fc.string(), fc.jsonValue()), fc.jsonValue());
const body = fc.oneof(
  fc.record({ server_id: name, tool_name: name, tool_input: input }, { requiredKeys: [] }),
  fc.record(
    { server_id: fc.constant("jira"), tool_name: fc.constant("get_issue"), tool_input: input, select: name },
    { requiredKeys: ["server_id", "tool_name"] },
  ),
  fc.jsonValue(),
);

test("whatever comes, it is read as the schema reads it", () => {
  fc.assert(
    fc.property(body, (value) => {
      // As it would arrive: keys such as __proto__ are the body's own.
      const arrived: unknown = JSON.parse(JSON.stringify(value));
      const expected = ChatRequestBody.safeParse(arrived);
      if (expected.success) expect(readChat(arrived)).toEqual(expected.data);
      else expect(() => readChat(arrived)).toThrow(CatalogueError);
    }),
    { numRuns: 2000 },
  );
});

test.each(["tool_input", "the body"])("a key __proto__ in %s is treated as the schema treats it", (place) => {
  const inner = `{"__proto__":{"polluted":true},"a":1}`;
  const call = `"server_id":"jira","tool_name":"get_issue"`;
  const arrived: unknown = JSON.parse(
    place === "tool_input" ? `{${call},"tool_input":${inner}}` : `{${call},"tool_input":{},"__proto__":{"select":"x"}}`,
  );
  const expected = ChatRequestBody.safeParse(arrived);
  if (expected.success) expect(readChat(arrived)).toEqual(expected.data);
  else expect(() => readChat(arrived)).toThrow(CatalogueError);
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});
