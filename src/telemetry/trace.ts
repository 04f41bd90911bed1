/** W3C Trace Context: taken over from the caller and passed on to servers, so that one trace shows the whole way. */
import { randomBytes } from "node:crypto";

const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const SAMPLED = 1;
/** Longest `tracestate` passed on, characters (W3C Trace Context section 3.3.1.5 asks for at least 512). */
const MAX_STATE = 512;

/** One place in a trace. */
export class Trace {
  readonly traceId: string;
  readonly spanId: string;
  /** The span this one is part of; absent for the first of a trace. */
  readonly parentSpanId: string | undefined;
  readonly flags: number;
  readonly state: string | undefined;

  constructor(parts: Pick<Trace, "traceId" | "spanId" | "parentSpanId" | "flags" | "state">) {
    this.traceId = parts.traceId;
    this.spanId = parts.spanId;
    this.parentSpanId = parts.parentSpanId;
    this.flags = parts.flags;
    this.state = parts.state;
  }

  get isSampled(): boolean {
    return (this.flags & SAMPLED) !== 0;
  }

  /** A new span below this one. */
  child(): Trace {
    return new Trace({
      traceId: this.traceId,
      spanId: randomBytes(8).toString("hex"),
      parentSpanId: this.spanId,
      flags: this.flags,
      state: this.state,
    });
  }

  /** What a request that belongs to this span carries. */
  headers(): Record<string, string> {
    return {
      traceparent: `00-${this.traceId}-${this.spanId}-${this.flags.toString(16).padStart(2, "0")}`,
      ...(this.state !== undefined && { tracestate: this.state }),
    };
  }
}

/**
 * The caller's place in its trace; absent without a valid `traceparent`, which is then ignored as the standard asks
 * (https://www.w3.org/TR/trace-context/#traceparent-header).
 *
 * @example
 * readTrace("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", undefined)?.traceId; // "0af7…319c"
 */
export function readTrace(traceparent: string, tracestate: string | undefined): Trace | undefined {
  const match = TRACEPARENT.exec(traceparent);
  if (!match) return undefined;
  const [, version, traceId, spanId, flags, more] = match;
  if (version === "ff" || (version === "00" && more !== undefined)) return undefined;
  if (/^0+$/.test(traceId!) || /^0+$/.test(spanId!)) return undefined;
  return new Trace({
    traceId: traceId!,
    spanId: spanId!,
    parentSpanId: undefined,
    flags: Number.parseInt(flags!, 16) & SAMPLED,
    state: tracestate !== undefined && tracestate.length <= MAX_STATE ? tracestate : undefined,
  });
}

/** The first span of a trace that begins here. */
export function newTrace(): Trace {
  return new Trace({
    traceId: randomBytes(16).toString("hex"),
    spanId: randomBytes(8).toString("hex"),
    parentSpanId: undefined,
    flags: SAMPLED,
    state: undefined,
  });
}
