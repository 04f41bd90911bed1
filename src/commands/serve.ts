/** `toolgraph serve`: listens, opens the servers, follows the configuration, and stops in good order. */
import { randomBytes } from "node:crypto";
import type { Logger } from "pino";
import { compose } from "../compose.ts";
import { createConfigWatcher, type ConfigWatcher } from "../config/create-config-watcher.ts";
import { isLoopback } from "../config/check-document.ts";
import type { Settings } from "../config/settings.ts";
import { serve, type Listening } from "../http/serve.ts";
import type { CommandOptions } from "../main.ts";
import type { Registry } from "../registry/registry.ts";
import { Secret } from "../secrets/secret.ts";
import { createCallLog, createLogger } from "../telemetry/logger.ts";
import { load, loadOrComplain } from "./load.ts";
import { welcome } from "./welcome.ts";

/** Resolves with the exit code once stopped: 0 after a signal, 1 when it could not start. */
export async function serveCommand(options: CommandOptions): Promise<number> {
  const settings = await loadOrComplain(options.config, options.host);
  if (!settings) return 1;
  const { gateway } = settings;
  const { host } = gateway;
  const log = createLogger({ level: gateway.logging.level, redact: gateway.logging.redact });
  const developerToken =
    isLoopback(host) && !hasCredentials(settings)
      ? new Secret(`dev-${randomBytes(24).toString("base64url")}`)
      : undefined;
  const composed = compose({
    log,
    callLog: createCallLog(log, gateway.logging.redact),
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
  const stopped = stopSignal();
  // Before the first generation, so that a change during start-up is not missed.
  const watcher = settings.source.isDemo ? undefined : await follow(settings, composed.registry, log, options);
  await composed.registry.apply(settings);
  log.info({ component: "http", address: listening.url }, `Toolgraph is ready at ${listening.url}`);
  log.flush();
  if (developerToken) process.stdout.write(welcome(listening.url, developerToken, settings));
  const signal = await stopped;
  log.info({ component: "http", signal }, "stopping");
  composed.gateway.drain();
  await watcher?.close();
  await listening.close();
  await composed.registry.close();
  log.flush();
  return 0;
}

/** A changed file makes a new generation; a broken one is told and changes nothing. */
function follow(settings: Settings, registry: Registry, log: Logger, options: CommandOptions): Promise<ConfigWatcher> {
  const { file } = settings.source;
  const audit = log.child({ component: "config", file });
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
        audit.warn("host and port change only with a restart");
      const { number } = await registry.apply(loaded.settings);
      audit.info({ audit: true, generation: number }, "configuration applied");
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

/** SIGTERM from an orchestrator or SIGINT from the terminal; a second one ends the process at once. */
function stopSignal(): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) {
      process.once(signal, () => {
        resolve(signal);
        process.once(signal, () => process.exit(1));
      });
    }
  });
}
