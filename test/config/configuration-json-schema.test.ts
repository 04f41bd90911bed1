import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { configurationJsonSchema } from "../../src/config/configuration-json-schema.ts";
import { configurationReference } from "../../src/config/configuration-reference.ts";
import { connectors } from "./config-folder.ts";
import { exampleFile } from "./example-file.ts";

const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(configurationJsonSchema(connectors));

test("editors accept the documented example, as an object and as a bare list", () => {
  const example = parse(exampleFile) as { servers: unknown[] };
  expect(validate(example), JSON.stringify(validate.errors)).toBe(true);
  expect(validate(example.servers), JSON.stringify(validate.errors)).toBe(true);
});

test.each([
  [
    "the older spellings",
    { id: "a", type: "asana", enabled: true, auth_details: { method: "bearer_token", token_secret_name: "T" } },
  ],
  [
    "a secret reference in a connector's own part",
    { id: "a", type: "mcp", server_specific_config: { command: "npx", env: { T: { ref: "env:T" } } } },
  ],
])("editors accept %s", (_, server) => {
  expect(validate([server]), JSON.stringify(validate.errors)).toBe(true);
});

test.each([
  ["an unknown key", { id: "a", type: "mcp", nmae: "x" }],
  ["an unknown type", { id: "a", type: "mpc" }],
  ["an id with spaces", { id: "a b", type: "mcp" }],
  ["an unknown key of a connector's own part", { id: "a", type: "mcp", server_specific_config: { comand: "npx" } }],
  [
    "a method the server type does not take",
    { id: "a", type: "mcp", authentication: { method: "pat", tokenRef: "T" } },
  ],
  ["a missing field of a method", { id: "a", type: "asana", authentication: { method: "pat" } }],
])("editors mark %s", (_, server) => {
  expect(validate([server])).toBe(false);
});

test("the reference names every key of the documented example with its meaning", () => {
  const lines = configurationReference(connectors).split("\n");
  const described = new Map(
    lines
      .filter((line) => line.startsWith("| `"))
      .map((line) => [/`([^`]+)`/.exec(line)![1]!, line.split("|").at(-2)!.trim()]),
  );
  const { servers, gateway } = parse(exampleFile) as {
    servers: [Record<string, object>];
    gateway: Record<string, object>;
  };
  const keys = [
    ...Object.keys(servers[0]),
    ...Object.keys(gateway),
    ...Object.keys(gateway.limits!).map((key) => `limits.${key}`),
  ];
  for (const key of keys) expect(described.get(key), key).toMatch(/\.$/);
});

test("the reference says what each server type takes of its own", () => {
  const reference = configurationReference(connectors);
  expect(reference).toContain("## `server_specific_config` of `jira`");
  expect(reference).toContain('| `apiVersion` | string | `"3"` |');
});
