/** Reading a filtered list by pages: whatever the sizes, following the cursors gives every match exactly once. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { collectPages } from "../../../connectors/slack/collect-pages.ts";

/** A list that Slack would hand out in pages of that size. */
function listOf(length: number, pageSize: number) {
  let reads = 0;
  return {
    reads: () => reads,
    readPage: (cursor: string | undefined) => {
      reads += 1;
      const start = Number(cursor ?? 0);
      const items = Array.from({ length: Math.min(pageSize, length - start) }, (_, index) => start + index);
      const next = start + pageSize;
      return Promise.resolve({ items, nextCursor: next < length ? String(next) : "" });
    },
  };
}

test("every match once, in order, never more than the limit at a time", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.nat(60),
      fc.integer({ min: 1, max: 20 }),
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 4 }),
      async (length, pageSize, limit, every) => {
        const list = listOf(length, pageSize);
        const matches = (item: number) => item % every === 0;
        const seen: number[] = [];
        let cursor: string | undefined;
        do {
          const page = await collectPages({ limit, cursor, matches, readPage: list.readPage });
          expect(page.items.length).toBeLessThanOrEqual(limit);
          seen.push(...page.items);
          cursor = page.nextCursor;
        } while (cursor !== undefined);
        expect(seen).toEqual(Array.from({ length }, (_, index) => index).filter(matches));
      },
    ),
  );
});

test("a page that fills the limit is the only one read", async () => {
  const list = listOf(10, 5);
  const page = await collectPages({ limit: 5, matches: () => true, readPage: list.readPage });
  expect(page).toEqual({ items: [0, 1, 2, 3, 4], nextCursor: "5" });
  expect(list.reads()).toBe(1);
});

test("a filter that matches nothing gives up after ten pages and says where to go on", async () => {
  const list = listOf(10_000, 20);
  const page = await collectPages({ limit: 5, matches: () => false, readPage: list.readPage });
  expect(page).toEqual({ items: [], nextCursor: "200" });
  expect(list.reads()).toBe(10);
});
