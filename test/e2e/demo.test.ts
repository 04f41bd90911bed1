/** The bundled demo: three real MCP servers, every tool of which can be called as its example says. */
import { rmSync } from "node:fs";
import { buildClientSchema, getIntrospectionQuery, parse, validate, type IntrospectionQuery } from "graphql";
import { afterAll, beforeAll, expect, test } from "vitest";
import { connectors } from "../../connectors/index.ts";
import { demoDocument } from "../../src/demo/demo-document.ts";
import { startGateway, type StartedGateway } from "../support/start-gateway.ts";

let gateway: StartedGateway;
const { document, folder } = demoDocument();
beforeAll(async () => {
  gateway = await startGateway({ ...(document as { servers: unknown[] }), connectors });
});
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

test("its three servers are ready", async () => {
  const { body } = await gateway.graphql("{ servers { id status toolCount } }");
  expect(body.data.servers.map(({ id, status }: { id: string; status: string }) => [id, status])).toEqual([
    ["memory", "READY"],
    ["files", "READY"],
    ["everything", "READY"],
  ]);
});

test("every tool's example is a valid operation, and none of its schema is lost without a word", async () => {
  const introspection = await gateway.graphql(getIntrospectionQuery());
  const schema = buildClientSchema(introspection.body.data as IntrospectionQuery);
  const { body } = await gateway.graphql(
    "{ tools(first: 500) { totalCount nodes { serverId name example signature } } }",
  );
  const { totalCount, nodes } = body.data.tools as {
    totalCount: number;
    nodes: { serverId: string; name: string; example: string; signature: string }[];
  };
  expect(totalCount).toBeGreaterThan(25);
  for (const { serverId, name, example, signature } of nodes) {
    expect(validate(schema, parse(example)), `${serverId} ${name}: ${example}`).toEqual([]);
    expect(signature).not.toBe("");
  }
});

test("three servers answer in one request, and what was written is read back", async () => {
  const written = await gateway.graphql(
    'mutation { memory { createEntities(entities: [{ name: "Ada", entityType: "person", observations: ["writes programs"] }]) { raw } } }',
  );
  expect(written.body.errors).toBeUndefined();
  const { body } = await gateway.graphql(
    '{ memory { searchNodes(query: "Ada") { raw } } files { listDirectory(path: ".") { raw } } }',
  );
  expect(body.errors).toBeUndefined();
  expect(JSON.stringify(body.data.memory)).toContain("writes programs");
  expect(JSON.stringify(body.data.files)).toContain("welcome.md");
});

test("the file server cannot be led out of its folder", async () => {
  const { body } = await gateway.rest({
    server_id: "files",
    tool_name: "read_text_file",
    tool_input: { path: "/etc/passwd" },
  });
  expect(body.status).toBe("error");
  expect(JSON.stringify(body)).not.toContain("root:");
});
