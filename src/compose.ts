/** The composition root: the one place that knows connectors and graph and puts the gateway together. */
import type { Logger } from "pino";
import { connectors } from "../connectors/index.ts";
import { buildViewGraph } from "../schema/view-graph.ts";
import { createAuthenticator } from "./auth/authenticator.ts";
import type { Connectors } from "./config/check-server.ts";
import { isLoopback } from "./config/check-document.ts";
import type { Settings } from "./config/settings.ts";
import { Gateway } from "./gateway.ts";
import type { AppOptions } from "./http/app.ts";
import { createGraphqlDoor } from "./http/graphql/graphql-door.ts";
import type { LoadMonitor } from "./lifecycle/load-monitor.ts";
import type { Observe } from "./pipeline/record.ts";
import { createPipeline } from "./pipeline/pipeline.ts";
import { createPolicy } from "./policy/policy.ts";
import { Registry } from "./registry/registry.ts";
import { ResultStore } from "./results/result-store.ts";
import { openToolMeanings } from "./search/open-tool-meanings.ts";
import { createToolIndex } from "./search/tool-index.ts";
import { createVectorMemory } from "./search/tool-meanings.ts";
import { createSecretResolver } from "./secrets/create-secret-resolver.ts";
import type { Secret } from "./secrets/secret.ts";
import { ConfiguredState } from "./state/configured-state.ts";
import type { StateStore } from "./state/state-store.ts";
import { CallLog } from "./telemetry/call-log.ts";
import { Metrics } from "./telemetry/metrics.ts";
import { createTracer, type Tracer } from "./telemetry/tracing.ts";

export interface ComposeOptions {
  readonly log: Logger;
  /** For the line of each tool call; made of `log` when absent. */
  readonly callLog?: CallLog | undefined;
  readonly env: NodeJS.ProcessEnv;
  /** Accepted as the credential of the caller `developer`. */
  readonly developerToken?: Secret | undefined;
  /** Further or other connectors, by type. */
  readonly connectors?: Connectors;
  /** Address the gateway is served on. */
  readonly host: string;
  /** Refuses work while the process does not keep up; absent: nothing is refused. */
  readonly load?: LoadMonitor | undefined;
}

/** The parts of a gateway without a configuration yet: `registry.apply(settings)` makes it serve. */
export interface Composed extends AppOptions {
  readonly registry: Registry;
  /** What calls leave behind for later ones; close it after the registry. */
  readonly state: StateStore;
  /** Exports spans; absent unless the environment names a collector. Close it last. */
  readonly tracer: Tracer | undefined;
}

/**
 * @example
 * const composed = compose({ log, env: process.env, host: "127.0.0.1" });
 * await composed.registry.apply(settings);
 * const app = createApp(composed);
 */
export function compose(options: ComposeOptions): Composed {
  const { log, env, developerToken } = options;
  const state = new ConfiguredState(log);
  const memory = createVectorMemory();
  const registry = new Registry({
    connectors: options.connectors ?? connectors,
    log,
    emptyIndex: createToolIndex(),
    prepare: async (settings: Settings) => {
      await state.use(settings.gateway.state);
      const secrets = createSecretResolver({
        settings: settings.gateway.secrets,
        env,
        baseFolder: settings.source.folder,
      });
      const authenticator = await createAuthenticator({
        settings: settings.gateway.auth,
        resolveSecret: (reference) => secrets.resolve(reference),
        developerToken,
        log: log.child({ component: "auth" }),
      });
      const policy = createPolicy(settings.gateway.policies);
      for (const fault of [...authenticator.faults, ...policy.faults]) log.warn({ component: "auth" }, fault);
      const meanings = await openToolMeanings({
        settings: settings.gateway.search?.embedder,
        resolveSecret: (reference) => secrets.resolve(reference),
        memory,
        log: log.child({ component: "search" }),
      });
      return { secrets, tokens: state.tokens, authenticator, policy, meanings };
    },
  });
  const results = new ResultStore({ state });
  const metrics = new Metrics({ registry, state, load: options.load });
  const tracer = createTracer({ env, log });
  const observe: Observe = (call, execution) => {
    metrics.calls.add(call, execution);
    tracer?.end(call, execution);
  };
  const gateway = new Gateway({
    registry,
    pipeline: createPipeline({ log: options.callLog ?? new CallLog(log), state, results, observe }),
    log,
    results,
    metrics,
    state,
    load: options.load,
    tracer,
  });
  const graphql = createGraphqlDoor({
    gateway,
    buildGraph: buildViewGraph,
    isDevelopment: env.NODE_ENV !== "production",
  });
  return { registry, state, tracer, gateway, graphql, isLoopback: isLoopback(options.host) };
}
