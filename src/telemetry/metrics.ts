/** Everything `GET /metrics` tells: calls, servers, HTTP requests and the process, read when it is scraped. */
import { collectDefaultMetrics, Registry as MetricRegistry } from "prom-client";
import type { LoadMonitor } from "../lifecycle/load-monitor.ts";
import type { Registry } from "../registry/registry.ts";
import type { ServerEntry } from "../registry/server-entry.ts";
import type { StateStore } from "../state/state-store.ts";
import { VERSION } from "../version.ts";
import { addMetric, type Sample } from "./add-metric.ts";
import { CallMetrics } from "./call-metrics.ts";

export interface MetricsOptions {
  readonly registry: Registry;
  readonly state: StateStore;
  readonly load?: LoadMonitor | undefined;
}

const STATUSES = ["READY", "STARTING", "DEGRADED", "DISABLED"] as const;
const CIRCUITS = ["closed", "open", "half_open"] as const;

export class Metrics {
  readonly calls: CallMetrics;
  readonly #metrics = new MetricRegistry();
  /** route → status → requests */
  #watchesProcess = false;
  readonly #requests = new Map<string, Map<number, number>>();

  constructor({ registry, state, load }: MetricsOptions) {
    const metrics = this.#metrics;
    this.calls = new CallMetrics(metrics);
    registry.onChange(({ servers }) =>
      this.calls.keepOnly((serverId, toolName) => servers.get(serverId)?.tools.has(toolName) ?? false),
    );
    const gauge = (name: string, help: string, read: () => Iterable<Sample>) =>
      addMetric(metrics, { name, help, type: "gauge" }, read);
    const ofServers = function* (of: (server: ServerEntry) => Iterable<Sample>): Iterable<Sample> {
      for (const server of registry.current?.servers.values() ?? []) yield* of(server);
    };
    addMetric(
      metrics,
      { name: "toolgraph_http_requests_total", help: "HTTP requests answered, by route and status.", type: "counter" },
      () => this.#requestSamples(),
    );
    gauge("toolgraph_info", "Version of the gateway.", () => [{ labels: { version: VERSION }, value: 1 }]);
    gauge("toolgraph_generation", "Number of the configuration generation that serves.", () => [
      { labels: {}, value: registry.current?.number ?? 0 },
    ]);
    gauge("toolgraph_server_status", "1 for the status a server has.", () =>
      ofServers(({ id, runtime }) => oneOf(STATUSES, runtime.status, "status", id)),
    );
    gauge("toolgraph_server_circuit", "1 for the state a server's circuit has.", () =>
      ofServers(({ id, runtime }) => oneOf(CIRCUITS, runtime.breaker.state, "state", id)),
    );
    gauge("toolgraph_server_running_calls", "Calls that run on a server now.", () =>
      ofServers(({ id, runtime }) => [{ labels: { server_id: id }, value: runtime.running }]),
    );
    gauge("toolgraph_server_tools", "Tools of a server.", () =>
      ofServers(({ id, tools }) => [{ labels: { server_id: id }, value: tools.size }]),
    );
    gauge("toolgraph_overloaded", "1 while work is refused because the process does not keep up.", () => [
      { labels: {}, value: load?.isOverloaded === true ? 1 : 0 },
    ]);
    gauge(
      "toolgraph_state_degraded",
      "1 while the shared state cannot be reached and the gateway goes on with its own.",
      () => {
        const { kind, health } = state.status();
        return [{ labels: { kind }, value: health === "ok" ? 0 : 1 }];
      },
    );
  }

  readonly contentType: string = MetricRegistry.PROMETHEUS_CONTENT_TYPE;

  /** One request was answered. `route` is the route's path as it is written in the OpenAPI document, never the caller's. */
  countRequest(route: string, status: number): void {
    let statuses = this.#requests.get(route);
    if (!statuses) this.#requests.set(route, (statuses = new Map()));
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
  }

  /** The Prometheus text. The process is watched from the first time on: where nobody scrapes, nothing is spent on it. */
  text(): Promise<string> {
    if (!this.#watchesProcess) {
      this.#watchesProcess = true;
      collectDefaultMetrics({ register: this.#metrics, eventLoopMonitoringPrecision: 20 });
    }
    return this.#metrics.metrics();
  }

  *#requestSamples(): Iterable<Sample> {
    for (const [route, statuses] of this.#requests) {
      for (const [status, value] of statuses) yield { labels: { route, status: String(status) }, value };
    }
  }
}

function oneOf<T extends string>(all: readonly T[], actual: T, label: string, serverId: string): Sample[] {
  return all.map((each) => ({ labels: { server_id: serverId, [label]: each }, value: each === actual ? 1 : 0 }));
}
