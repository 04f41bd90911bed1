/** Puts a metric into a prom-client registry whose values are read when it is scraped, and cost nothing until then. */
import type { Registry } from "prom-client";

export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  /** Of a histogram: `_bucket`, `_sum` or `_count`. */
  readonly suffix?: string;
}

export interface MetricHead {
  readonly name: string;
  readonly help: string;
  readonly type: "counter" | "gauge" | "histogram";
}

/**
 * prom-client's own counters hash the labels at every increment; the registry only asks a metric for its values.
 *
 * @example
 * addMetric(registry, { name: "toolgraph_generation", help: "…", type: "gauge" }, () => [{ labels: {}, value: 3 }]);
 */
export function addMetric(registry: Registry, head: MetricHead, read: () => Iterable<Sample>): void {
  const metric = {
    ...head,
    get: () =>
      Promise.resolve({
        ...head,
        values: Array.from(read(), ({ labels, value, suffix }) => ({
          labels,
          value,
          ...(suffix !== undefined && { metricName: head.name + suffix }),
        })),
      }),
  };
  registry.registerMetric(metric as never);
}
