/** How the registry opens servers and replaces generations, told with a connector whose servers open when a test says so. */
import { pino } from "pino";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { createAuthenticator } from "../../src/auth/authenticator.ts";
import { checkDocument } from "../../src/config/check-document.ts";
import type { Settings } from "../../src/config/settings.ts";
import type { Connector, ServerContext } from "../../src/connector/connector.ts";
import { createPolicy } from "../../src/policy/policy.ts";
import { Registry } from "../../src/registry/registry.ts";
import { createToolIndex } from "../../src/search/tool-index.ts";
import { createSecretResolver } from "../../src/secrets/create-secret-resolver.ts";
import { MemoryTokens } from "../../src/state/memory-tokens.ts";
import { shopConnector } from "../e2e/shop-connector.ts";

interface Opened {
  readonly context: ServerContext;
  /** Lets `open` resolve with the shop's tools, or reject. */
  finish(error?: Error): void;
  isClosed: boolean;
}

const log = pino({ level: "silent" });

function startRegistry(options: { openingWaitMs?: number; env?: Record<string, string> } = {}) {
  const opened: Opened[] = [];
  const waiting: (() => void)[] = [];
  const doors: Connector = {
    ...shopConnector,
    type: "door",
    config: z.object({ slow: z.boolean().default(false) }),
    open: async (context) => {
      const gate = Promise.withResolvers<void>();
      const entry: Opened = {
        context,
        finish: (error) => (error ? gate.reject(error) : gate.resolve()),
        isClosed: false,
      };
      opened.push(entry);
      for (const resolve of waiting.splice(0)) resolve();
      if (!(context.config as { slow: boolean }).slow) gate.resolve();
      await gate.promise;
      return {
        tools: shopConnector.tools ?? [],
        close: async () => {
          entry.isClosed = true;
        },
      };
    },
  };
  const connectors = new Map([["door", doors]]);
  let prepareFails = false;
  const env = { ...options.env };
  const registry = new Registry({
    connectors,
    log,
    emptyIndex: createToolIndex(),
    openingWaitMs: options.openingWaitMs ?? 5_000,
    prepare: async (settings) => {
      if (prepareFails) throw new Error("not today");
      const secrets = createSecretResolver({ settings: settings.gateway.secrets, env, baseFolder: "/" });
      const resolveSecret = (reference: string) => secrets.resolve(reference);
      const authenticator = await createAuthenticator({ settings: settings.gateway.auth, resolveSecret, log });
      return { secrets, tokens: new MemoryTokens(), authenticator, policy: createPolicy(settings.gateway.policies) };
    },
  });
  const settings = (...servers: Record<string, unknown>[]): Settings => {
    const checked = checkDocument({ servers: servers.map((server) => ({ type: "door", ...server })) }, connectors);
    if (!checked.ok) throw new Error(JSON.stringify(checked.faults));
    return { ...checked, source: { file: "test", folder: "/", isDemo: false } };
  };
  return {
    registry,
    opened,
    env,
    settings,
    failToPrepare: (fails: boolean) => void (prepareFails = fails),
    nextOpening: () => new Promise<void>((resolve) => waiting.push(resolve)),
    changed: () => new Promise<number>((resolve) => void registry.onChange(({ number }) => resolve(number))),
    async [Symbol.asyncDispose]() {
      await registry.close();
    },
  };
}

const status = ({ registry }: ReturnType<typeof startRegistry>, id: string) => {
  const { runtime } = registry.current!.servers.get(id)!;
  return [runtime.status, runtime.statusReason];
};

describe("opening", () => {
  test("a server that takes long does not hold up the others, and joins when it is ready", async () => {
    await using started = startRegistry({ openingWaitMs: 20 });
    const { registry, settings, opened } = started;
    const slow = { id: "slow", server_specific_config: { slow: true } };
    const first = await registry.apply(settings({ id: "quick" }, slow));
    expect([...first.servers.values()].map(({ id, tools }) => [id, tools.size])).toEqual([
      ["quick", 5],
      ["slow", 0],
    ]);
    expect(status(started, "slow")[0]).toBe("STARTING");
    opened[1]!.finish();
    await expect.poll(() => registry.current!.number).toBe(2);
    expect(registry.current!.servers.get("slow")!.tools.size).toBe(5);
    expect(status(started, "slow")).toEqual(["READY", undefined]);
    expect(first.servers.get("slow")!.tools.size).toBe(0);
  });

  test("a server that cannot be opened is DEGRADED, its defect stays inside", async () => {
    await using started = startRegistry({ openingWaitMs: 5_000 });
    const opening = started.nextOpening();
    const applied = started.registry.apply(started.settings({ id: "slow", server_specific_config: { slow: true } }));
    await opening;
    started.opened[0]!.finish(new TypeError("undefined is not /etc/passwd"));
    await applied;
    const [state, reason] = status(started, "slow");
    expect(state).toBe("DEGRADED");
    expect(reason).not.toMatch(/passwd/);
  });

  test("a server that is closed while it opens does not stay open", async () => {
    const started = startRegistry({ openingWaitMs: 20 });
    await started.registry.apply(started.settings({ id: "slow", server_specific_config: { slow: true } }));
    await started.registry.close();
    started.opened[0]!.finish();
    await expect.poll(() => started.opened[0]!.isClosed).toBe(true);
  });

  test("a disabled server is never opened", async () => {
    await using started = startRegistry();
    await started.registry.apply(started.settings({ id: "off", isEnabled: false }));
    expect(started.opened).toEqual([]);
    expect(status(started, "off")[0]).toBe("DISABLED");
  });
});

describe("the next generation", () => {
  test("one that cannot be prepared changes nothing", async () => {
    await using started = startRegistry();
    const before = await started.registry.apply(started.settings({ id: "a" }));
    started.failToPrepare(true);
    await expect(started.registry.apply(started.settings({ id: "b" }))).rejects.toThrow("not today");
    expect(started.registry.current).toBe(before);
    expect(started.opened.map(({ isClosed }) => isClosed)).toEqual([false]);
    started.failToPrepare(false);
    await started.registry.apply(started.settings({ id: "b" }));
    expect([...started.registry.current!.servers.keys()]).toEqual(["b"]);
    expect(started.opened.map(({ isClosed }) => isClosed)).toEqual([true, false]);
  });

  test("carries over what did not change, and reopens what did: settings or the value of a secret", async () => {
    await using started = startRegistry({ env: { TOKEN: "old" } });
    const { registry, settings, env, opened } = started;
    const servers = [
      { id: "plain" },
      { id: "secret", authentication: { method: "bearer_token", tokenRef: "TOKEN" } },
    ] as const;
    const first = await registry.apply(settings(...servers));
    const second = await registry.apply(settings(...servers));
    expect(second.servers.get("plain")).toBe(first.servers.get("plain"));
    expect(second.servers.get("secret")).toBe(first.servers.get("secret"));
    env.TOKEN = "new";
    const third = await registry.apply(settings(...servers));
    expect(third.servers.get("plain")).toBe(first.servers.get("plain"));
    expect(third.servers.get("secret")).not.toBe(first.servers.get("secret"));
    expect(opened.map(({ context, isClosed }) => [context.id, isClosed])).toEqual([
      ["plain", false],
      ["secret", true],
      ["secret", false],
    ]);
  });

  test("many changes of tools at once make one generation", async () => {
    await using started = startRegistry();
    await started.registry.apply(started.settings({ id: "a" }, { id: "b" }));
    const numbers: number[] = [];
    started.registry.onChange(({ number }) => numbers.push(number));
    const told = started.changed();
    for (let times = 0; times < 50; times += 1) for (const { context } of started.opened) context.toolsChanged();
    await told;
    await started.registry.apply(started.settings({ id: "a" }));
    // Nothing changed in truth: the generation stays and is told once; then the one that was applied.
    expect(numbers).toEqual([1, 2]);
  });

  test("configurations applied at the same time are taken one after the other; the last one stays", async () => {
    await using started = startRegistry();
    const { registry, settings } = started;
    const generations = await Promise.all(["a", "b", "c"].map((id) => registry.apply(settings({ id }))));
    expect(generations.map(({ number }) => number)).toEqual([1, 2, 3]);
    expect([...registry.current!.servers.keys()]).toEqual(["c"]);
  });
});

describe("health", () => {
  test("a server that says it is unwell is shown so, and calls to its tools still go through", async () => {
    await using started = startRegistry();
    await started.registry.apply(started.settings({ id: "a" }));
    const told = started.changed();
    started.opened[0]!.context.statusChanged("DEGRADED", "The last look at its tools failed.");
    await told;
    expect(status(started, "a")).toEqual(["DEGRADED", "The last look at its tools failed."]);
    expect(started.registry.current!.servers.get("a")!.tools.size).toBe(5);
    const better = started.changed();
    started.opened[0]!.context.statusChanged("READY");
    await better;
    expect(status(started, "a")).toEqual(["READY", undefined]);
  });
});
