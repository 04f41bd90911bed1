/** A peer: Hive Gateway, before the supergraph that Mesh Compose makes of the upstream's OpenAPI document. */
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { startProgram, type Measured } from "../child.ts";
import { freePort } from "../free-port.ts";
import { inputOf } from "../job.ts";
import type { Variant } from "../shots.ts";

export const HIVE_GATEWAY: readonly string[] = [
  "@graphql-hive/gateway@2.15.1",
  "@graphql-mesh/compose-cli@1.8.2",
  "@omnigraph/openapi@0.112.4",
  "graphql@16.15.0",
];

const QUERY = `mutation Run($input: Need_Input) { lookup(input: $input) { items { id title status score } more } }`;

const string = { type: "string" };
const need = {
  type: "object",
  required: ["query"],
  properties: { query: string, limit: { type: "integer" }, tags: { type: "array", items: string } },
};
const item = { type: "object", properties: { id: string, title: string, status: string, score: { type: "number" } } };
const found = { type: "object", properties: { items: { type: "array", items: item }, more: { type: "boolean" } } };
const lookup = {
  operationId: "lookup",
  requestBody: {
    required: true,
    content: { "application/json": { schema: { $ref: "#/components/schemas/Need" } } },
  },
  responses: {
    200: {
      description: "What was found.",
      content: { "application/json": { schema: { $ref: "#/components/schemas/Found" } } },
    },
  },
};
const document = {
  openapi: "3.0.3",
  info: { title: "Lookup", version: "1.0.0" },
  paths: { "/lookup": { post: lookup } },
  components: { schemas: { Need: need, Found: found } },
};

/** Composes, starts it with compiled operations, and gives the variant with its process; it neither authenticates nor logs. */
export async function startHiveGateway(
  name: string,
  folder: string,
  upstream: string,
): Promise<Variant & { readonly process: Measured }> {
  writeFileSync(join(folder, "openapi.json"), JSON.stringify(document));
  writeFileSync(
    join(folder, "mesh.config.ts"),
    `import { loadOpenAPISubgraph } from "@omnigraph/openapi";
const sourceHandler = loadOpenAPISubgraph("lookup", { source: "./openapi.json", endpoint: "${upstream}" });
export const composeConfig = { subgraphs: [{ sourceHandler }] };
`,
  );
  const bin = (program: string) => join(folder, "node_modules/.bin", program);
  const supergraph = join(folder, "supergraph.graphql");
  const composed = spawnSync(process.execPath, [bin("mesh-compose"), "-o", supergraph], {
    cwd: folder,
    encoding: "utf8",
    timeout: 60_000,
  });
  if (composed.status !== 0) throw new Error(`mesh-compose: ${composed.error?.message ?? composed.stderr}`);

  const port = await freePort();
  const args = ["supergraph", supergraph, "--host", "127.0.0.1", "--port", String(port), "--jit"];
  const gateway = await startProgram(bin("hive-gateway"), args, port);
  const body = (connection: number) => JSON.stringify({ query: QUERY, variables: { input: inputOf(connection) } });
  return { name, url: gateway.url, path: "/graphql", body, children: [gateway], expects: "item-7", process: gateway };
}
