/** An immutable snapshot of everything a request decides by: servers, tools, policy, authentication. Swapped as a whole. */
import { LRUCache } from "lru-cache";
import type { Authenticator } from "../auth/authenticator.ts";
import { OPERATOR_ROLE, type Caller } from "../auth/caller.ts";
import type { Settings } from "../config/settings.ts";
import type { Policy } from "../policy/policy.ts";
import type { SearchTools, ToolIndex } from "../search/tool-index.ts";
import type { ServerEntry } from "./server-entry.ts";
import { View } from "./view.ts";

/** Most permission views kept; one more costs a rebuild, never an error. */
const MAX_VIEWS = 64;

export interface GenerationParts {
  readonly number: number;
  readonly settings: Settings;
  readonly servers: ReadonlyMap<string, ServerEntry>;
  readonly policy: Policy;
  readonly authenticator: Authenticator;
  readonly index: ToolIndex;
  /** Searches the index and, with an embedder, by meaning too. */
  readonly search: SearchTools;
}

export class Generation implements GenerationParts {
  readonly number: number;
  readonly settings: Settings;
  readonly servers: ReadonlyMap<string, ServerEntry>;
  readonly policy: Policy;
  readonly authenticator: Authenticator;
  readonly index: ToolIndex;
  readonly search: SearchTools;
  readonly #views = new LRUCache<string, View>({ max: MAX_VIEWS });

  constructor(parts: GenerationParts) {
    this.number = parts.number;
    this.settings = parts.settings;
    this.servers = parts.servers;
    this.policy = parts.policy;
    this.authenticator = parts.authenticator;
    this.index = parts.index;
    this.search = parts.search;
  }

  /** The view of a caller; callers with equal permissions share one. */
  viewOf(caller: Caller): View {
    const permissions = this.policy.viewKey(caller);
    const key = caller.roles.includes(OPERATOR_ROLE) ? `${permissions}+operator` : permissions;
    let view = this.#views.get(key);
    if (!view) {
      view = new View(key, this, caller);
      this.#views.set(key, view);
    }
    return view;
  }
}
