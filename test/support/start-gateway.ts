/** A whole gateway from a configuration document, listening on loopback, with the two doors as a caller finds them. */
import { checkDocument } from "../../src/config/check-document.ts";
import type { Connectors } from "../../src/config/check-server.ts";
import { compose, type Composed } from "../../src/compose.ts";
import type { Settings } from "../../src/config/settings.ts";
import { serve } from "../../src/http/serve.ts";
import { Secret } from "../../src/secrets/secret.ts";
import { CallLog } from "../../src/telemetry/call-log.ts";
import { createLogger } from "../../src/telemetry/logger.ts";

export interface HttpAnswer<Body = unknown> {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: Body;
}

export interface GraphqlBody {
  // oxlint-disable-next-line typescript/no-explicit-any -- the shape is the test's own query
  readonly data?: any;
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: readonly (string | number)[];
    readonly extensions: Record<string, unknown>;
  }[];
}

// oxlint-disable-next-line typescript/no-explicit-any -- each test knows which answer it asked for
export type RestBody = any;

export interface StartedGateway extends AsyncDisposable {
  readonly url: string;
  readonly composed: Composed;
  /** `POST /api/v1/mcp/chat`. */
  rest(body: unknown, headers?: Record<string, string>): Promise<HttpAnswer<RestBody>>;
  /** `POST …/servers/{server_id}/tools/{tool_name}`. */
  restByPath(
    serverId: string,
    toolName: string,
    input: unknown,
    headers?: Record<string, string>,
    query?: string,
  ): Promise<HttpAnswer<RestBody>>;
  get(path: string, headers?: Record<string, string>): Promise<HttpAnswer<RestBody>>;
  /** `POST /graphql`. */
  graphql(
    query: string,
    variables?: Record<string, unknown>,
    headers?: Record<string, string>,
  ): Promise<HttpAnswer<GraphqlBody>>;
  /** Replaces the configuration, as a changed file would. */
  apply(document: unknown): Promise<void>;
  /** Everything that was logged, a parsed line each. */
  logLines(): Record<string, unknown>[];
}

export interface StartGatewayOptions {
  readonly servers: readonly unknown[];
  readonly gateway?: Record<string, unknown>;
  readonly connectors?: Connectors;
  readonly env?: Record<string, string>;
  /** The credential sent unless a test gives another; its caller is `developer` with the role `developer`. */
  readonly developerToken?: string;
  /** Sees each answer of the REST door, for example to hold it against the OpenAPI document. */
  readonly onRestAnswer?: (method: string, path: string, answer: HttpAnswer) => void;
}

/**
 * @example
 * await using gateway = await startGateway({ servers: [{ id: "shop", type: "shop", base_url: upstream.url }], connectors });
 * const { body } = await gateway.rest({ server_id: "shop", tool_name: "get_item", tool_input: { item_id: "1" } });
 */
export async function startGateway(options: StartGatewayOptions): Promise<StartedGateway> {
  const token = options.developerToken ?? "developer-token-of-the-tests";
  const lines: Record<string, unknown>[] = [];
  const settings = settingsOf(options, { servers: options.servers, gateway: options.gateway ?? {} });
  const log = createLogger({
    level: settings.gateway.logging.level,
    redact: settings.gateway.logging.redact,
    destination: {
      write: (written) => {
        const all = written.trimEnd().split("\n");
        lines.push(...all.map((line) => JSON.parse(line) as Record<string, unknown>));
      },
    },
  });
  const composed = compose({
    log,
    callLog: new CallLog(log, settings.gateway.logging.redact),
    env: options.env ?? {},
    developerToken: new Secret(token),
    host: "127.0.0.1",
    ...(options.connectors && { connectors: options.connectors }),
  });
  const listening = await serve({ ...composed, host: "127.0.0.1", port: 0 });
  await composed.registry.apply(settings);

  const ask = async (method: string, path: string, headers: Record<string, string>, body?: string) => {
    const isSigned = Object.keys(headers).some((name) => /^(authorization|x-api-key)$/i.test(name));
    const response = await fetch(listening.url + path, {
      method,
      headers: { ...(!isSigned && { authorization: `Bearer ${token}` }), ...headers },
      ...(body !== undefined && { body }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, body: jsonOr(text) as never };
  };
  const askRest = async (method: string, path: string, headers: Record<string, string> = {}, body?: string) => {
    const answer = await ask(method, path, { "content-type": "application/json", ...headers }, body);
    options.onRestAnswer?.(method, path, answer);
    return answer;
  };
  return {
    url: listening.url,
    composed,
    rest: (body, headers) => askRest("POST", "/api/v1/mcp/chat", headers, textOf(body)),
    restByPath: (serverId, toolName, input, headers, query = "") =>
      askRest(
        "POST",
        `/api/v1/mcp/servers/${encodeURIComponent(serverId)}/tools/${encodeURIComponent(toolName)}${query}`,
        headers,
        textOf(input),
      ),
    get: (path, headers) => askRest("GET", path, headers),
    graphql: (query, variables, headers) =>
      ask("POST", "/graphql", { "content-type": "application/json", ...headers }, JSON.stringify({ query, variables })),
    async apply(document) {
      await composed.registry.apply(settingsOf(options, document));
    },
    logLines: () => lines,
    async [Symbol.asyncDispose]() {
      await listening.close(1_000);
      await composed.registry.close();
      await composed.state.close();
      await composed.tracer?.close();
    },
  };
}

function settingsOf(options: StartGatewayOptions, document: unknown): Settings {
  const checked = checkDocument(document, options.connectors ?? new Map(), "127.0.0.1");
  if (!checked.ok) throw new Error(`the test's configuration has faults: ${JSON.stringify(checked.faults)}`);
  const source = { file: "test", folder: process.cwd(), isDemo: false };
  return { servers: checked.servers, gateway: checked.gateway, source };
}

/** A text is sent as it is, so that a test can send what is not JSON. */
function textOf(body: unknown): string {
  return typeof body === "string" ? body : JSON.stringify(body);
}

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
