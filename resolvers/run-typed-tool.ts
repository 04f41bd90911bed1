/** The resolver of every typed tool field: arguments to input, one call through the pipeline, output or error. */
import type { GraphQLFieldResolver } from "graphql";
import type { Effect } from "../src/connector/tool.ts";
import type { GraphqlContext } from "../src/http/graphql/graphql-context.ts";
import type { NamespaceSource } from "./choose-server.ts";
import { toGraphqlError } from "./to-graphql-error.ts";

export interface TypedTool {
  readonly toolName: string;
  readonly effect: Effect;
  /** Argument that carries the caller's key for a write, if the field has one. */
  readonly requestIdArgument: string | undefined;
  toInput(args: Readonly<Record<string, unknown>>): Record<string, unknown>;
}

/** Reads run in parallel; writes of one namespace one after the other, in document order. Fails with one GraphQL error. */
export function typedToolResolver(tool: TypedTool): GraphQLFieldResolver<NamespaceSource, GraphqlContext> {
  const { toolName, effect, requestIdArgument } = tool;
  const run = async (source: NamespaceSource, args: Record<string, unknown>, context: GraphqlContext) => {
    const { requestId, rest } = withoutRequestId(args, requestIdArgument);
    const execution = await context.execute({
      serverId: source.serverId,
      toolName,
      input: tool.toInput(rest),
      requestId,
      isTyped: true,
    });
    if (execution.error) throw toGraphqlError(execution.error, execution.effect);
    return execution.output;
  };
  return effect === "read"
    ? run
    : (source, args: Record<string, unknown>, context) => source.inOrder(() => run(source, args, context));
}

function withoutRequestId(
  args: Record<string, unknown>,
  name: string | undefined,
): { requestId: string | undefined; rest: Record<string, unknown> } {
  if (name === undefined || !Object.hasOwn(args, name)) return { requestId: undefined, rest: args };
  const { [name]: requestId, ...rest } = args;
  return { requestId: typeof requestId === "string" ? requestId : undefined, rest };
}
