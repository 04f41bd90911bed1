/** What a careful author would put behind a hand-written GraphQL server: the same layers with the same libraries. */
import { createSecretKey, hash } from "node:crypto";
import { jwtVerify } from "jose";
import CircuitBreaker from "opossum";
import { pino } from "pino";
import { Pool } from "undici";
import { z } from "zod";

const pool = new Pool(process.env.UPSTREAM!, { connections: 128, keepAliveTimeout: 60_000 });
const key = createSecretKey(Buffer.from(process.env.BENCH_SECRET!));
const log = pino({ base: null }, pino.destination({ dest: "/dev/null", sync: false, minLength: 4096 }));
const callers = new Map<string, { readonly subject: string; readonly until: number }>();
const Input = z.strictObject({
  query: z.string().max(1000),
  limit: z.number().int().min(1).max(100).default(10),
  tags: z.array(z.string()).optional(),
});
const Output = z.object({
  items: z.array(z.object({ id: z.string(), title: z.string(), status: z.string(), score: z.number() })),
  more: z.boolean(),
});

const breaker = new CircuitBreaker(
  async (input: unknown) => {
    const { body } = await pool.request({
      method: "POST",
      path: "/lookup",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(input),
    });
    return Output.parse(await body.json());
  },
  { timeout: 10_000 },
);

export const typeDefs = /* GraphQL */ `
  scalar JSON
  type ToolError {
    code: String!
    message: String!
  }
  type ToolExecution {
    status: String!
    output: JSON
    error: ToolError
  }
  type Query {
    health: String
  }
  type Mutation {
    executeTool(serverId: ID!, toolName: String!, input: JSON): ToolExecution!
  }
`;

/** The caller, verified once a token. */
export async function callerOf(authorization: string | undefined): Promise<string> {
  const token = authorization?.replace(/^Bearer /, "") ?? "";
  const digest = hash("sha256", token, "base64");
  const known = callers.get(digest);
  if (known && known.until > Date.now()) return known.subject;
  const { payload } = await jwtVerify(token, key, { issuer: "https://bench.example", audience: "toolgraph" });
  callers.set(digest, { subject: payload.sub!, until: payload.exp! * 1000 });
  return payload.sub!;
}

export const resolvers = {
  Mutation: {
    async executeTool(_: unknown, call: { serverId: string; toolName: string; input: unknown }, { caller }: Context) {
      const begun = performance.now();
      const output = await breaker.fire(Input.parse(call.input));
      const { serverId, toolName } = call;
      log.info({ caller_id: caller, server_id: serverId, tool_name: toolName, ms: performance.now() - begun }, "call");
      return { status: "SUCCESS", output, error: null };
    },
  },
};

export interface Context {
  readonly caller: string;
}
