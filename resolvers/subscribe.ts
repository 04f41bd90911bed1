/** `toolProgress` and `catalogChanged`: streams of events that are the caller's own. */
import type { GraphqlContext } from "../src/http/graphql/graphql-context.ts";
import type { CatalogueChange } from "../src/live/catalogue-diff.ts";
import type { ProgressEvent } from "../src/live/progress-hub.ts";
import { CatalogueError } from "../src/errors/catalogue-error.ts";
import { toGraphqlError } from "./to-graphql-error.ts";

export function subscribeToProgress(context: GraphqlContext, id: string): AsyncIterable<ProgressEvent> {
  return asGraphqlErrors(() => context.live.progress(id));
}

export function subscribeToCatalogue(context: GraphqlContext): AsyncIterable<CatalogueChange> {
  return asGraphqlErrors(() => context.live.catalogue());
}

function asGraphqlErrors<T>(subscribe: () => T): T {
  try {
    return subscribe();
  } catch (error) {
    throw error instanceof CatalogueError ? toGraphqlError(error) : error;
  }
}
