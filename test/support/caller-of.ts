/** A caller as authentication would name one. */
import type { Caller } from "../../src/auth/caller.ts";

export function callerOf(id: string, roles: readonly string[] = []): Caller {
  return { id, roles, method: "api_key" };
}
