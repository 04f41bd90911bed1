/** An API of a test's own: a server that serves its document and its operations, and the connector opened on it. */
import openapi from "../../../connectors/openapi/index.ts";
import { ApiDocument } from "../../../connectors/openapi/api-document.ts";
import { readTools } from "../../../connectors/openapi/read-tools.ts";
import type { Tool } from "../../../src/connector/tool.ts";
import { openServer, type OpenedServer } from "../../support/open-server.ts";
import { startUpstream, type Answer, type ReceivedRequest, type Upstream } from "../../support/upstream.ts";

export interface OpenedApi extends AsyncDisposable {
  readonly server: OpenedServer;
  readonly upstream: Upstream;
  /** Runs a tool and gives the request that arrived. */
  request(name: string, input: unknown): Promise<ReceivedRequest>;
}

/** A document of these paths; `more` goes into its root. */
export function documentOf(paths: object, more: object = {}): object {
  return { openapi: "3.1.0", info: { title: "Test", version: "1" }, servers: [{ url: "/" }], paths, ...more };
}

/** The only tool of a document with one operation. */
export function toolOf(operation: object, more: object = {}, path = "/things", method = "get"): Tool {
  return toolsOf(documentOf({ [path]: { [method]: { operationId: "it", ...operation } } }, more))[0]!;
}

export function toolsOf(document: unknown): Tool[] {
  return readTools(new ApiDocument(document));
}

export async function openApi(
  document: object,
  respond: (request: ReceivedRequest) => Answer = () => ({ json: {} }),
  config: Record<string, unknown> = {},
): Promise<OpenedApi> {
  const upstream = await startUpstream((request) =>
    request.path === "/openapi.json" ? { json: document } : respond(request),
  );
  const server = await openServer(openapi, {
    config: { document: `${upstream.url}/openapi.json`, ...config },
    baseUrl: upstream.url,
  });
  return {
    server,
    upstream,
    async request(name, input) {
      await server.run(name, input);
      return upstream.requests.at(-1)!;
    },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await upstream[Symbol.asyncDispose]();
    },
  };
}
