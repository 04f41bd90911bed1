/** Answers operations that are nothing but introspection with prepared bytes, and keeps them off the executor. */
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import type { DoorResponse } from "../door-request.ts";
import type { IntrospectionAnswer } from "./introspection/introspection-answers.ts";
import { refuseLongIntrospection } from "./introspection/refuse-introspection.ts";
import { TooManyValues } from "./introspection/write-introspection.ts";
import type { RequestParameters } from "./request-parameters.ts";
import { refused, type ViewEngine } from "./view-engine.ts";

const decompress = promisify(gunzip);

export interface IntrospectionRequest {
  readonly engine: ViewEngine;
  readonly parameters: RequestParameters;
  readonly mediaType: string;
  readonly acceptEncoding: string | undefined;
  readonly correlationId: string;
}

/** Absent when the operation is something else, or is not valid: then the usual way answers. */
export async function answerIntrospection(request: IntrospectionRequest): Promise<DoorResponse | undefined> {
  const { engine, parameters, mediaType, correlationId } = request;
  const document = engine.parse(parameters.query);
  await engine.prepare(document);
  const operation = engine.operation(document, parameters.operationName);
  if (!operation || engine.validate(document).length > 0) return undefined;
  if (engine.introspectionUse(document, operation) !== "only") return undefined;
  const headers = { "content-type": mediaType, "x-request-id": correlationId };
  try {
    const answer = await engine.introspect({ document, ...parameters });
    return answer && { status: 200, ...(await inEncoding(answer, headers, request.acceptEncoding)) };
  } catch (error) {
    if (!(error instanceof TooManyValues)) throw error;
    const fault = refused(refuseLongIntrospection(error.limit));
    const status = mediaType.startsWith("application/graphql-response") ? 400 : 200;
    return { status, headers, body: JSON.stringify({ errors: [fault] }) };
  }
}

async function inEncoding(
  { gzip, plain }: IntrospectionAnswer,
  headers: Record<string, string>,
  acceptEncoding: string | undefined,
): Promise<Omit<DoorResponse, "status">> {
  const varying = { ...headers, vary: "accept-encoding" };
  if (acceptEncoding !== undefined && /\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))/i.test(acceptEncoding))
    return { headers: { ...varying, "content-encoding": "gzip" }, body: gzip };
  return { headers: varying, body: plain ?? (await decompress(gzip)) };
}
