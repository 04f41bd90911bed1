import { describe, expect, it } from "vitest";
import openapi from "../../../connectors/openapi/index.ts";
import { startGateway, type StartedGateway } from "../../support/start-gateway.ts";
import { startUpstream, type Answer, type ReceivedRequest, type Upstream } from "../../support/upstream.ts";
import { documentOf } from "./open-api.ts";

const Pet = {
  type: "object",
  required: ["id", "name"],
  properties: {
    id: { type: "integer", format: "int64", readOnly: true },
    name: { type: "string" },
    tag_names: { type: "array", items: { type: "string" } },
    parent: { $ref: "#/components/schemas/Pet" },
  },
};
const json = (schema: object) => ({ content: { "application/json": { schema } } });
const ref = { $ref: "#/components/schemas/Pet" };
const id = { name: "pet_id", in: "path", required: true, schema: { type: "integer", format: "int64" } };
const document = documentOf(
  {
    "/pets": {
      get: {
        operationId: "listPets",
        summary: "List pets",
        parameters: [{ name: "tags", in: "query", schema: { type: "array", items: { type: "string" } } }],
        responses: { 200: json({ type: "array", items: ref }) },
      },
      post: {
        operationId: "addPet",
        summary: "Add a pet",
        requestBody: { ...json(ref), required: true },
        responses: { 201: json(ref) },
      },
    },
    "/pets/{pet_id}": {
      get: { operationId: "getPet", summary: "Get a pet", parameters: [id], responses: { 200: json(ref) } },
      delete: { operationId: "deletePet", summary: "Delete a pet", parameters: [id], responses: { 204: {} } },
    },
    "/report": {
      get: {
        operationId: "report",
        summary: "A report",
        responses: { 200: { content: { "text/csv": { schema: { type: "string" } } } } },
      },
    },
  },
  { components: { schemas: { Pet } } },
);

const pet = { id: 2 ** 53 - 1, name: "Rex", tag_names: ["a", "b"], parent: { id: 1, name: "Ada" } };

function answer({ method, path, headers, body }: ReceivedRequest): Answer {
  if (path === "/openapi.json") return { json: document };
  if (headers.authorization !== "Bearer the-secret") return { status: 401, json: { message: "No token, no pets." } };
  if (path === "/report") return { text: "a,b\n1,2", headers: { "content-type": "text/csv" } };
  if (method === "DELETE") return { status: 204 };
  if (method === "POST") return { status: 201, json: { ...(JSON.parse(body) as object), id: 7 } };
  if (path === "/pets") return { json: [pet] };
  if (path === "/pets/404") return { status: 404, json: { errors: [{ message: "There is no pet 404." }] } };
  if (path === "/pets/500") return { status: 500, text: "<html>oops</html>" };
  if (path === "/pets/200") return { text: "<html>log in</html>", headers: { "content-type": "text/html" } };
  return { json: pet };
}

async function start(server: object = {}): Promise<AsyncDisposable & { gateway: StartedGateway; upstream: Upstream }> {
  const upstream = await startUpstream(answer);
  const gateway = await startGateway({
    connectors: new Map([[openapi.type, openapi]]),
    env: { TOKEN: "the-secret" },
    servers: [
      {
        id: "pets",
        type: "openapi",
        authentication: { method: "bearer_token", tokenRef: "TOKEN" },
        server_specific_config: { document: `${upstream.url}/openapi.json` },
        retry_policy: { max_attempts: 1, backoff_ms: 1 },
        ...server,
      },
    ],
  });
  return {
    gateway,
    upstream,
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]();
      await upstream[Symbol.asyncDispose]();
    },
  };
}

describe("an API in the gateway, served where its document comes from", () => {
  it("is typed in GraphQL, reads as queries and writes as mutations", async () => {
    await using shop = await start();
    const { body: read } = await shop.gateway.graphql(
      '{ pets { getPet(petId: 5) { id name tagNames parent { name } } listPets(tags: ["x", "y z"]) { items { name } } } }',
    );
    expect(read.errors).toBeUndefined();
    expect(read.data).toEqual({
      pets: {
        getPet: { id: pet.id, name: "Rex", tagNames: ["a", "b"], parent: { name: "Ada" } },
        listPets: { items: [{ name: "Rex" }] },
      },
    });
    const { body: written } = await shop.gateway.graphql(
      'mutation { pets { addPet(body: {name: "Kim", tagNames: ["t"]}) { id tagNames raw } deletePet(petId: 7) { raw } } }',
    );
    expect(written.data).toEqual({
      pets: {
        addPet: { id: 7, tagNames: ["t"], raw: { id: 7, name: "Kim", tag_names: ["t"] } },
        deletePet: { raw: { status: 204 } },
      },
    });
    const sent = shop.upstream.requests.slice(1).map(({ method, url, body }) => `${method} ${url} ${body}`.trim());
    expect(new Set(sent)).toEqual(
      new Set([
        "GET /pets/5",
        "GET /pets?tags=x&tags=y%20z",
        'POST /pets {"name":"Kim","tag_names":["t"]}',
        "DELETE /pets/7",
      ]),
    );
  });

  it("answers over REST, and a result that is not JSON as its text", async () => {
    await using shop = await start();
    const { body } = await shop.gateway.rest({ server_id: "pets", tool_name: "report", tool_input: {} });
    expect(body.tool_output).toEqual({ status: 200, text: "a,b\n1,2" });
    const { body: wrong } = await shop.gateway.rest({
      server_id: "pets",
      tool_name: "getPet",
      tool_input: { pet_id: "x", petId: 1 },
    });
    expect(wrong.error).toMatchObject({
      code: "VALIDATION_ERROR",
      details: expect.arrayContaining([expect.objectContaining({ path: "pet_id" })]),
    });
    expect(shop.upstream.requests).toHaveLength(2);
  });

  it.each([
    [
      404,
      {
        code: "MCP_CLIENT_ERROR",
        mcp_server_status_code: 404,
        message: "The server answered 404: There is no pet 404.",
      },
    ],
    [500, { code: "MCP_SERVER_ERROR", mcp_server_status_code: 500 }],
    [200, { code: "DATA_TRANSFORMATION_ERROR", message: expect.stringContaining("HTML") as unknown }],
  ])("reports a failure of kind %i in its own words", async (pet_id, error) => {
    await using shop = await start();
    const { body } = await shop.gateway.rest({ server_id: "pets", tool_name: "getPet", tool_input: { pet_id } });
    expect(body.error).toMatchObject(error);
  });

  it("says that its credential is refused, and never what it is", async () => {
    await using shop = await start({ authentication: { method: "none" } });
    const { body, text } = await shop.gateway.rest({
      server_id: "pets",
      tool_name: "getPet",
      tool_input: { pet_id: 1 },
    });
    expect(body.error).toMatchObject({
      code: "MCP_AUTHENTICATION_FAILURE",
      message: "The server answered 401: No token, no pets.",
    });
    expect(text).not.toContain("the-secret");
  });

  it("has its requests go to base_url where that is configured", async () => {
    await using other = await startUpstream(() => ({ json: pet }));
    await using shop = await start({ base_url: `${other.url}/v9` });
    await shop.gateway.rest({ server_id: "pets", tool_name: "getPet", tool_input: { pet_id: 1 } });
    expect(other.requests.map(({ url }) => url)).toEqual(["/v9/pets/1"]);
    expect(shop.upstream.requests.map(({ url }) => url)).toEqual(["/openapi.json"]);
  });

  it("can have a POST that only reads declared as one", async () => {
    await using shop = await start({
      tool_overrides: { addPet: { effect: "read" }, deletePet: { is_enabled: false } },
    });
    const { body } = await shop.gateway.graphql('{ pets { addPet(body: {name: "Kim"}) { name } } }');
    expect(body.data).toEqual({ pets: { addPet: { name: "Kim" } } });
  });

  it("with a configuration that is none is refused in words", async () => {
    await using shop = await start();
    const broken = { id: "x", type: "openapi", server_specific_config: { documents: "x", include: [] } };
    await expect(shop.gateway.apply({ servers: [broken] })).rejects.toThrow(/document/);
  });
});
