/** What becomes of calls when the state that replicas share is paused or gone: only what could no longer be promised is refused. */
import type { RedisServer } from "../state/redis-server.ts";
import { neverActed, type Fault, type OpenedFault, type Owed } from "./fault.ts";
import { startFaultyUpstream } from "./faulty-upstream.ts";
import { shopEntry } from "./http-faults.ts";

/** How long the gateway waits for an answer of Redis before it goes on without, with what a busy machine adds. */
const REDIS_WAIT_MS = 350;
const fine: Owed = { ...neverActed({ code: "success", status: 200, retryable: false, sent: [1, 1] }).write };

/** Calls to a server in good health; it is Redis that fails. */
export function redisFaults(redis: RedisServer): readonly Fault[] {
  const owed = {
    read: fine,
    write: { code: "MCP_CONNECTION_ERROR", status: 503, retryable: true, isUnknown: false, sent: [0, 0] },
    writeWithoutId: fine,
    othersMs: REDIS_WAIT_MS,
  } as const;
  return [
    {
      name: "Redis paused (SIGSTOP)",
      ...owed,
      open: opening(
        () => redis.pause(),
        () => redis.resume(),
      ),
    },
    {
      name: "Redis gone",
      ...owed,
      open: opening(
        () => redis.kill(),
        () => redis.restart(),
      ),
    },
  ];
}

function opening(strike: () => Promise<void>, heal: () => Promise<void>): () => Promise<OpenedFault> {
  return async () => {
    const upstream = await startFaultyUpstream({});
    return { ...upstream, server: shopEntry(`http://127.0.0.1:${upstream.port}`), strike, heal };
  };
}
