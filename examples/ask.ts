/** Sends one typed operation to a gateway: what the generated types know of it is what the caller gets. */
import type { TypedDocumentString } from "./generated/graphql.ts";

export interface Gateway {
  /** For example `http://127.0.0.1:4000`. */
  readonly url: string;
  readonly token: string;
}

interface Answer<Data> {
  readonly data?: Data | null;
  readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string } }[];
}

/**
 * Throws with the code and message of the first error.
 *
 * @example
 * const { servers } = await ask(gateway, Servers, {});
 */
export async function ask<Data, Variables>(
  gateway: Gateway,
  operation: TypedDocumentString<Data, Variables>,
  variables: Variables,
): Promise<Data> {
  const response = await fetch(`${gateway.url}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${gateway.token}` },
    body: JSON.stringify({ query: operation.toString(), variables }),
  });
  const { data, errors } = (await response.json()) as Answer<Data>;
  const [error] = errors ?? [];
  if (error) throw new Error(`${error.extensions?.code ?? "no code"}: ${error.message}`);
  if (!data) throw new Error(`the gateway answered ${response.status} without data`);
  return data;
}
