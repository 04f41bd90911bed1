/** How many retries a server may be sent, on a clock of the test's own. */
import { describe, expect, test } from "vitest";
import { RetryBudget } from "../../src/registry/retry-budget.ts";

function taken(budget: RetryBudget, tries: number): number {
  let count = 0;
  for (let index = 0; index < tries; index += 1) if (budget.take()) count += 1;
  return count;
}

describe("a server's retry budget", () => {
  test("allows a few retries where there are few calls", () => {
    expect(taken(new RetryBudget(() => 0), 100)).toBe(10);
  });

  test("in an outage, 1,000 calls are asked again a tenth of their number, and no more", () => {
    let now = 0;
    const budget = new RetryBudget(() => now);
    let retries = 0;
    for (let call = 0; call < 1_000; call += 1) {
      now += 9;
      budget.countCall();
      retries += taken(budget, 2);
    }
    expect(retries).toBeGreaterThanOrEqual(100);
    expect(retries).toBeLessThanOrEqual(110);
  });

  test("is full again ten seconds later, and after a day without a call", () => {
    let now = 5_000;
    const budget = new RetryBudget(() => now);
    expect(taken(budget, 100)).toBe(10);
    now += 9_000;
    expect(taken(budget, 100)).toBe(0);
    now += 1_000;
    expect(taken(budget, 100)).toBe(10);
    now += 86_400_000;
    expect(taken(budget, 100)).toBe(10);
  });
});
