/** The short path of plain JSON POSTs: what Yoga would answer, without its HTTP layer. What is irregular is left to Yoga. */
import type { DocumentNode, ExecutionResult } from "graphql";
import type { Admission, Gateway } from "../../gateway.ts";
import { writeJson } from "../../results/written-json.ts";
import type { DoorRequest, DoorResponse } from "../door-request.ts";
import { parseJson } from "../parse-json.ts";
import { RequestContext } from "./graphql-context.ts";
import { maskError } from "./mask-error.ts";
import { answerIntrospection } from "./answer-introspection.ts";
import { parametersOf, type RequestParameters } from "./request-parameters.ts";
import type { ViewEngine } from "./view-engine.ts";

export interface ShortPathCall {
  readonly gateway: Gateway;
  readonly engine: ViewEngine;
  readonly admission: Admission;
  readonly request: DoorRequest;
  readonly correlationId: string;
  readonly body: Uint8Array;
}

/** Absent: Yoga has to answer, because the request is malformed, invalid, or not a plain query or mutation. */
export async function answerQuickly(call: ShortPathCall): Promise<DoorResponse | undefined> {
  const { gateway, engine, admission, request, correlationId } = call;
  const mediaType = answerType(request.header("accept"));
  const parameters = mediaType === undefined ? undefined : parametersOf(parseJson(call.body));
  if (mediaType === undefined || !parameters) return undefined;
  let document: DocumentNode;
  try {
    document = engine.parse(parameters.query);
    const preparing = engine.prepare(document);
    if (preparing) await preparing;
    if (!isRunnable(engine, document, parameters)) return undefined;
  } catch {
    // It does not parse: Yoga answers with the same error.
    return undefined;
  }
  if (isIntrospection(engine, document, parameters)) {
    const acceptEncoding = request.header("accept-encoding");
    const answer = await answerIntrospection({ engine, parameters, mediaType, acceptEncoding, correlationId });
    if (answer) return answer;
  }
  const context = new RequestContext({
    gateway,
    admission,
    correlationId,
    texts: engine.graph.texts,
    signal: request.signal,
    headers: request,
  });
  const { operationName, variables } = parameters;
  const result = await engine.execute({ document, operationName, variables, context });
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
  return writeJson(errors ? { errors, ...(data !== undefined && { data }) } : { data });
}

function isRunnable(engine: ViewEngine, document: DocumentNode, { operationName }: RequestParameters): boolean {
  if (engine.validate(document).length > 0) return false;
  const kind = engine.operation(document, operationName)?.operation;
  return kind === "query" || kind === "mutation";
}

function isIntrospection(engine: ViewEngine, document: DocumentNode, { operationName }: RequestParameters): boolean {
  const operation = engine.operation(document, operationName);
  return operation !== undefined && engine.introspectionUse(document, operation) === "only";
}

/** The media type to answer in; absent when the `Accept` header needs real negotiation. */
function answerType(accept: string | undefined): string | undefined {
  if (accept === undefined || accept === "*/*" || accept === "application/json")
    return "application/json; charset=utf-8";
  if (accept === "application/graphql-response+json") return "application/graphql-response+json; charset=utf-8";
  return undefined;
}
