/** A stand-in Jira whose every incoming request is held against Atlassian's OpenAPI document and document schema. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { OpenAPIBackend, type Document } from "openapi-backend";
import jira from "../../../connectors/jira/index.ts";
import { CatalogueError } from "../../../src/index.ts";
import { basicCredential, noCredential } from "../../../src/outbound/authorizer.ts";
import { HttpUpstream } from "../../../src/outbound/http-upstream.ts";
import { Secret } from "../../../src/secrets/secret.ts";
import { openServer, type OpenedServer } from "../../support/open-server.ts";
import { sharedFolder } from "../../support/shared-data.ts";
import { startUpstream, type Answer, type ReceivedRequest, type Upstream } from "../../support/upstream.ts";
import { adfJudge } from "./adf/adf-schema.ts";

const shared = sharedFolder();
const contract =
  shared === undefined
    ? undefined
    : (JSON.parse(readFileSync(join(shared, "contracts/jira/jira-v3.planned.norm.json"), "utf8")) as Document);
const api =
  contract &&
  new OpenAPIBackend({ definition: contract, quick: true, ajvOpts: { strict: false, validateFormats: false } });
await api?.init();
const adfFault = adfJudge();

/** What is wrong with a request by the vendor's contract; nothing is, where the contract is not at hand. */
export function faultsOf(request: ReceivedRequest): string[] {
  if (!api) return [];
  const body: unknown = request.body === "" ? undefined : JSON.parse(request.body);
  const headers = request.headers as Record<string, string>;
  const found = { method: request.method, path: request.path, query: Object.fromEntries(request.query), headers, body };
  const operation = api.router.matchOperation(found);
  if (!operation) return [`${request.method} ${request.path} is not in the contract`];
  const { errors } = api.validateRequest(found, operation);
  return [
    ...(errors ?? []).map((error) => `${error.instancePath} ${error.message}`),
    ...documentsIn(body).flatMap((document) => adfFault?.(document) ?? []),
  ];
}

function documentsIn(value: unknown): unknown[] {
  if (typeof value !== "object" || value === null) return [];
  if ("type" in value && value.type === "doc") return [value];
  return Object.values(value).flatMap(documentsIn);
}

export const INSTANCE_URL = "https://example.atlassian.net";

export interface JiraUnderTest extends AsyncDisposable {
  readonly server: OpenedServer & {
    /** Runs the batch form of a tool; each answer is checked as the pipeline would, errors are left as they are. */
    batch(name: string, inputs: readonly unknown[]): Promise<readonly unknown[]>;
  };
  readonly upstream: Upstream;
  /** The body of a request as data. */
  sent(index: number): unknown;
}

/** Opens the connector on a stand-in; a request that breaks the contract is answered 500 with what is wrong. */
export async function startJira(
  respond: (request: ReceivedRequest) => Answer,
  config: Record<string, unknown> = {},
): Promise<JiraUnderTest> {
  const upstream = await startUpstream((request) => {
    const faults = config.apiVersion === undefined ? faultsOf(request) : [];
    return faults.length === 0
      ? respond(request)
      : { status: 500, json: { errorMessages: ["against contract", ...faults] } };
  });
  const server = await openServer(jira, {
    config: { instanceUrl: INSTANCE_URL, ...config },
    baseUrl: upstream.url,
    authorizer: basicCredential(new Secret("me@example.com"), new Secret("token")),
  });
  const http = new HttpUpstream({
    baseUrl: upstream.url,
    authorizer: noCredential,
    behaviour: jira.http,
    config: undefined,
  });
  const batch = async (name: string, inputs: readonly unknown[]) => {
    const tool = server.tool(name);
    const parsed = inputs
      .map((input) => tool.parseInput(input))
      .map((result) => (result.ok ? result.value : undefined));
    const signal = AbortSignal.timeout(10_000);
    const context = { requestId: "test-request", reportProgress: () => {} };
    const client = http.client({ signal, requestId: context.requestId });
    const answers = await tool.batch!.run({ inputs: parsed, http: client, signal, context });
    return answers.map((answer) => (answer instanceof CatalogueError ? answer : tool.parseOutput!(answer)));
  };
  return {
    server: Object.assign(server, { batch }),
    upstream,
    sent: (index) => JSON.parse(upstream.requests[index]!.body) as unknown,
    async [Symbol.asyncDispose]() {
      await http.close();
      await server[Symbol.asyncDispose]();
      await upstream[Symbol.asyncDispose]();
    },
  };
}
