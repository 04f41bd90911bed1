/** The `gateway` part as it is written, with every key, its default and its meaning. */
import { z } from "zod";
import { compileInput } from "../validation/compile-input.ts";
import { defined } from "./defined.ts";
import { anyObject, count, effect, glob, httpUrl, nonEmpty, secretRef, text } from "./field-schemas.ts";
import { jwtIssuer, toJwtSettings } from "./jwt-document.ts";
import type { GatewaySettings, PolicyRule } from "./settings.ts";

const roles = z.array(nonEmpty);

const auth = z.strictObject({
  api_keys: z
    .array(
      z.strictObject({
        id: nonEmpty.describe("Name of the caller in logs and policies."),
        key_ref: secretRef.describe("Secret that holds the key."),
        roles: roles.default([]).describe("Roles of the caller."),
      }),
    )
    .default([])
    .describe("Keys sent as `Authorization: Bearer …` or `X-API-Key`."),
  jwt: z.array(jwtIssuer).default([]).describe("Issuers whose tokens are accepted."),
  authjs: z
    .strictObject({
      secret_refs: z
        .array(secretRef)
        .min(1)
        .describe("Secrets that session tokens are encrypted with; more than one while they rotate."),
    })
    .exactOptional()
    .describe("Accepts session tokens of Auth.js v5 and NextAuth v4."),
  service_accounts: z
    .array(
      z.strictObject({
        client_id: nonEmpty.describe("Id the account sends."),
        client_secret_ref: secretRef.describe("Secret that holds the account's secret."),
        roles: roles.default([]).describe("Roles of the account."),
      }),
    )
    .default([])
    .describe("Clients of the token route (client-credentials grant)."),
  signing_key_ref: secretRef
    .exactOptional()
    .describe(
      "Secret that signs the token route's tokens; replicas that share it accept each other's. Made anew at each start when absent.",
    ),
  anonymous: z.boolean().default(false).describe("true lets everybody in; only on a loopback host."),
});

const rule = z.strictObject({
  servers: z.array(glob).exactOptional().describe("Globs of server ids; every server when absent."),
  tools: z.array(glob).exactOptional().describe("Globs of tool names; every tool when absent."),
  effects: z.array(effect).exactOptional().describe("Effects of tools; every effect when absent."),
  arguments: anyObject
    .superRefine((schema, context) => {
      if (compileInput(schema).problem() === undefined) return;
      context.addIssue({
        code: "custom",
        message: "cannot be compiled",
        params: { expected: "a JSON Schema (2020-12)" },
      });
    })
    .exactOptional()
    .describe("JSON Schema that the call's input has to fit for the rule to apply."),
});

const STATE = /^(memory|(redis|rediss|valkey):\/\/\S+)$/;
const STORE = /^(env|vault|aws-sm|azure-kv|gcp-sm|file:.+)$/;
const limit = (value: number, meaning: string) => count.default(value).describe(meaning);

export const gatewayDocument = z.strictObject({
  host: nonEmpty.default("127.0.0.1").describe("Address to listen on."),
  port: z.int().min(0).max(65_535).default(4000).describe("Port to listen on; 0 takes a free one."),
  auth: auth.prefault({}).describe("Who may use the gateway."),
  policies: z
    .array(
      z.strictObject({
        roles: roles.min(1).describe("Roles the policy is for."),
        allow: z.array(rule).default([]).describe("What they may use."),
        deny: z.array(rule).default([]).describe("What they may not use; wins over allow."),
      }),
    )
    .default([])
    .describe(
      "Who may use which servers, tools and arguments; with no policy every authenticated caller may use everything.",
    ),
  limits: z
    .strictObject({
      body_bytes: limit(1_048_576, "Largest request body, bytes."),
      query_cost: limit(5000, "Most that one GraphQL request may cost."),
      query_depth: limit(12, "Deepest GraphQL request."),
      query_tokens: limit(10_000, "Most tokens of a GraphQL request."),
      requests_per_second: z
        .number()
        .positive()
        .default(100)
        .describe(
          "Requests and tool calls a second of one caller, on average: a request counts as the calls it carries, or as one.",
        ),
      burst_limit: limit(200, "Requests and tool calls of one caller that may come at once."),
      concurrent_calls_per_caller: limit(50, "Calls of one caller that may run at the same time."),
      result_bytes: z
        .int()
        .min(1024)
        .max(8 * 1024 * 1024)
        .default(262_144)
        .describe(
          "Largest result handed over at once, bytes of JSON; a larger one is kept for 15 minutes, to be read in parts.",
        ),
      result_tokens: z
        .int()
        .min(256)
        .exactOptional()
        .describe("The same in tokens, estimated as a quarter of the characters; not limited when absent."),
    })
    .prefault({})
    .describe("Limits of what callers may send."),
  state: text(
    (value) => (STATE.test(value) ? undefined : "is not a place for state"),
    "memory, or a redis://, rediss:// or valkey:// address",
    { pattern: STATE.source },
  )
    .default("memory")
    .describe(
      "Where limits, idempotency records and cached results live; shared by replicas when it is Redis or Valkey.",
    ),
  logging: z
    .strictObject({
      level: z
        .enum(["trace", "debug", "info", "warn", "error", "fatal", "silent"])
        .default("info")
        .describe("Least severe level logged."),
      redact: z.array(nonEmpty).default([]).describe("Paths of log fields to redact, besides the built-in ones."),
    })
    .prefault({})
    .describe("What is logged."),
  shutdown: z
    .strictObject({
      grace_ms: z
        .int()
        .min(0)
        .max(60_000)
        .default(2_000)
        .describe("After SIGTERM: how long new requests are still answered while `ready` says 503, milliseconds."),
      timeout_ms: z
        .int()
        .min(0)
        .max(600_000)
        .default(25_000)
        .describe("How long running calls may then take before they are cut off, milliseconds."),
    })
    .prefault({})
    .describe("How the gateway stops."),
  search: z
    .strictObject({
      embedder: z
        .strictObject({
          base_url: httpUrl.describe(
            "Address of the service with its version, for example `http://127.0.0.1:11434/v1`.",
          ),
          model: nonEmpty.describe("Model that embeds tools and questions."),
          api_key_ref: secretRef.exactOptional().describe("Secret that holds the service's key."),
        })
        .exactOptional()
        .describe(
          "A service that speaks the OpenAI embeddings API; tools are then found by meaning too. It is sent their names and descriptions, and what callers search for.",
        ),
    })
    .exactOptional()
    .describe("How tools are found; by their words alone when absent."),
  secrets: z
    .strictObject({
      default: text(
        (value) => (STORE.test(value) ? undefined : "is not a secret store"),
        "env, file:/folder, vault, aws-sm, azure-kv or gcp-sm",
      )
        .default("env")
        .describe("Store in which bare secret keys are looked up."),
      vault: z
        .strictObject({
          address: httpUrl.describe("Address of the Vault server."),
          token_ref: secretRef.describe("Secret that holds the Vault token."),
        })
        .exactOptional()
        .describe("HashiCorp Vault."),
    })
    .prefault({})
    .describe("Where secrets are."),
});

export function toGatewaySettings(gateway: z.output<typeof gatewayDocument>): GatewaySettings {
  const { auth, limits, secrets } = gateway;
  const embedder = gateway.search?.embedder;
  return defined({
    host: gateway.host,
    port: gateway.port,
    auth: defined({
      apiKeys: auth.api_keys.map(({ id, key_ref, roles }) => ({ id, keyRef: key_ref, roles })),
      jwt: auth.jwt.map(toJwtSettings),
      authjs: auth.authjs && { secretRefs: auth.authjs.secret_refs },
      serviceAccounts: auth.service_accounts.map((account) => ({
        clientId: account.client_id,
        clientSecretRef: account.client_secret_ref,
        roles: account.roles,
      })),
      signingKeyRef: auth.signing_key_ref,
      anonymous: auth.anonymous,
    }),
    policies: gateway.policies.map(({ roles, allow, deny }) => ({
      roles,
      allow: allow as PolicyRule[],
      deny: deny as PolicyRule[],
    })),
    limits: defined({
      bodyBytes: limits.body_bytes,
      queryCost: limits.query_cost,
      queryDepth: limits.query_depth,
      queryTokens: limits.query_tokens,
      requestsPerSecond: limits.requests_per_second,
      burstLimit: limits.burst_limit,
      concurrentCallsPerCaller: limits.concurrent_calls_per_caller,
      resultBytes: limits.result_bytes,
      resultTokens: limits.result_tokens,
    }),
    state: gateway.state,
    logging: gateway.logging,
    search: embedder && {
      embedder: defined({ baseUrl: embedder.base_url, model: embedder.model, apiKeyRef: embedder.api_key_ref }),
    },
    shutdown: { graceMs: gateway.shutdown.grace_ms, timeoutMs: gateway.shutdown.timeout_ms },
    secrets: defined({
      default: secrets.default,
      vault: secrets.vault && { address: secrets.vault.address, tokenRef: secrets.vault.token_ref },
    }),
  });
}
