/** Says in the log when Redis is set up to drop what it was told to keep: a write could then happen twice, and nobody would know. */
import type { Redis } from "ioredis";
import type { Logger } from "pino";

/** Where Redis does not tell, nothing is said. */
export async function warnOfEviction(client: Redis, log: Logger): Promise<void> {
  const memory = await client.info("memory").catch(() => "");
  const [, policy = "noeviction"] = /^maxmemory_policy:(\S+)/m.exec(memory) ?? [];
  const isBounded = !/^maxmemory:0\r?$/m.test(memory);
  if (!isBounded || policy === "noeviction") return;
  log.warn(
    { maxmemory_policy: policy },
    "the shared state may drop outcomes of writes when it is full: set its maxmemory-policy to noeviction",
  );
}
