/** The parameters of a GraphQL request, where they have the form the specification asks for. */
import { isObject } from "../../is-object.ts";

export interface RequestParameters {
  readonly query: string;
  readonly operationName: string | undefined;
  readonly variables: Record<string, unknown> | undefined;
}

/** Of a JSON body; absent for what Yoga has to refuse in its own words. */
export function parametersOf(body: unknown): RequestParameters | undefined {
  if (!isObject(body)) return undefined;
  const { query, operationName, variables, extensions } = body;
  if (typeof query !== "string") return undefined;
  if (operationName != null && typeof operationName !== "string") return undefined;
  if (variables != null && !isObject(variables)) return undefined;
  if (extensions != null && !isObject(extensions)) return undefined;
  return { query, operationName: operationName ?? undefined, variables: variables ?? undefined };
}

/** Of the address of a GET. */
export function parametersInUrl(query: URLSearchParams): RequestParameters | undefined {
  try {
    const text = query.get("variables");
    return parametersOf({
      query: query.get("query"),
      operationName: query.get("operationName"),
      variables: text === null ? undefined : (JSON.parse(text) as unknown),
    });
  } catch {
    return undefined;
  }
}
