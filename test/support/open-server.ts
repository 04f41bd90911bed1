/** Opens one configured server of a connector without the gateway around it, to try its tools on a real upstream. */
import { pino, type Logger } from "pino";
import type { Authorizer, Connector, ServerContext, ServerSession } from "../../src/connector/connector.ts";
import type { CallContext, Tool } from "../../src/connector/tool.ts";
import { CatalogueError } from "../../src/errors/catalogue-error.ts";
import { noCredential } from "../../src/outbound/authorizer.ts";
import { HttpUpstream } from "../../src/outbound/http-upstream.ts";

export interface OpenedServer extends AsyncDisposable {
  readonly session: ServerSession;
  tool(name: string): Tool;
  /** Validates the input, runs the tool and checks its output, as the pipeline would. */
  run(
    name: string,
    input: unknown,
    options?: { signal?: AbortSignal; context?: Partial<CallContext> },
  ): Promise<unknown>;
  /** Runs a tool that must fail and returns its catalogue error. */
  fail(
    name: string,
    input: unknown,
    options?: { signal?: AbortSignal; context?: Partial<CallContext> },
  ): Promise<CatalogueError>;
}

/**
 * @example
 * await using server = await openServer(slack, { baseUrl: upstream.url, authorizer: bearerCredential(new Secret("xoxb")) });
 * await server.run("send_message", { channel: "C1", text: "hi" });
 */
export async function openServer(
  connector: Connector,
  options: {
    config?: Record<string, unknown>;
    baseUrl?: string;
    authorizer?: Authorizer;
    timeoutMs?: number;
    toolsChanged?: () => void;
    statusChanged?: ServerContext["statusChanged"];
    log?: Logger;
  } = {},
): Promise<OpenedServer> {
  const config = connector.config.parse(options.config ?? {});
  const baseUrl = options.baseUrl ?? connector.baseUrl?.(config);
  const authorizer = options.authorizer ?? noCredential;
  const timeoutMs = options.timeoutMs ?? 10_000;
  const session = await connector.open({
    id: "under-test",
    name: "Under test",
    config,
    customParameters: {},
    ...(baseUrl !== undefined && { baseUrl }),
    authorizer,
    timeoutMs,
    baseFolder: process.cwd(),
    log: options.log ?? pino({ level: "silent" }),
    toolsChanged: options.toolsChanged ?? (() => {}),
    statusChanged: options.statusChanged ?? (() => {}),
  });
  const upstream = new HttpUpstream({
    baseUrl: baseUrl ?? "http://no-base-url.invalid",
    authorizer,
    behaviour: connector.http,
    config,
  });
  const tool = (name: string): Tool => {
    const found = session.tools.find((candidate) => candidate.name === name);
    if (!found) throw new Error(`no tool ${name}; there are ${session.tools.map((each) => each.name).join(", ")}`);
    return found;
  };
  const run: OpenedServer["run"] = async (name, input, call = {}) => {
    const found = tool(name);
    const parsed = found.parseInput(input);
    if (!parsed.ok) throw new CatalogueError("VALIDATION_ERROR", "invalid input", { details: parsed.problems });
    const signal = call.signal ?? AbortSignal.timeout(timeoutMs);
    const context: CallContext = { requestId: "test-request", reportProgress: () => {}, ...call.context };
    const output = await found.run({
      input: parsed.value,
      http: upstream.client({ signal, requestId: context.requestId }),
      signal,
      context,
    });
    return found.parseOutput ? found.parseOutput(output) : output;
  };
  return {
    session,
    tool,
    run,
    async fail(name, input, call) {
      try {
        await run(name, input, call);
      } catch (error) {
        if (error instanceof CatalogueError) return error;
        throw error;
      }
      throw new Error(`${name} was expected to fail`);
    },
    async [Symbol.asyncDispose]() {
      await session.close();
      await upstream.close();
    },
  };
}
