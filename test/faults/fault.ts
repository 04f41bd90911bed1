/** What a fault is to this suite: a server that misbehaves in one way, and what callers are owed when it does. */
import type { ErrorCode } from "../../src/errors/catalogue.ts";

/** The `timeout_ms` of every faulty server. */
export const TIMEOUT_MS = 800;
/** What an answer may take beyond that, milliseconds: a busy machine's share. */
export const MARGIN_MS = 500;
export const MAX_ATTEMPTS = 3;

export interface Owed {
  readonly code: ErrorCode | "success";
  /** HTTP status of the REST door; GraphQL always answers 200. */
  readonly status: number;
  readonly retryable: boolean | "if not unknown";
  /** Is the caller told that nobody knows whether the write happened? */
  readonly isUnknown: boolean | "if sent";
  /** Fewest and most times the server may see one call. */
  readonly sent: readonly [number, number];
  /** Most that `retry_after_ms` may say, where the server asked for a wait: what has passed of it is taken off. */
  readonly waitMs?: number;
}

export interface OpenedFault extends AsyncDisposable {
  /** Its entry in the configuration, without `id`. */
  readonly server: Readonly<Record<string, unknown>>;
  /** How often the server saw the call that carries the tag. */
  readonly seen: (tag: string) => number;
  /** Connections the server accepted; 0 where that means nothing. */
  readonly connections: () => number;
  /** Brings the fault about, where it is none before the server is configured. */
  readonly strike?: () => Promise<void>;
  /** Makes the server well again; absent where the fault is in the configuration. */
  readonly heal?: () => void | Promise<void>;
}

export interface Fault {
  readonly name: string;
  readonly read: Owed;
  readonly write: Owed;
  /** For a write without a `request_id`, where that makes a difference. */
  readonly writeWithoutId?: Owed;
  /** Milliseconds that calls to other servers may lose by design. */
  readonly othersMs?: number;
  /** How long it may take until the server is used again once it could be, milliseconds; soon when absent. */
  readonly recoversWithinMs?: number;
  /** The typed field is not in the graph while the server's tools are unknown. */
  readonly hidesFields?: boolean;
  open(): Promise<OpenedFault>;
}

/** Both effects of a fault whose server certainly did not act: a write may be sent again like a read. */
export function neverActed(owed: Omit<Owed, "isUnknown">): Pick<Fault, "read" | "write"> {
  return { read: { ...owed, isUnknown: false }, write: { ...owed, isUnknown: false } };
}

/** Both effects of a fault after which a write may have happened: it is sent once and never retryable. */
export function mayHaveActed(owed: Omit<Owed, "isUnknown">): Pick<Fault, "read" | "write"> {
  const [least, most] = owed.sent;
  return {
    read: { ...owed, isUnknown: false },
    write: { ...owed, isUnknown: true, retryable: false, sent: [Math.min(least, 1), Math.min(most, 1)] },
  };
}
