/** Holds the current generation and replaces it: a new one is built and validated aside, then swapped in one assignment. */
import { isDeepStrictEqual } from "node:util";
import type { Logger } from "pino";
import type { Authenticator } from "../auth/authenticator.ts";
import type { Settings } from "../config/settings.ts";
import type { Connector } from "../connector/connector.ts";
import type { Policy } from "../policy/policy.ts";
import type { SecretResolver } from "../secrets/create-secret-resolver.ts";
import type { SharedTokens } from "../state/shared-tokens.ts";
import { hybridSearch } from "../search/hybrid-search.ts";
import type { ToolIndex } from "../search/tool-index.ts";
import type { ToolMeanings, ToolsOfServer } from "../search/tool-meanings.ts";
import { Generation } from "./generation.ts";
import { snapshotServer, type ServerEntry } from "./server-entry.ts";
import { ServerRuntime } from "./server-runtime.ts";

/** How long a new generation waits for its servers to open, milliseconds; slower ones join when they are ready. */
const OPENING_WAIT_MS = 15_000;
/** Changes of tools that come together make one new generation, milliseconds. */
const GATHER_MS = 20;

/** What a generation is made of besides its servers. */
export interface GenerationDependencies {
  readonly authenticator: Authenticator;
  readonly policy: Policy;
  readonly secrets: SecretResolver;
  /** OAuth tokens, which outlive a configuration. */
  readonly tokens: SharedTokens;
  /** Absent: tools are found by words alone. */
  readonly meanings?: ToolMeanings | undefined;
}

export interface RegistryOptions {
  readonly connectors: ReadonlyMap<string, Connector>;
  readonly log: Logger;
  /** Builds what belongs to one configuration; may reject, and the old generation goes on serving. */
  prepare(settings: Settings): Promise<GenerationDependencies>;
  readonly emptyIndex: ToolIndex;
  readonly openingWaitMs?: number;
}

interface Managed {
  readonly runtime: ServerRuntime;
  /** Equal fingerprints: the server is carried over to the next generation as it is. */
  readonly fingerprint: unknown;
}

export class Registry {
  readonly #options: RegistryOptions;
  readonly #log: Logger;
  readonly #listeners = new Set<(generation: Generation) => void>();
  #current: Generation | undefined;
  #managed = new Map<string, Managed>();
  #dependencies: GenerationDependencies | undefined;
  #queue: Promise<unknown> = Promise.resolve();
  #gathering: NodeJS.Timeout | undefined;
  #isClosed = false;
  readonly #closing = Promise.withResolvers<void>();

  constructor(options: RegistryOptions) {
    this.#options = options;
    this.#log = options.log.child({ component: "registry" });
  }

  /** The generation to serve with; absent until the first one is ready. A request takes it once and keeps it. */
  get current(): Generation | undefined {
    return this.#current;
  }

  /** Told after every swap. Returns how to stop listening. */
  onChange(listener: (generation: Generation) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Builds a generation from settings and swaps it in. Rejects, changing nothing, when it cannot be prepared. */
  apply(settings: Settings): Promise<Generation> {
    return this.#inTurn(async () => {
      const dependencies = await this.#options.prepare(settings);
      const before = this.#managed;
      const managed = new Map<string, Managed>();
      const opening: Promise<void>[] = [];
      for (const server of settings.servers) {
        const fingerprint = await this.#fingerprint(server, settings, dependencies.secrets);
        const kept = before.get(server.id);
        if (kept && isDeepStrictEqual(kept.fingerprint, fingerprint)) {
          managed.set(server.id, kept);
          continue;
        }
        const runtime = new ServerRuntime({
          settings: server,
          connector: this.#options.connectors.get(server.type),
          secrets: dependencies.secrets,
          tokens: dependencies.tokens,
          baseFolder: settings.source.folder,
          log: this.#options.log,
          onChange: () => this.#gather(),
        });
        managed.set(server.id, { runtime, fingerprint });
        opening.push(runtime.open());
      }
      const opened = settledWithin(opening, this.#options.openingWaitMs ?? OPENING_WAIT_MS);
      await Promise.race([opened, this.#closing.promise]);
      const generation = await this.#build(settings, dependencies, managed);
      const replaced = this.#dependencies;
      this.#managed = managed;
      this.#dependencies = dependencies;
      this.#swap(generation);
      replaced?.authenticator.close();
      void replaced?.meanings?.close();
      for (const [id, { runtime }] of before) {
        if (managed.get(id)?.runtime !== runtime) void runtime.retire();
      }
      return generation;
    });
  }

  /** Closes every server after its running calls, or under them when the bound is over; true when none was left. */
  async close(boundMs?: number): Promise<boolean> {
    this.#isClosed = true;
    this.#closing.resolve();
    clearTimeout(this.#gathering);
    await this.#queue.catch(() => {});
    this.#dependencies?.authenticator.close();
    await this.#dependencies?.meanings?.close();
    const ended = await Promise.all([...this.#managed.values()].map(({ runtime }) => runtime.retire(boundMs)));
    return ended.every(Boolean);
  }

  /** A server's tools changed: the same settings with fresh snapshots make the next generation. */
  #gather(): void {
    if (this.#isClosed) return;
    this.#gathering ??= setTimeout(() => {
      this.#gathering = undefined;
      void this.#inTurn(async () => {
        if (this.#current) await this.#refresh(this.#current);
      });
    }, GATHER_MS);
  }

  /** Only health changed: the generation stays and listeners are told. Tools changed: the next one is made. */
  async #refresh(current: Generation): Promise<void> {
    const isSame = [...this.#managed].every(([id, { runtime }]) => {
      const entry = current.servers.get(id);
      return entry !== undefined && carriedOver(entry, runtime) === entry;
    });
    if (isSame) for (const listener of this.#listeners) listener(current);
    else if (this.#dependencies) this.#swap(await this.#build(current.settings, this.#dependencies, this.#managed));
  }

  /** Makes the next generation aside, in turns with the requests that the current one serves. */
  async #build(
    settings: Settings,
    dependencies: GenerationDependencies,
    managed: ReadonlyMap<string, Managed>,
  ): Promise<Generation> {
    const previous = this.#current;
    const servers = new Map<string, ServerEntry>();
    for (const [id, { runtime }] of managed) servers.set(id, carriedOver(previous?.servers.get(id), runtime));
    const { meanings } = dependencies;
    const index = await reindex(previous?.index ?? this.#options.emptyIndex, previous?.servers, servers);
    return new Generation({
      number: (previous?.number ?? 0) + 1,
      settings,
      servers,
      policy: dependencies.policy,
      authenticator: dependencies.authenticator,
      index,
      search: meanings
        ? hybridSearch(index, meanings.of([...servers.values()].map(searchable)))
        : (question, options) => index.search(question, options),
    });
  }

  #swap(generation: Generation): void {
    this.#current = generation;
    this.#log.info(
      {
        generation: generation.number,
        servers: generation.servers.size,
        tools: [...generation.servers.values()].reduce((sum, each) => sum + each.tools.size, 0),
      },
      "generation",
    );
    for (const listener of this.#listeners) listener(generation);
  }

  /** What makes a server the same as before: its settings and the values of the secrets it names. */
  async #fingerprint(
    server: Settings["servers"][number],
    settings: Settings,
    secrets: SecretResolver,
  ): Promise<unknown> {
    const refs = [...new Set(secretRefsIn([server.authentication, server.config]))];
    const values = await Promise.all(
      refs.map((ref) =>
        secrets.resolve(ref).then(
          (secret) => secret.reveal(),
          () => undefined,
        ),
      ),
    );
    return { server, folder: settings.source.folder, values };
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(work);
    this.#queue = result.catch(() => {});
    return result;
  }
}

/** The old entry when nothing in it changed, so that what hangs on it stays valid. */
function carriedOver(previous: ServerEntry | undefined, runtime: ServerRuntime): ServerEntry {
  const fresh = snapshotServer(runtime);
  if (previous?.runtime !== runtime || previous.tools.size !== fresh.tools.size) return fresh;
  for (const [name, tool] of fresh.tools) if (previous.tools.get(name) !== tool) return fresh;
  return previous;
}

async function reindex(
  index: ToolIndex,
  before: ReadonlyMap<string, ServerEntry> | undefined,
  after: ReadonlyMap<string, ServerEntry>,
): Promise<ToolIndex> {
  const next = index.copy();
  for (const id of before?.keys() ?? []) if (!after.has(id)) next.removeServer(id);
  for (const [id, entry] of after) {
    if (before?.get(id) === entry) continue;
    const { server, tools } = searchable(entry);
    await next.addServerInTurns(server, tools);
  }
  return next;
}

function searchable({ id, name, type, settings, tools }: ServerEntry): ToolsOfServer {
  const { description } = settings.metadata;
  return {
    server: { id, name, type, ...(typeof description === "string" && { description }) },
    tools: [...tools.values()],
  };
}

function* secretRefsIn(value: unknown): Generator<string> {
  if (typeof value !== "object" || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    if (typeof inner === "string" && (key === "ref" || key.endsWith("Ref"))) yield inner;
    else yield* secretRefsIn(inner);
  }
}

async function settledWithin(work: readonly Promise<void>[], milliseconds: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const bound = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  await Promise.race([Promise.all(work), bound]);
  clearTimeout(timer);
}
