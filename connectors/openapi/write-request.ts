/** Makes the HTTP request of a call out of the tool's input. */
import { CatalogueError, type HttpRequestOptions } from "../../src/index.ts";
import type { RequestPlan } from "./describe-operation.ts";
import { BODY, withoutFragment } from "./parameter-plan.ts";
import { own } from "./plain-data.ts";
import { writeBody } from "./write-body.ts";
import { cookiePairs, headerText, pathText, queryPairs } from "./write-parameter.ts";

export interface WrittenRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly options: HttpRequestOptions;
}

/** RFC 9110 section 5.5, in the characters that HTTP/1.1 carries. */
const FIELD_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** Throws `DATA_TRANSFORMATION_ERROR` (400) for a value that the request cannot carry. */
export async function writeRequest(
  plan: RequestPlan,
  input: unknown,
  options: { readonly binary: ReadonlySet<string>; readonly idempotencyKey?: string | undefined },
): Promise<WrittenRequest> {
  const inPath = new Map<string, string>();
  const query: string[] = [];
  const cookies: string[] = [];
  // Lower case, so that the gateway's own credential replaces and never joins what a caller gives.
  const headers: Record<string, string> = { accept: plan.answer.accept };
  for (const parameter of plan.parameters) {
    const given = own(input, parameter.property);
    const value = given === undefined && parameter === plan.idempotencyHeader ? options.idempotencyKey : given;
    if (value === undefined) continue;
    if (parameter.place === "path") inPath.set(parameter.name, pathText(parameter, value));
    else if (value === null) continue;
    else if (parameter.place === "query") query.push(...queryPairs(parameter, value));
    else if (parameter.place === "cookie") cookies.push(...cookiePairs(parameter, value));
    else headers[parameter.name.toLowerCase()] = sendable(headerText(parameter, value), parameter.property);
  }
  if (cookies.length > 0) headers.cookie = cookies.join("; ");
  const body = own(input, BODY);
  const written = plan.body && body !== undefined ? await writeBody(plan.body, body, options.binary) : {};
  if (written.contentType !== undefined) headers["content-type"] = written.contentType;
  return {
    method: plan.method,
    path: pathOf(plan.path, inPath, query),
    options: { headers, ...(written.body !== undefined && { body: written.body }) },
  };
}

function pathOf(template: string, values: ReadonlyMap<string, string>, query: readonly string[]): string {
  const whole = withoutFragment(template.startsWith("/") ? template : `/${template}`);
  const filled = whole.replaceAll(/\{([^{}]+)\}|[^!$-;=?-Z_a-z~]+/g, (text, name?: string) => {
    if (name === undefined) return encodeURIComponent(text.toWellFormed());
    const value = values.get(name);
    if (value === undefined || value === "") throw unsendable(name, "is empty, which would be another address");
    return value;
  });
  if (query.length === 0) return filled;
  return `${filled}${filled.includes("?") ? "&" : "?"}${query.join("&")}`;
}

function sendable(text: string, property: string): string {
  if (FIELD_VALUE.test(text)) return text;
  throw unsendable(property, "holds a line break or a character that a header cannot carry");
}

function unsendable(property: string, problem: string): CatalogueError {
  return new CatalogueError("DATA_TRANSFORMATION_ERROR", `'${property.slice(0, 80)}' ${problem}.`, {
    status: 400,
    acted: "no",
    suggestion: `Give another value for ${property.slice(0, 80)}.`,
  });
}
