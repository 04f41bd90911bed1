/** Every GraphQL operation in the documentation fits the graph; those of the demo's servers run and answer what is said. */
import {
  buildClientSchema,
  getIntrospectionQuery,
  parse,
  validate,
  type GraphQLSchema,
  type IntrospectionQuery,
} from "graphql";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { StartedGateway } from "../support/start-gateway.ts";
import { startWithAllServers, VENDORS } from "./all-servers.ts";
import { blocksIn } from "./documents.ts";

let gateway: StartedGateway;
let schema: GraphQLSchema;

beforeAll(async () => {
  gateway = await startWithAllServers();
  const { body } = await gateway.graphql(getIntrospectionQuery());
  schema = buildClientSchema(body.data as IntrospectionQuery);
});
afterAll(() => gateway?.[Symbol.asyncDispose]());

const operations = blocksIn("graphql");

test.each(operations)("the operation at $title fits the graph", ({ text }) => {
  expect(validate(schema, parse(text)).map(({ message }) => message)).toEqual([]);
});

/** Operations that need no vendor, no variables, and end. */
const runnable = operations.filter(
  ({ text }) => !VENDORS.test(text) && !text.includes("$") && !text.startsWith("subscription"),
);

test.each(runnable)("the operation at $title runs", async ({ text, answer }) => {
  const { body } = await gateway.graphql(text);
  if (answer === undefined) expect(body.errors).toBeUndefined();
  else expect(body).toMatchObject(JSON.parse(answer) as object);
});
