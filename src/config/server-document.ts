/** One entry of `servers` as it is written, with every key, its default and its meaning. */
import { z } from "zod";
import { authenticationDocument } from "./authentication-document.ts";
import { defined } from "./defined.ts";
import { anyObject, count, effect, httpUrl, milliseconds, nonEmpty, text } from "./field-schemas.ts";
import type { ServerSettings } from "./settings.ts";

const ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

const toolOverride = z.strictObject({
  effect: effect
    .exactOptional()
    .describe("What the tool does to the world, where its server says otherwise or nothing."),
  cache_ttl_ms: z.int().min(0).exactOptional().describe("Milliseconds a result of this read may be served again."),
  is_enabled: z.boolean().exactOptional().describe("false hides the tool."),
});

export const serverDocument = z.strictObject({
  id: text(
    (value) => (ID.test(value) ? undefined : "is not a server id"),
    "letters, digits, '.', '_' and '-', at most 64",
    { pattern: ID.source },
  ).describe("The server_id by which callers name this server."),
  type: nonEmpty.describe("What kind of server it is."),
  name: nonEmpty.exactOptional().describe("Name for people; the id when absent."),
  isEnabled: z
    .boolean()
    .default(true)
    .describe("false keeps the server configured but out of use. Older spelling: `enabled`."),
  authentication: authenticationDocument
    .exactOptional()
    .describe(
      "How the gateway shows the server who it is; every ...Ref names a secret, never holds one. Older spelling: `auth_details`.",
    ),
  base_url: httpUrl.exactOptional().describe("Overrides the vendor's address."),
  server_specific_config: anyObject.default({}).describe("What only servers of this type have."),
  tool_mapping: z.record(z.string(), nonEmpty).default({}).describe("Alias → tool."),
  default_tool_config: z.record(z.string(), anyObject).default({}).describe("Tool → input that a call may leave out."),
  tool_overrides: z.record(z.string(), toolOverride).default({}).describe("Tool → what the operator decides about it."),
  cache_ttl_ms: z
    .int()
    .min(0)
    .exactOptional()
    .describe("Milliseconds results of this server's reads may be served again."),
  stale_if_error_ms: z
    .int()
    .min(0)
    .exactOptional()
    .describe("Milliseconds after its time to live that a result may stand in for a server that fails."),
  retry_policy: z
    .strictObject({
      max_attempts: z.int().min(1).max(10).default(3).describe("Most times a call is sent, the first one included."),
      backoff_ms: z
        .int()
        .min(0)
        .max(600_000)
        .default(1000)
        .describe("Longest wait before the second attempt, milliseconds; doubles with each."),
    })
    .prefault({})
    .describe("Repeats reads, and writes only where the server certainly did not act."),
  rate_limits: z
    .strictObject({
      requests_per_second: z.number().positive().exactOptional().describe("Calls a second, on average."),
      burst_limit: count.exactOptional().describe("Calls that may come at once."),
      requests_per_minute: z.number().positive().exactOptional().describe("Calls a minute."),
      concurrent_calls: count.exactOptional().describe("Calls that may run at the same time."),
    })
    .prefault({})
    .describe("Limits of the calls to this server, of all callers together."),
  timeout_ms: milliseconds.default(10_000).describe("Longest a call may take, milliseconds."),
  circuit_breaker: z
    .strictObject({
      error_threshold_percentage: z
        .number()
        .min(1)
        .max(100)
        .default(50)
        .describe("Share of failed calls that opens the breaker."),
      reset_timeout_ms: milliseconds.default(30_000).describe("Milliseconds until a call is tried again."),
      volume_threshold: count.default(5).describe("Calls needed before the share counts."),
    })
    .prefault({})
    .describe("Pauses calls to a server that keeps failing."),
  custom_parameters: anyObject.default({}).describe("Handed to the connector as it is."),
  metadata: anyObject.default({}).describe("Shown to callers with the server, for example description and icon_url."),
});

/** @param config `server_specific_config` after the connector's own check */
export function toServerSettings(server: z.output<typeof serverDocument>, config: unknown): ServerSettings {
  const { retry_policy: retry, rate_limits: limits, circuit_breaker: breaker } = server;
  const settings = defined({
    id: server.id,
    type: server.type,
    name: server.name ?? server.id,
    isEnabled: server.isEnabled,
    authentication: server.authentication ?? { method: "none" },
    baseUrl: server.base_url,
    toolMapping: server.tool_mapping,
    defaultToolConfig: server.default_tool_config,
    toolOverrides: Object.fromEntries(
      Object.entries(server.tool_overrides).map(([tool, override]) => [
        tool,
        defined({ effect: override.effect, cacheTtlMs: override.cache_ttl_ms, isEnabled: override.is_enabled }),
      ]),
    ),
    cacheTtlMs: server.cache_ttl_ms,
    staleIfErrorMs: server.stale_if_error_ms,
    retryPolicy: { maxAttempts: retry.max_attempts, backoffMs: retry.backoff_ms },
    rateLimits: defined({
      requestsPerSecond: limits.requests_per_second,
      burstLimit: limits.burst_limit,
      requestsPerMinute: limits.requests_per_minute,
      concurrentCalls: limits.concurrent_calls,
    }),
    timeoutMs: server.timeout_ms,
    circuitBreaker: {
      errorThresholdPercentage: breaker.error_threshold_percentage,
      resetTimeoutMs: breaker.reset_timeout_ms,
      volumeThreshold: breaker.volume_threshold,
    },
    customParameters: server.custom_parameters,
    metadata: server.metadata,
  });
  return { ...settings, config };
}
