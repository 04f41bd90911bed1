/** GraphQL over HTTP as its specification asks, against the listening gateway with every plugin on, on both paths through it. */
import { serverAudits } from "graphql-http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { catalogue } from "../../src/errors/catalogue.ts";
import type { GraphqlBody } from "../support/start-gateway.ts";
import { openShop, type OpenedShop } from "../e2e/open-shop.ts";

const TOKEN = "token-of-the-audit";
/** The audits of graphql-http 1.23: fewer would mean that some were left out. */
const AUDITS = 61;

let opened: OpenedShop;
beforeAll(async () => {
  opened = await openShop({ developerToken: TOKEN });
});
afterAll(() => opened[Symbol.asyncDispose]());

const audits = serverAudits({
  url: () => `${opened.gateway.url}/graphql`,
  fetchFn: (url: string, init: RequestInit = {}) => {
    const headers = new Headers(init.headers);
    headers.set("authorization", `Bearer ${TOKEN}`);
    return fetch(url, { ...init, headers });
  },
});

describe("the official audits", () => {
  test("are all here", () => {
    expect(audits).toHaveLength(AUDITS);
  });

  test.each(audits)("$id $name", async (audit) => {
    const result = await audit.fn();
    expect(result.status, "reason" in result ? result.reason : undefined).toBe("ok");
  });
});

describe("both paths", () => {
  const operations: Record<string, object> = {
    "a query": { query: "{ viewer { id roles } }" },
    "a query with variables": {
      query: "query Find($id: ID!) { server(id: $id) { id status toolCount } }",
      variables: { id: "shop" },
    },
    "one of several operations": {
      query: "query A { viewer { id } } query B { servers { id } }",
      operationName: "B",
    },
    "several operations and no name": { query: "query A { viewer { id } } query B { servers { id } }" },
    "a name that no operation has": { query: "query A { viewer { id } }", operationName: "C" },
    "a typed field": { query: '{ shop { getItem(itemId: "1") { itemId name inStock } } }' },
    "a failing typed field beside a good one": {
      query: '{ shop { bad: getItem(itemId: "status-404") { name } good: getItem(itemId: "1") { name } } }',
    },
    "an argument that is refused": { query: "{ tools(first: 100000) { totalCount } }" },
    "a list of an unknown server": { query: '{ tools(serverId: "none") { totalCount } }' },
    "a syntax error": { query: "{ viewer {" },
    "an unknown field": { query: "{ viewer { name } }" },
    "a missing variable": { query: "query Find($id: ID!) { server(id: $id) { id } }" },
    "a variable of the wrong type": {
      query: "query Find($first: Int!) { tools(first: $first) { totalCount } }",
      variables: { first: "many" },
    },
    "too deep": { query: `{ servers ${"{ tools { nodes ".repeat(7)} { name } ${"} }".repeat(7)} }` },
    "a fragment and a directive": {
      query: "query Q($no: Boolean!) { viewer { ...V roles @skip(if: $no) } } fragment V on Viewer { id __typename }",
      variables: { no: true },
    },
    introspection: { query: "{ __schema { queryType { name } mutationType { name } } }" },
    "no query": { variables: {} },
    "variables that are a list": { query: "{ viewer { id } }", variables: [] },
    "null variables and extensions": { query: "{ viewer { id } }", variables: null, extensions: null },
  };

  test.each(Object.entries(operations))("%s is answered alike", async (_, operation) => {
    // The path parameter of the media type leads to Yoga's own negotiation; the plain one to the short path.
    for (const mediaType of ["application/json", "application/graphql-response+json"]) {
      const short = await post(operation, mediaType);
      const yoga = await post(operation, `${mediaType};q=0.9`);
      expect(yoga).toEqual(short);
      for (const { extensions } of short.errors ?? []) {
        expect(Object.keys(catalogue)).toContain(extensions.code);
        expect(extensions).not.toHaveProperty("http");
      }
    }
  });

  async function post(operation: object, accept: string) {
    const response = await fetch(`${opened.gateway.url}/graphql`, {
      method: "POST",
      headers: {
        accept,
        authorization: `Bearer ${TOKEN}`,
        "content-type": "application/json",
        "x-request-id": "both-paths",
      },
      body: JSON.stringify(operation),
    });
    const { status, headers } = response;
    const { data, errors } = (await response.json()) as GraphqlBody;
    return { status, type: headers.get("content-type"), id: headers.get("x-request-id"), data, errors };
  }
});
