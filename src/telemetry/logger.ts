/** The gateway's log: one JSON object a line on standard output, with secrets redacted by path as the second line of defence. */
import { pino, type DestinationStream, type Logger } from "pino";

/** Paths that are never printed, whatever the configuration adds. */
const ALWAYS_REDACTED = [
  "authorization",
  "*.authorization",
  "headers.authorization",
  'headers["x-api-key"]',
  "headers.cookie",
  "*.password",
  "*.token",
  "*.secret",
  "*.client_secret",
  "*.access_token",
  "*.refresh_token",
];

export interface LoggerOptions {
  readonly level: string;
  /** Further paths to redact, in pino's syntax, for example `*.password`. */
  readonly redact: readonly string[];
  readonly destination?: DestinationStream;
}

/** What pino needs of a stream: the last two for `log.flush()`, and for a line that the process does not outlive. */
export interface LogDestination extends DestinationStream {
  flush(done?: (error?: Error) => void): void;
  flushSync(): void;
}

/**
 * Lines are buffered and written every 200 ms or 64 KiB: a line must not cost a system call on the way of a request.
 *
 * @example
 * const log = createLogger({ level: "info", redact: ["*.password"] });
 * log.info({ component: "http", address }, "listening");
 */
export function createLogger(options: LoggerOptions): Logger {
  const destination = options.destination ?? logDestination(1);
  return pino(
    {
      level: options.level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: [...new Set([...ALWAYS_REDACTED, ...options.redact])], censor: "[redacted]" },
      serializers: { err: pino.stdSerializers.errWithCause },
    },
    destination,
  );
}

/**
 * Where lines are written, in large pieces: each is a hand-over to another thread. `dest` is a file descriptor or a path.
 * Lines wait as bytes: of text the stream would copy all that waits with each line.
 */
export function logDestination(dest: number | string): LogDestination {
  const options = { dest, sync: false, minLength: 64 * 1024, maxWrite: 128 * 1024, periodicFlush: 200 };
  const stream = pino.destination({ ...options, contentMode: "buffer" });
  return {
    // Its types know of text alone.
    write: (lines) => void stream.write(Buffer.from(lines) as never),
    flush: (done) => stream.flush(done),
    flushSync: () => stream.flushSync(),
  };
}
