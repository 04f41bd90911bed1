/** The API a connector author writes against: `defineConnector` for the server type, `.tool` for each tool of it. */
import type { z } from "zod";
import type { CatalogueError } from "../errors/catalogue-error.ts";
import type {
  ApiKeyPlace,
  AuthenticationMethod,
  Connector,
  HttpBehaviour,
  ServerContext,
  ServerSession,
} from "./connector.ts";
import type { HttpClient } from "./http-client.ts";
import type { CallContext, Effect, Tool } from "./tool.ts";
import { toolFromSpec } from "./tool-from-spec.ts";

export interface ConnectorSpec<C extends z.ZodObject, S> {
  /** The `type` of servers in the configuration; also the graph's namespace. */
  readonly type: string;
  readonly title: string;
  readonly summary: string;
  /** Vendor pages the connector was written from. */
  readonly sources?: readonly string[];
  /** Shape of `server_specific_config`. */
  readonly config: C;
  readonly authentication: readonly AuthenticationMethod[];
  /** Where an API key goes when the configuration names neither header nor query parameter. */
  apiKeyPlace?(config: z.output<C>): ApiKeyPlace;
  /** The vendor's address; the server's `base_url` wins over it. */
  baseUrl?(config: z.output<C>): string | undefined;
  readonly http?: HttpBehaviour<z.output<C>>;
  /** Other names its tools answer to: alias → tool. A server's `tool_mapping` wins. */
  readonly aliases?: Readonly<Record<string, string>>;
  /** Made once for each server and handed to every call: caches, resolved ids. */
  setUp?(server: ServerContext<z.output<C>>): S;
}

export interface ToolCallOf<I, C, S> {
  /** The input, valid, defaults filled in. */
  readonly input: I;
  readonly http: HttpClient;
  readonly signal: AbortSignal;
  readonly context: CallContext;
  /** The server's own configuration. */
  readonly config: C;
  /** What `setUp` made for this server. */
  readonly shared: S;
}

export interface ToolSpec<C, S, I extends z.ZodObject, O extends z.ZodType> {
  /** snake_case, stable: callers depend on it. */
  readonly name: string;
  readonly title?: string;
  /** One sentence: what it does. */
  readonly summary: string;
  /** When to choose it. */
  readonly useWhen?: string;
  /** What to use instead: purpose → tool name. */
  readonly insteadUse?: Readonly<Record<string, string>>;
  readonly effect: Effect;
  readonly input: I;
  readonly output: O;
  /** Run as tests and shown in discovery. */
  readonly examples: readonly { readonly title?: string; readonly input: z.input<I>; readonly output?: z.input<O> }[];
  /** Milliseconds a result of a read may be served again. */
  readonly cacheTtlMs?: number;
  /** The vendor honours an idempotency key for this write. */
  readonly idempotent?: boolean;
  /** Answers many inputs by one upstream request, in their order. */
  readonly batch?: {
    readonly maxSize: number;
    run(
      call: Omit<ToolCallOf<never, C, S>, "input"> & { readonly inputs: readonly z.output<I>[] },
    ): readonly (z.input<O> | CatalogueError)[] | Promise<readonly (z.input<O> | CatalogueError)[]>;
  };
  run(call: ToolCallOf<z.output<I>, C, S>): Promise<z.input<O>> | z.input<O>;
}

/** A tool bound to its connector but not yet to a server. */
export interface DefinedTool<C, S> {
  readonly name: string;
  bind(server: { readonly config: C; readonly shared: S }): Tool;
}

export interface ConnectorDefinition<C extends z.ZodObject, S> {
  /** Defines one tool; types of input, output, config and shared state are inferred. */
  tool<I extends z.ZodObject, O extends z.ZodType>(spec: ToolSpec<z.output<C>, S, I, O>): DefinedTool<z.output<C>, S>;
  /** The connector with the tools it offers. */
  connect(tools: readonly DefinedTool<z.output<C>, S>[]): Connector;
  /** The connector whose tools are found when a server is opened. */
  discover(open: (server: ServerContext<z.output<C>>) => Promise<ServerSession>): Connector;
}

/**
 * Defines a server type.
 *
 * @example
 * export const echo = defineConnector({ type: "echo", title: "Echo", summary: "Says it back.",
 *   config: z.object({}), authentication: ["none"], baseUrl: () => "https://echo.example" });
 * export const say = echo.tool({ name: "say", summary: "Says it back.", effect: "read",
 *   input: z.object({ text: z.string() }), output: z.object({ text: z.string() }), examples: [],
 *   run: async ({ input, http }) => (await http.post("/say", { json: input })).as(z.object({ text: z.string() })) });
 * export default echo.connect([say]);
 */
export function defineConnector<C extends z.ZodObject, S = undefined>(
  spec: ConnectorSpec<C, S>,
): ConnectorDefinition<C, S> {
  const base = {
    type: spec.type,
    title: spec.title,
    summary: spec.summary,
    sources: spec.sources ?? [],
    config: spec.config,
    authentication: spec.authentication,
    ...(spec.apiKeyPlace && { apiKeyPlace: (config: unknown) => spec.apiKeyPlace!(config as z.output<C>) }),
    ...(spec.baseUrl && { baseUrl: (config: unknown) => spec.baseUrl!(config as z.output<C>) }),
    ...(spec.http && { http: spec.http }),
    ...(spec.aliases && { aliases: spec.aliases }),
  };
  return {
    tool: (tool) => toolFromSpec(tool),
    connect: (tools) => ({
      ...base,
      namespace: "type",
      // Unbound copies carry names and schemas for docs and the graph; they are never run.
      tools: tools.map((tool) => tool.bind({ config: undefined as never, shared: undefined as never })),
      open: async (server) => {
        const typed = server as ServerContext<z.output<C>>;
        const shared = spec.setUp?.(typed) as S;
        const bound = tools.map((tool) => tool.bind({ config: typed.config, shared }));
        return { tools: bound, close: async () => {} };
      },
    }),
    discover: (open) => ({
      ...base,
      namespace: "server",
      open: async (server) => open(server as ServerContext<z.output<C>>),
    }),
  };
}
