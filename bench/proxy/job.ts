/** The one job of all variants: who asks, what for, and how each door is asked. */
import { SignJWT } from "jose";
import type { Child } from "./child.ts";
import type { Variant } from "./shots.ts";

export const SECRET = "a-secret-only-for-this-benchmark-run";
export const ISSUER = "https://bench.example";
export const AUDIENCE = "toolgraph";

/** A token of the caller `agent-1`, good for two hours. */
export const token = await new SignJWT({ roles: ["agent"] })
  .setProtectedHeader({ alg: "HS256" })
  .setIssuer(ISSUER)
  .setAudience(AUDIENCE)
  .setSubject("agent-1")
  .setExpirationTime("2h")
  .sign(new TextEncoder().encode(SECRET));

export const authorization: Readonly<Record<string, string>> = { authorization: `Bearer ${token}` };

const QUERY = `mutation Run($server: ID!, $tool: String!, $input: JSON) { executeTool(serverId: $server, toolName: $tool, input: $input) { status output error { code message } } }`;

/** Other words on each connection: equal reads at the same time are one call to the gateway, and would flatter it. */
export function inputOf(connection: number): { query: string; limit: number; tags: string[] } {
  return { query: `a need told in words, number ${connection}`, limit: 8, tags: ["alpha", "beta"] };
}

export function restBody(server = "lookup", tool = "lookup"): Variant["body"] {
  return (connection) => JSON.stringify({ server_id: server, tool_name: tool, tool_input: inputOf(connection) });
}

export function graphqlBody(server = "lookup", tool = "lookup"): Variant["body"] {
  return (connection) => JSON.stringify({ query: QUERY, variables: { server, tool, input: inputOf(connection) } });
}

export function floorVariant(floor: Child): Variant {
  return {
    name: "floor",
    url: floor.url,
    path: "/",
    headers: authorization,
    body: restBody(),
    children: [floor],
    expects: "item-7",
  };
}

export function restVariant(gateway: Child, name = "REST"): Variant {
  return { ...floorVariant(gateway), name, path: "/api/v1/mcp/chat" };
}

export function graphqlVariant(gateway: Child, name = "GraphQL"): Variant {
  return { ...floorVariant(gateway), name, path: "/graphql", body: graphqlBody() };
}
