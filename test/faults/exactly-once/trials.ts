/** The trials of the exactly-once proof: what fails in each, beyond a chat service that acts, hangs, breaks off and fails at random. */
import type { RedisServer } from "../../state/redis-server.ts";
import { setTimeout as sleep } from "node:timers/promises";
import type { Blow, Trial } from "./prove.ts";
import { MOODS } from "./unreliable-chat.ts";

const reload: Blow = (struck) => struck.reload();
const kill =
  (index: number): Blow =>
  ({ replicas }) =>
    replicas[index]!.killAndRestart();

/** Without a shared state the records end with their process: it is not killed here. */
export const inMemory: Trial = {
  name: "memory: clients hang up, configuration reloads",
  writes: 120,
  replicas: 1,
  state: "memory",
  moods: MOODS,
  blows: [reload, reload, reload, reload],
};

export function withRedis(redis: RedisServer): readonly Trial[] {
  const pause: Blow = async () => {
    await redis.pause();
    await sleep(600);
    await redis.resume();
  };
  // It keeps what it was told on disk, as one has to be set up that is to survive its own end.
  const restart: Blow = () => redis.restart();
  return [
    {
      name: "Redis: one gateway killed with kill -9",
      writes: 150,
      replicas: 1,
      state: redis.address,
      moods: MOODS,
      blows: [kill(0), kill(0), kill(0)],
    },
    {
      name: "Redis: two gateways, kill -9 and Redis itself",
      writes: 250,
      replicas: 2,
      state: `${redis.address}/1`,
      moods: MOODS,
      blows: [kill(0), pause, kill(1), reload, restart, kill(0), pause],
    },
    {
      name: "Redis: three gateways, kill -9 and Redis paused",
      writes: 250,
      replicas: 3,
      state: `${redis.address}/2`,
      moods: MOODS,
      blows: [pause, kill(0), kill(2), pause, reload, kill(1)],
    },
  ];
}
