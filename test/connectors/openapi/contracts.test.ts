/** Real documents of vendors, each operation called over HTTP; another library judges the requests by the same document. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { OpenAPIBackend, type Document } from "openapi-backend";
import { parse } from "yaml";
import { describe, expect, test } from "vitest";
import { anyValue, chance } from "../../../bench/openapi/any-value.ts";
import openapi from "../../../connectors/openapi/index.ts";
import { translateTool } from "../../../schema/translate/index.ts";
import type { Tool } from "../../../src/connector/tool.ts";
import { openServer } from "../../support/open-server.ts";
import { sharedFolder } from "../../support/shared-data.ts";
import { startUpstream, type ReceivedRequest } from "../../support/upstream.ts";

const shared = sharedFolder();

/** Documents with the number of their operations. */
const contracts: [file: string, operations: number, include?: string[]][] = [
  ["jira/jira-v3.planned.norm.json", 33],
  ["asana/asana_oas.yaml", 27, ["tag:Tasks"]],
  ["salesforce/salesforce-v64.merged.openapi.json", 27],
  ["tavily/tavily.openapi.json", 9],
  ["google-cse/customsearch.openapi.json", 2],
  ["brave/brave-search-api.api-evangelist.yml", 9],
];

/** The judge stumbles over `nullable` without a type or without null among the values, passes over operations without an id, and reads no objects in a query. */
async function judgeOf(document: object): Promise<(request: ReceivedRequest) => string[]> {
  const definition = JSON.parse(JSON.stringify(document), (_, value: unknown) => {
    if (typeof value !== "object" || value === null || !("nullable" in value)) return value;
    if (!("type" in value)) return { anyOf: [{ ...value, nullable: undefined }, { enum: [null] }] };
    return "enum" in value && Array.isArray(value.enum)
      ? { ...value, enum: [...new Set([...(value.enum as unknown[]), null])] }
      : value;
  }) as Document;
  for (const [path, item] of Object.entries(definition.paths ?? {})) {
    for (const [method, operation] of Object.entries(item ?? {})) {
      if (typeof operation === "object" && !Array.isArray(operation))
        Object.assign(operation, { operationId: `${method} ${path}` });
    }
  }
  const api = new OpenAPIBackend({ definition, quick: true, ajvOpts: { strict: false, validateFormats: false } });
  await api.init();
  return (request) => {
    const isJson = request.headers["content-type"]?.includes("json") === true;
    const query: Record<string, string | string[]> = {};
    for (const name of request.query.keys())
      query[name] = request.query.getAll(name).length > 1 ? request.query.getAll(name) : request.query.get(name)!;
    const found = {
      method: request.method,
      path: request.path,
      query,
      headers: request.headers as Record<string, string>,
      body: request.body === "" ? undefined : isJson ? (JSON.parse(request.body) as unknown) : request.body,
    };
    const operation = api.router.matchOperation(found);
    if (!operation) return [`${request.method} ${request.path} is not in the contract`];
    if (request.body !== "" && !isJson) return [];
    const errors = (api.validateRequest(found, operation).errors ?? []).filter(
      ({ instancePath, message }) => !(instancePath.startsWith("/query/") && message === "must be object"),
    );
    return errors.map((error) => `${error.instancePath} ${error.message}`);
  };
}

/** The least that a tool takes, and a few inputs with more in them. */
function inputsOf(tool: Tool): unknown[] {
  const random = chance(tool.name.length * 7919);
  const made = Array.from({ length: 8 }, () => anyValue(tool.inputSchema, random));
  return [translateTool(tool, { prefix: "Test" }).sampleInput(), ...made].filter((input) => tool.parseInput(input).ok);
}

describe.skipIf(!shared)("every operation of a vendor's document (needs TOOLGRAPH_SHARED)", () => {
  test.each(contracts)(
    "of %s sends what the document asks for",
    async (file, operations, include) => {
      const path = join(shared!, "contracts", file);
      const judge = await judgeOf(parse(readFileSync(path, "utf8")) as object);
      const faults: string[] = [];
      await using upstream = await startUpstream((request) => {
        faults.push(
          ...judge(request).map((fault) => `${request.method} ${request.url} ${request.body.slice(0, 300)}: ${fault}`),
        );
        return { json: {} };
      });
      await using server = await openServer(openapi, { config: { document: path, include }, baseUrl: upstream.url });
      const { tools } = server.session;
      expect(tools.length).toBe(operations);
      let sent = 0;
      for (const tool of tools) {
        for (const input of inputsOf(tool)) {
          await server
            .run(tool.name, input)
            .catch((error) =>
              faults.push(`${tool.name}: ${(error as Error).message} ${JSON.stringify(input).slice(0, 200)}`),
            );
          sent++;
        }
      }
      expect(faults).toEqual([]);
      expect(upstream.requests.length).toBe(sent);
      expect(sent).toBeGreaterThan(operations);
    },
    120_000,
  );
});

test.skipIf(!shared)(
  "Slack's Swagger 2.0 document gives its methods, posted as forms (needs TOOLGRAPH_SHARED)",
  async () => {
    const document = join(shared!, "contracts/slack/slack_web_openapi_v2.json");
    await using upstream = await startUpstream(() => ({ json: { ok: true, channel: "C1" } }));
    await using server = await openServer(openapi, {
      config: { document, include: ["tag:chat"] },
      baseUrl: upstream.url,
    });
    expect(server.session.baseUrl).toBe(upstream.url);
    expect(server.session.tools.length).toBeGreaterThan(5);
    const blocks = JSON.stringify([{ type: "divider" }]);
    const input = { token: "xoxb", body: { channel: "C1", text: "a & b", blocks } };
    expect(await server.run("chat_postMessage", input)).toEqual({ ok: true, channel: "C1" });
    const [request] = upstream.requests;
    expect([request?.path, request?.headers.token]).toEqual(["/chat.postMessage", "xoxb"]);
    expect(Object.fromEntries(new URLSearchParams(request?.body))).toEqual(input.body);
    expect((await server.fail("chat_postMessage", { token: "xoxb", body: { text: "to nobody" } })).code).toBe(
      "VALIDATION_ERROR",
    );
  },
);
