/** `toolProgress` and `catalogChanged`: streams of events that are the caller's own. */
import type { GraphqlContext } from "../src/http/graphql/graphql-context.ts";
import type { CatalogueChange } from "../src/live/catalogue-diff.ts";
import type { ProgressEvent } from "../src/live/progress-hub.ts";

export function subscribeToProgress(context: GraphqlContext, id: string): AsyncIterable<ProgressEvent> {
  return context.live.progress(id);
}

export function subscribeToCatalogue(context: GraphqlContext): AsyncIterable<CatalogueChange> {
  return context.live.catalogue();
}
