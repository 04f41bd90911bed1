/** Walks every way through the gateway before it is ready: code that never ran is slow, and its first caller holds up the others. */
import { randomBytes } from "node:crypto";
import { setImmediate as nextTurn } from "node:timers/promises";
import { getIntrospectionQuery } from "graphql";
import { pino } from "pino";
import { z } from "zod";
import { compose } from "../compose.ts";
import { checkDocument } from "../config/check-document.ts";
import { defineConnector } from "../connector/define-connector.ts";
import { fromWebRequest, type DoorRequest, type DoorResponse } from "../http/door-request.ts";
import { answerRest } from "../http/rest/answer-rest.ts";
import { Secret } from "../secrets/secret.ts";
import { compileInput } from "../validation/compile-input.ts";

const ID = "warm-up";
const TOOL = "echo_text";
/** The first takes most of what there is to gain; more of them delay the start. */
const ROUNDS = 2;

const inputSchema = {
  type: "object",
  required: ["text"],
  additionalProperties: false,
  properties: {
    text: { type: "string", minLength: 1, pattern: "^[a-z]+$", description: "Comes back." },
    page_size: { type: "integer", minimum: 1, maximum: 100 },
    status: { type: "string", enum: ["open", "closed"] },
    labels: { type: "array", items: { type: "string" } },
    range: { type: "object", properties: { from: { type: "string" } } },
  },
};

/** A server without anything behind it. */
const connector = defineConnector({
  type: "warm_up",
  title: "Warm-up",
  summary: "Echoes.",
  config: z.object({}),
  authentication: ["none"],
}).discover(async () => {
  const check = compileInput(inputSchema);
  return {
    tools: (["read", "write"] as const).map((effect) => ({
      name: effect === "read" ? TOOL : `${TOOL}_again`,
      description: "Echoes a text. It has no server.",
      effect,
      inputSchema,
      outputSchema: { type: "object", properties: { text: { type: "string" }, total: { type: "integer" } } },
      examples: [],
      diagnostics: [],
      parseInput: (input: unknown) => check.parse(input),
      run: async () => ({ text: "a", total: 1 }),
    })),
    close: async () => {},
  };
});

const fields = Array.from({ length: 20 }, (_, index) => `a${index}: echoText(text: "a") { text total raw }`).join(" ");

const operations: readonly { readonly query: string; readonly variables?: object }[] = [
  {
    query: `mutation { executeTool(serverId: "${ID}", toolName: "${TOOL}", input: { text: "a" }) { status output error { code message } } }`,
  },
  {
    query: `mutation Run($input: JSON) { executeTool(serverId: "${ID}", toolName: "${TOOL}", input: $input) { status output error { code } } }`,
    variables: { input: { text: "a", page_size: 3 } },
  },
  { query: `query Read($text: String!) { warmUp { echoText(text: $text) { text } } }`, variables: { text: "a" } },
  { query: `{ warmUp { ${fields} } }` },
  { query: `mutation { warmUp { echoTextAgain(text: "a", requestId: "1") { text } } }` },
  {
    query: `mutation { executeTool(serverId: "none", toolName: "none") { status error { code message suggestion } } }`,
  },
  {
    query: `{ viewer { id } servers { id status } tools(first: 5) { nodes { name signature example sdl } } searchTools(query: "send a text to someone") { tool { name } score matched } }`,
  },
  { query: `{ warmUp { ecoText(txet: "a") { txt } } }` },
  { query: `{ __type(name: "Query") { name fields { name } } }` },
  { query: getIntrospectionQuery() },
];

const calls: readonly object[] = [
  { server_id: ID, tool_name: TOOL, tool_input: { text: "a" } },
  { server_id: ID, tool_name: `${TOOL}_again`, tool_input: { text: "a" }, request_id: "1", select: "text" },
  { server_id: ID, tool_name: TOOL, tool_input: { txet: 1 } },
  { server_id: "none", tool_name: "none" },
];

/** On a gateway of its own: neither log nor metrics nor servers know of it. Gives what the last round was answered. */
export async function warmUp(): Promise<readonly DoorResponse[]> {
  const connectors = new Map([[connector.type, connector]]);
  const token = randomBytes(24).toString("base64url");
  const { registry, state, gateway, graphql } = compose({
    log: pino({ level: "silent" }),
    env: { NODE_ENV: "production" },
    developerToken: new Secret(token),
    connectors,
    host: "127.0.0.1",
  });
  const checked = checkDocument({ servers: [{ id: ID, type: connector.type }] }, connectors);
  if (!checked.ok) throw new Error("invariant: the warm-up has a configuration without faults");
  const { servers } = checked;
  await registry.apply({
    servers,
    gateway: checked.gateway,
    source: { file: ID, folder: process.cwd(), isDemo: false },
  });
  const asks = (path: string, body: object): DoorRequest =>
    fromWebRequest(
      new Request(`http://127.0.0.1${path}`, {
        method: "POST",
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        body: JSON.stringify(body),
      }),
    );
  let answers: (DoorResponse | undefined)[] = [];
  try {
    for (let round = 0; round < ROUNDS; round += 1) {
      answers = [];
      for (const operation of operations) {
        answers.push(await graphql.quick(asks("/graphql", operation), true));
        await nextTurn();
      }
      for (const call of calls) {
        answers.push(await answerRest(gateway, asks("/api/v1/mcp/chat", call), true));
        await nextTurn();
      }
    }
    return answers.filter((answer) => answer !== undefined);
  } finally {
    await registry.close();
    await state.close();
  }
}
