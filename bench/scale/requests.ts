/** The requests of the benchmark. */
import { getIntrospectionQuery } from "graphql";
import type { Asked } from "./measured-gateway.ts";
import { syntheticName } from "./synthetic-connector.ts";

const FIELDS = "key total isLast score raw a: key b: total c: isLast d: score e: raw";
/** Read and written in turn; no role is denied any of them. */
const CALLED = [21, 22, 23, 24, 25, 26, 27, 28, 29];

const RUN =
  'mutation Run($tool: String!, $input: JSON) { executeTool(serverId: "synthetic", toolName: $tool, input: $input) { status output error { code message } } }';

/** Calls of a few tools through GraphQL, each with an input of its own. */
export function graphqlCall(index: number, caller = 0): Asked {
  const variables = {
    tool: syntheticName(CALLED[index % CALLED.length]!),
    input: { query: `q${index}`, page_size: 5 },
  };
  return { body: { query: RUN, variables }, caller };
}

/** The same through REST. */
export function restCall(index: number, caller = 0): Asked {
  const tool_input = { query: `q${index}`, page_size: 5 };
  const body = { server_id: "synthetic", tool_name: syntheticName(CALLED[index % CALLED.length]!), tool_input };
  return { path: "/api/v1/mcp/chat", body, caller };
}

export const introspection: Asked = { body: { query: getIntrospectionQuery() } };

/** Ninety fields that are not there: a hundred suggestions over all names. */
export const misspelt: Asked = {
  body: {
    query: `{ synthetic { ${Array.from({ length: 90 }, (_, index) => `serchInvoic${index}x(quer: "x") { key }`).join(" ")} } }`,
  },
};

/** A hundred typed reads with ten fields each. */
export function aliases(tools: number): Asked {
  const reads = Array.from({ length: tools }, (_, index) => index).filter((index) => index % 8 === 0);
  const fields = Array.from({ length: 100 }, (_, index) => {
    const [verb, noun, number] = syntheticName(reads[index % reads.length]!).split("_") as [string, string, string];
    return `r${index}: ${verb}${noun[0]!.toUpperCase()}${noun.slice(1)}${number}(query: "x") { ${FIELDS} }`;
  });
  return { body: { query: `{ synthetic { ${fields.join(" ")} } }` } };
}
