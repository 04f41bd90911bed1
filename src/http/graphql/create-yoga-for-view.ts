/** One Yoga a permission view: it serves everything the short path does not (GET, content negotiation, streams, all refusals). */
import { useGenericAuth } from "@envelop/generic-auth";
import { GraphQLError } from "graphql";
import { createYoga, type Plugin, type YogaServerInstance } from "graphql-yoga";
import type { Caller } from "../../auth/caller.ts";
import type { Admission, Gateway } from "../../gateway.ts";
import { fromWebRequest } from "../door-request.ts";
import { copyable, RequestContext, type GraphqlContext } from "./graphql-context.ts";
import { maskError } from "./mask-error.ts";
import type { ViewEngine } from "./view-engine.ts";

/** What the door hands over with a request: authentication happened in front. */
export interface YogaServerContext {
  readonly admission: Admission;
  readonly correlationId: string;
}

export function createYogaForView(
  gateway: Gateway,
  engine: ViewEngine,
): YogaServerInstance<YogaServerContext, GraphqlContext> {
  return createYoga<YogaServerContext, GraphqlContext>({
    schema: engine.graph.schema,
    graphqlEndpoint: "/graphql",
    healthCheckEndpoint: "/graphql/health",
    landingPage: false,
    graphiql: false,
    cors: false,
    multipart: false,
    batching: false,
    logging: false,
    // The door bounds the body; Yoga's own bound doubles the cost of a request.
    maxRequestBodySize: false,
    // The engine remembers documents and their validity, for the short path as well.
    parserAndValidationCache: false,
    maskedErrors: { maskError: (error) => asRefusal(maskError(error, gateway.log)) },
    context: ({ admission, correlationId, request }) =>
      copyable(
        new RequestContext({
          gateway,
          admission,
          correlationId,
          texts: engine.graph.texts,
          signal: request.signal,
          headers: fromWebRequest(request),
        }),
      ),
    plugins: [
      useViewEngine(engine),
      // The outer door inside GraphQL: no field without a caller. What a caller may use is the pipeline's decision.
      useGenericAuth<Caller, GraphqlContext, "caller">({
        mode: "protect-all",
        contextFieldName: "caller",
        resolveUserFn: (context) => context.caller,
      }),
    ],
  });
}

/** Parses, validates and executes with the view's engine: the same limits, memory and words on both paths. */
function useViewEngine(engine: ViewEngine): Plugin<GraphqlContext> {
  return {
    // Parsing and validating cannot wait for others: what the document needs is made, and judged, before.
    onParams: async ({ params }) => {
      if (typeof params.query !== "string") return;
      try {
        await engine.prepare(engine.parse(params.query));
      } catch {
        // It does not parse: the next hook says why.
      }
    },
    onParse: ({ setParseFn }) =>
      setParseFn((source: string | { body: string }) =>
        engine.parse(typeof source === "string" ? source : source.body),
      ),
    onValidate: ({ setValidationFn }) => setValidationFn((_schema, document) => engine.validate(document)),
    onExecute: ({ setExecuteFn }) =>
      setExecuteFn(({ document, operationName, variableValues, contextValue }) =>
        engine.execute({
          document,
          operationName: operationName ?? undefined,
          variables: variableValues ?? undefined,
          context: contextValue,
        }),
      ),
  };
}

/** Variables that do not fit are found by the executor; Yoga is told that this, too, is a 400 where statuses may tell. */
function asRefusal(error: GraphQLError): GraphQLError {
  if (error.path !== undefined || error.extensions.code !== "VALIDATION_ERROR" || error.extensions.http) return error;
  const { message, nodes, source, positions, extensions } = error;
  return new GraphQLError(message, {
    nodes,
    source,
    positions,
    extensions: { ...extensions, http: { spec: true, status: 400 } },
  });
}
