/** `result`: a page of a result that was too large to hand over at once. */
import type { GraphqlContext } from "../src/http/graphql/graphql-context.ts";
import type { ResultPage } from "../src/results/read-result.ts";

export function readResult(
  context: GraphqlContext,
  args: {
    readonly id: string | number;
    readonly select?: string | null | undefined;
    readonly search?: string | null | undefined;
    readonly offset?: number | null | undefined;
    readonly limit?: number | null | undefined;
  },
): ResultPage | Promise<ResultPage> {
  return context.readResult({
    id: String(args.id),
    select: args.select ?? undefined,
    search: args.search ?? undefined,
    offset: args.offset ?? undefined,
    limit: args.limit ?? undefined,
  });
}
