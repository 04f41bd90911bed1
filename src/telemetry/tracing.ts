/** Exports a span for each tool call over OTLP/HTTP in JSON; off unless an endpoint is set in the environment. */
import type { Logger } from "pino";
import { request } from "undici";
import type { ToolCall } from "../pipeline/tool-call.ts";
import type { ToolExecution } from "../pipeline/tool-execution.ts";
import { VERSION } from "../version.ts";
import { newTrace, type Trace } from "./trace.ts";

/** Spans are sent when so many are there, or after {@link FLUSH_MS}. */
const BATCH = 512;
const FLUSH_MS = 5_000;
/** More than that waiting, and new ones are dropped: a collector that is down must not cost the gateway its memory. */
const MAX_WAITING = 4 * BATCH;
const SEND_TIMEOUT_MS = 10_000;
/** Numbers of the protocol: https://opentelemetry.io/docs/specs/otlp/, trace.proto. */
const KIND_SERVER = 2;
const STATUS_ERROR = 2;

export interface Tracer {
  /** The span of one call: below the caller's, or the first of a new trace. */
  begin(from: Trace | undefined): Trace;
  /** Keeps the span of a call that ended, if its trace is sampled. */
  end(call: ToolCall, execution: ToolExecution): void;
  /** Sends what is left; waits no longer than one request may take. */
  close(): Promise<void>;
}

export interface TracingOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly log: Logger;
}

/**
 * Reads the variables of OpenTelemetry that apply (https://opentelemetry.io/docs/specs/otel/protocol/exporter/):
 * `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT`, `OTEL_EXPORTER_OTLP_ENDPOINT`, `OTEL_EXPORTER_OTLP_HEADERS`, `OTEL_SERVICE_NAME`.
 * Absent when neither endpoint is set.
 *
 * @example
 * const tracer = createTracer({ env: { OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:4318" }, log });
 */
export function createTracer({ env, log }: TracingOptions): Tracer | undefined {
  const base = env.OTEL_EXPORTER_OTLP_ENDPOINT;
  const url = env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT || (base && `${base.replace(/\/+$/, "")}/v1/traces`);
  if (!url) return undefined;
  if (!URL.canParse(url)) {
    log.warn({ component: "tracing" }, "OTEL_EXPORTER_OTLP_ENDPOINT is no address; no traces are exported");
    return undefined;
  }
  return new OtlpTracer(url, env, log.child({ component: "tracing" }));
}

class OtlpTracer implements Tracer {
  readonly #url: string;
  readonly #headers: Record<string, string>;
  readonly #resource: unknown;
  readonly #log: Logger;
  #waiting: unknown[] = [];
  #timer: NodeJS.Timeout | undefined;
  #sending: Promise<void> | undefined;
  #dropped = 0;

  constructor(url: string, env: NodeJS.ProcessEnv, log: Logger) {
    this.#url = url;
    this.#log = log;
    this.#headers = { ...headersOf(env.OTEL_EXPORTER_OTLP_HEADERS), "content-type": "application/json" };
    const service = env.OTEL_SERVICE_NAME || "toolgraph";
    this.#resource = { attributes: attributes({ "service.name": service, "service.version": VERSION }) };
  }

  begin(from: Trace | undefined): Trace {
    return from ? from.child() : newTrace();
  }

  end({ door, trace, correlationId }: ToolCall, execution: ToolExecution): void {
    if (!trace?.isSampled) return;
    if (this.#waiting.length >= MAX_WAITING) {
      this.#dropped += 1;
      return;
    }
    const endMs = Date.now();
    const { error } = execution;
    this.#waiting.push({
      traceId: trace.traceId,
      spanId: trace.spanId,
      ...(trace.parentSpanId !== undefined && { parentSpanId: trace.parentSpanId }),
      ...(trace.state !== undefined && { traceState: trace.state }),
      name: execution.effect === undefined ? "call_tool" : `call_tool ${execution.toolName}`,
      kind: KIND_SERVER,
      startTimeUnixNano: nanoseconds(endMs - execution.durationMs),
      endTimeUnixNano: nanoseconds(endMs),
      attributes: attributes({
        "toolgraph.server_id": execution.serverId,
        "toolgraph.tool_name": execution.toolName,
        "toolgraph.door": door,
        "toolgraph.correlation_id": correlationId,
        "toolgraph.execution_id": execution.executionId,
        "toolgraph.attempts": execution.attempts,
        "toolgraph.cached": execution.cached,
        ...(error && { "error.type": error.code }),
      }),
      ...(error && { status: { code: STATUS_ERROR, message: error.code } }),
    });
    if (this.#waiting.length >= BATCH) this.#flush();
    else this.#timer ??= setTimeout(() => this.#flush(), FLUSH_MS).unref();
  }

  async close(): Promise<void> {
    await this.#sending;
    this.#flush();
    await this.#sending;
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#sending || this.#waiting.length === 0) return;
    const spans = this.#waiting;
    this.#waiting = [];
    this.#sending = this.#send(spans).finally(() => {
      this.#sending = undefined;
      if (this.#waiting.length >= BATCH) this.#flush();
      else if (this.#waiting.length > 0) this.#timer ??= setTimeout(() => this.#flush(), FLUSH_MS).unref();
    });
  }

  async #send(spans: readonly unknown[]): Promise<void> {
    try {
      const { statusCode, body } = await request(this.#url, {
        method: "POST",
        headers: this.#headers,
        body: JSON.stringify({
          resourceSpans: [
            { resource: this.#resource, scopeSpans: [{ scope: { name: "toolgraph", version: VERSION }, spans }] },
          ],
        }),
        signal: AbortSignal.timeout(SEND_TIMEOUT_MS),
      });
      await body.dump();
      if (statusCode >= 300) throw new Error(`the collector answered ${statusCode}`);
    } catch (error) {
      this.#dropped += spans.length;
      this.#log.warn({ err: error, dropped_spans: this.#dropped }, "spans could not be exported");
    }
  }
}

/** `a=1,b=2`, with percent-encoded values. */
function headersOf(text = ""): Record<string, string> {
  const pairs = text.split(",").flatMap((pair) => {
    const at = pair.indexOf("=");
    if (at < 1) return [];
    const value = pair.slice(at + 1).trim();
    return [[pair.slice(0, at).trim().toLowerCase(), decoded(value)] as const];
  });
  return Object.fromEntries(pairs);
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

function nanoseconds(milliseconds: number): string {
  return String(BigInt(Math.round(milliseconds * 1000)) * 1000n);
}

function attributes(values: Readonly<Record<string, string | number | boolean>>): unknown[] {
  return Object.entries(values).map(([key, value]) => ({ key, value: attribute(value) }));
}

function attribute(value: string | number | boolean): unknown {
  if (typeof value === "string") return { stringValue: value };
  return typeof value === "boolean" ? { boolValue: value } : { intValue: String(value) };
}
