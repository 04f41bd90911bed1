/** Whatever calls refer to each other: each runs once, after those it refers to, or nothing runs at all. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { executionOf, refused, run, type Call } from "./echo-calls.ts";

/** Any graph over up to 20 calls: an edge from a call to each of the calls it refers to, circles included. */
const anyGraph = fc.integer({ min: 1, max: 20 }).chain((size) =>
  fc.array(fc.uniqueArray(fc.integer({ min: 0, max: size - 1 }), { maxLength: 4 }), {
    minLength: size,
    maxLength: size,
  }),
);

function callsOf(graph: readonly (readonly number[])[]): Call[] {
  return graph.map((sources, index) => ({
    id: `call-${index}`,
    input: { index, sources: sources.map((source) => ({ $from: `call-${source}`, select: "given.index" })) },
  }));
}

/** The textbook definition, independent of the planner: can any call be reached from itself? */
function hasCircle(graph: readonly (readonly number[])[]): boolean {
  const reaches = (from: number, to: number, seen: Set<number>): boolean =>
    graph[from]!.some((next) => next === to || (!seen.has(next) && reaches(next, to, seen.add(next))));
  return graph.some((_, index) => reaches(index, index, new Set()));
}

describe("any graph of calls", () => {
  it("runs each call once, after those it refers to, with their values; or is refused for its circle", async () => {
    await fc.assert(
      fc.asyncProperty(anyGraph, async (graph) => {
        if (hasCircle(graph)) {
          await refused(callsOf(graph));
          return;
        }
        const { answers, begun } = await run(callsOf(graph));
        expect(begun).toHaveLength(graph.length);
        expect(new Set(begun.map(({ id }) => id))).toEqual(new Set(graph.map((_, index) => `call-${index}`)));
        const position = new Map(begun.map(({ id }, at) => [id, at]));
        for (const [index, sources] of graph.entries()) {
          for (const source of sources) {
            expect(position.get(`call-${source}`)!).toBeLessThan(position.get(`call-${index}`)!);
          }
          expect(answers[index]?.output).toEqual({ id: `call-${index}`, given: { index, sources } });
        }
      }),
      { numRuns: 300 },
    );
  });

  it("runs calls together that do not wait for each other", async () => {
    let running = 0;
    let most = 0;
    await run(
      [{ id: "a", input: {} }, ...Array.from({ length: 5 }, () => ({ input: { x: { $from: "a" } } })), { input: {} }],
      {
        run: async (call) => {
          running += 1;
          most = Math.max(most, running);
          await new Promise((resolve) => setImmediate(resolve));
          running -= 1;
          return executionOf(call, {});
        },
      },
    );
    expect(most).toBeGreaterThanOrEqual(5);
  });

  it.each([1, 3])("runs no more than %i at once where that is the limit, and all in the end", async (maxRunning) => {
    let running = 0;
    let most = 0;
    const { answers } = await run(
      Array.from({ length: 20 }, (_, index) => ({
        id: `${index}`,
        input: index % 4 === 3 ? { x: { $from: `${index - 1}` } } : {},
      })),
      {
        maxRunning,
        run: async (call) => {
          running += 1;
          most = Math.max(most, running);
          await new Promise((resolve) => setImmediate(resolve));
          running -= 1;
          return executionOf(call, {});
        },
      },
    );
    expect(most).toBe(maxRunning);
    expect(answers.every(({ error }) => !error)).toBe(true);
  });
});
