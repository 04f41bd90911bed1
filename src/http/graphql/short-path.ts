/** The short path of plain JSON POSTs: what Yoga would answer, without its HTTP layer. What is irregular is left to Yoga. */
import type { DocumentNode, ExecutionResult } from "graphql";
import type { Admission, Gateway } from "../../gateway.ts";
import type { DoorRequest, DoorResponse } from "../door-request.ts";
import { parseJson } from "../parse-json.ts";
import { createGraphqlContext } from "./graphql-context.ts";
import { maskError } from "./mask-error.ts";
import type { ViewEngine } from "./view-engine.ts";

export interface ShortPathCall {
  readonly gateway: Gateway;
  readonly engine: ViewEngine;
  readonly admission: Admission;
  readonly request: DoorRequest;
  readonly correlationId: string;
  readonly body: Uint8Array;
}

interface Parameters {
  readonly query: string;
  readonly operationName: string | undefined;
  readonly variables: Record<string, unknown> | undefined;
}

/** Absent: Yoga has to answer, because the request is malformed, invalid, or not a plain query or mutation. */
export async function answerQuickly(call: ShortPathCall): Promise<DoorResponse | undefined> {
  const { gateway, engine, admission, request, correlationId } = call;
  const mediaType = answerType(request.header("accept"));
  const parameters = mediaType === undefined ? undefined : parametersOf(parseJson(call.body));
  if (mediaType === undefined || !parameters) return undefined;
  const document = runnable(engine, parameters);
  if (!document) return undefined;
  const context = createGraphqlContext({
    gateway,
    admission,
    correlationId,
    texts: engine.graph.texts,
    signal: request.signal,
  });
  const result = await engine.execute({ document, ...parameters, context });
  const { data, errors } = result;
  const masked = errors?.map((error) => maskError(error, gateway.log, correlationId));
  return {
    // GraphQL over HTTP: a result without data is a refused request, which only the newer media type may show in the status.
    status: data === undefined && mediaType.startsWith("application/graphql-response") ? 400 : 200,
    headers: { "content-type": mediaType, "x-request-id": correlationId },
    body: stringify({ data, errors: masked }),
  };
}

function stringify({
  data,
  errors,
}: {
  data: ExecutionResult["data"];
  errors: readonly unknown[] | undefined;
}): string {
  return JSON.stringify(errors ? { errors, ...(data !== undefined && { data }) } : { data });
}

function runnable(engine: ViewEngine, { query, operationName }: Parameters): DocumentNode | undefined {
  try {
    const document = engine.parse(query);
    if (engine.validate(document).length > 0) return undefined;
    const operation = engine.operation(document, operationName);
    return operation === "query" || operation === "mutation" ? document : undefined;
  } catch {
    // It does not parse: Yoga answers with the same error.
    return undefined;
  }
}

function parametersOf(body: unknown): Parameters | undefined {
  if (!isObject(body)) return undefined;
  const { query, operationName, variables, extensions } = body;
  if (typeof query !== "string") return undefined;
  if (operationName != null && typeof operationName !== "string") return undefined;
  if (variables != null && !isObject(variables)) return undefined;
  if (extensions != null && !isObject(extensions)) return undefined;
  return { query, operationName: operationName ?? undefined, variables: variables ?? undefined };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The media type to answer in; absent when the `Accept` header needs real negotiation. */
function answerType(accept: string | undefined): string | undefined {
  if (accept === undefined || accept === "*/*" || accept === "application/json")
    return "application/json; charset=utf-8";
  if (accept === "application/graphql-response+json") return "application/graphql-response+json; charset=utf-8";
  return undefined;
}
