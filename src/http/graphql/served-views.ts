/** The engines that serve views: one for each set of permissions, kept as long as it is used and right. */
import { LRUCache } from "lru-cache";
import type { Admission, Gateway } from "../../gateway.ts";
import type { LimitSettings } from "../../config/settings.ts";
import type { View } from "../../registry/view.ts";
import { createYogaForView } from "./create-yoga-for-view.ts";
import { ParsedDocuments } from "./parsed-documents.ts";
import { ViewEngine } from "./view-engine.ts";
import type { ViewGraph } from "./view-graph.ts";

export interface ServedView {
  readonly engine: ViewEngine;
  readonly yoga: ReturnType<typeof createYogaForView>;
}

interface Kept {
  readonly limits: LimitSettings;
  readonly served: ServedView;
}

/** Views and tools in them that are kept; one more costs a new graph when its callers come back, never an error. */
const MOST_VIEWS = 64;
const MOST_TOOLS = 200_000;

/**
 * A request waits for the graph of its own view, never for more than names: the graph makes tools when they are used.
 * The graph of an older generation is not served meanwhile, since it may hold tools that the caller has lost.
 */
export class ServedViews {
  readonly #gateway: Gateway;
  readonly #buildGraph: (view: View) => Promise<ViewGraph>;
  readonly #documents = new ParsedDocuments();
  readonly #byView = new WeakMap<View, ServedView | Promise<ServedView>>();
  readonly #byKey = new LRUCache<string, Kept>({
    max: MOST_VIEWS,
    maxSize: MOST_TOOLS,
    sizeCalculation: ({ served }) => Math.min(served.engine.graph.size + 1, MOST_TOOLS),
  });

  constructor(gateway: Gateway, buildGraph: (view: View) => Promise<ViewGraph>) {
    this.#gateway = gateway;
    this.#buildGraph = buildGraph;
  }

  of({ view, generation }: Admission): ServedView | Promise<ServedView> {
    const known = this.#byView.get(view);
    if (known) return known;
    const { limits } = generation.settings.gateway;
    const kept = this.#byKey.get(view.key);
    // After a reload most views show what they showed before: their documents stay valid, their introspection stays right.
    if (kept && sameLimits(kept.limits, limits) && kept.served.engine.graph.fits(view)) {
      this.#byView.set(view, kept.served);
      return kept.served;
    }
    const building = this.#build(view, limits);
    this.#byView.set(view, building);
    building.catch(() => this.#byView.delete(view));
    return building;
  }

  async #build(view: View, limits: LimitSettings): Promise<ServedView> {
    const engine = new ViewEngine(await this.#buildGraph(view), limits, this.#documents);
    const served = { engine, yoga: createYogaForView(this.#gateway, engine) };
    this.#byView.set(view, served);
    this.#byKey.set(view.key, { limits, served });
    return served;
  }
}

function sameLimits(a: LimitSettings, b: LimitSettings): boolean {
  return a.queryCost === b.queryCost && a.queryDepth === b.queryDepth && a.queryTokens === b.queryTokens;
}
