/** `toolgraph serve`: listens, opens the servers, follows the configuration, and stops in good order. */
import { randomBytes } from "node:crypto";
import { writeSync } from "node:fs";
import type { Logger } from "pino";
import { compose } from "../compose.ts";
import { createConfigWatcher, type ConfigWatcher } from "../config/create-config-watcher.ts";
import { isLoopback } from "../config/check-document.ts";
import type { Settings } from "../config/settings.ts";
import { serve, type Listening } from "../http/serve.ts";
import { giveBackMemory } from "../lifecycle/give-back-memory.ts";
import { LoadMonitor } from "../lifecycle/load-monitor.ts";
import { stopInOrder } from "../lifecycle/stop-in-order.ts";
import { stopSignal } from "../lifecycle/stop-signal.ts";
import type { CommandOptions } from "./command-options.ts";
import type { Registry } from "../registry/registry.ts";
import { Secret } from "../secrets/secret.ts";
import { CallLog } from "../telemetry/call-log.ts";
import { createLogger } from "../telemetry/logger.ts";
import { load, loadOrComplain } from "./load.ts";
import { warmUp } from "./warm-up.ts";
import { welcome } from "./welcome.ts";

/** How long the process may outlive its stop, milliseconds. */
const LINGER_MS = 1_000;

/** Resolves with the exit code once stopped: 0 after a signal, 1 when it could not start or had to cut calls off. */
export async function serveCommand(options: CommandOptions): Promise<number> {
  const settings = await loadOrComplain(options.config, options.host);
  if (!settings) return 1;
  const { gateway } = settings;
  const { host } = gateway;
  const log = createLogger({ level: gateway.logging.level, redact: gateway.logging.redact });
  const callLog = new CallLog(log, gateway.logging.redact);
  // Ahead of pino's own listener, which writes out what its stream holds.
  process.prependListener("exit", callLog.flush);
  const developerToken =
    isLoopback(host) && !hasCredentials(settings)
      ? new Secret(`dev-${randomBytes(24).toString("base64url")}`)
      : undefined;
  const monitor = new LoadMonitor({ log });
  const composed = compose({
    load: monitor,
    log,
    callLog,
    env: process.env,
    developerToken,
    host,
  });
  let listening: Listening;
  try {
    listening = await serve({ ...composed, host, port: options.port ?? gateway.port });
  } catch (error) {
    process.stderr.write(`${listenProblem(error, host, options.port ?? gateway.port)}\n`);
    await composed.registry.close();
    return 1;
  }
  monitor.start();
  const stopped = stopSignal();
  // Before the first generation, so that a change during start-up is not missed.
  const watcher = settings.source.isDemo ? undefined : await follow(settings, composed.registry, log, options);
  const ready = warmUp().then(() => composed.registry.apply(settings));
  const generation = await Promise.race([ready, stopped.then(() => undefined)]);
  if (generation) {
    giveBackMemory();
    log.info({ component: "http", address: listening.url }, `Toolgraph is ready at ${listening.url}`);
    log.flush();
    // The one line that is not for the log alone: whoever started the process waits for it.
    if (!log.isLevelEnabled("info")) say(`Toolgraph is ready at ${listening.url}\n`);
    if (developerToken) say(welcome(listening.url, developerToken, settings));
  }
  const signal = await stopped;
  log.info({ component: "http", signal }, "stopping");
  log.flush();
  await watcher?.close();
  const { state, tracer } = composed;
  const last = tracer ? [state, tracer] : [state];
  const { graceMs, timeoutMs } = gateway.shutdown;
  // Nobody waits behind a terminal for a balancer to notice.
  const bounds = { graceMs: signal === "SIGINT" ? 0 : graceMs, timeoutMs };
  const code = await stopInOrder({ ...composed, listening, last, log }, bounds);
  monitor.stop();
  log.flush();
  // Something of a server that never finished opening may still hold the process; its children end with it.
  setTimeout(() => process.exit(code), LINGER_MS).unref();
  return code;
}

/**
 * Not by `process.stdout` where it can be helped: that makes a pipe non-blocking for the log too, which then could not write
 * all it holds when the process ends at once.
 */
function say(text: string): void {
  try {
    writeSync(1, text);
  } catch {
    process.stdout.write(text);
  }
}

/** A changed file makes a new generation; a broken one is told and changes nothing. */
function follow(settings: Settings, registry: Registry, log: Logger, options: CommandOptions): Promise<ConfigWatcher> {
  const { file } = settings.source;
  const audit = log.child({ component: "config" });
  return createConfigWatcher({
    file,
    log: audit,
    onChange: async () => {
      const loaded = await load(file, options.host);
      if (!loaded.ok) {
        for (const fault of loaded.faults)
          audit.error({ audit: true, ...fault }, "configuration rejected; the old one goes on serving");
        return;
      }
      const { host, port } = loaded.settings.gateway;
      if (host !== settings.gateway.host || port !== settings.gateway.port)
        audit.warn({ file }, "host and port change only with a restart");
      const { number } = await registry.apply(loaded.settings);
      audit.info({ audit: true, file, generation: number }, "configuration applied");
    },
  });
}

function hasCredentials({ gateway: { auth } }: Settings): boolean {
  return (
    auth.anonymous ||
    auth.apiKeys.length > 0 ||
    auth.jwt.length > 0 ||
    auth.serviceAccounts.length > 0 ||
    auth.authjs !== undefined
  );
}

function listenProblem(error: unknown, host: string, port: number): string {
  const { code, message } = error as NodeJS.ErrnoException;
  switch (code) {
    case "EADDRINUSE":
      return `Port ${port} on ${host} is taken. Stop what uses it, or choose another: npm start -- --port ${port + 1}`;
    case "EACCES":
      return `Port ${port} on ${host} may not be used by this account. Choose one above 1023: npm start -- --port 4000`;
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return `This machine has no address ${host}. Use --host 127.0.0.1.`;
    default:
      return `Cannot listen on ${host}:${port}: ${message}`;
  }
}
