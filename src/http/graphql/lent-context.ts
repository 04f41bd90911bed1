/** The context of one operation, lent to its resolvers and taken back at its end. */
import type { GraphqlContext } from "./graphql-context.ts";

/**
 * Executors hang a closure on an object of every operation (`context.resolve = (context) => …` in graphql-jit,
 * `this.abortResultPromise = () => …` in graphql), and V8 makes a closure that is assigned so to a property among the old
 * objects at once, whatever its flags say (its bytecode, CreateClosure, is marked pretenured). All that it reaches is kept
 * until the next full collection of garbage: the context, and by it the request, its answer and the connection, 5 KB of
 * every call, each copied twice.
 */
export class LentContext implements GraphqlContext {
  #own: GraphqlContext | undefined;

  constructor(own: GraphqlContext) {
    this.#own = own;
  }

  get caller(): GraphqlContext["caller"] {
    return this.#lent().caller;
  }

  get view(): GraphqlContext["view"] {
    return this.#lent().view;
  }

  get correlationId(): string {
    return this.#lent().correlationId;
  }

  get texts(): GraphqlContext["texts"] {
    return this.#lent().texts;
  }

  get live(): GraphqlContext["live"] {
    return this.#lent().live;
  }

  execute(call: Parameters<GraphqlContext["execute"]>[0]): ReturnType<GraphqlContext["execute"]> {
    return this.#lent().execute(call);
  }

  readResult(query: Parameters<GraphqlContext["readResult"]>[0]): ReturnType<GraphqlContext["readResult"]> {
    return this.#lent().readResult(query);
  }

  takeBack(): void {
    this.#own = undefined;
  }

  #lent(): GraphqlContext {
    if (!this.#own) throw new Error("invariant: resolvers run while their operation does");
    return this.#own;
  }
}
