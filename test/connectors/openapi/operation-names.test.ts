import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { operationNames } from "../../../connectors/openapi/operation-names.ts";

interface Named {
  readonly id: string | undefined;
  readonly method: string;
  readonly path: string;
}

const named = (path: string, id?: string, method = "GET"): Named => ({ id, method, path });

/** Operations that are likely to meet: no method and path twice, as in any document. */
const anyOperations: fc.Arbitrary<Named[]> = fc.uniqueArray(
  fc.record({
    id: fc.option(
      fc.constantFrom("a", "a_b", "a b", "a/b", "A", "get_x", "get_x_by_id", "日本", "x".repeat(200), "__proto__"),
      { nil: undefined },
    ),
    method: fc.constantFrom("GET", "POST"),
    path: fc.constantFrom(
      "/x",
      "/x/",
      "/x/{id}",
      "/x/by/id",
      "/a",
      "/日本",
      "/",
      "/x?a=1",
      "/x#b",
      `/${"y".repeat(200)}`,
    ),
  }),
  { maxLength: 12, selector: ({ method, path }) => `${method} ${path}` },
);

const byPlace = (operations: readonly Named[]): Record<string, string> => {
  const names = operationNames(operations);
  return Object.fromEntries(operations.map(({ method, path }, index) => [`${method} ${path}`, names[index]!]));
};

describe("names of operations", () => {
  it("are their ids as far as a tool's name can spell them, else method and path", () => {
    const operations = [
      named("/1", "getPetById"),
      named("/2", "issues/list-for-repo"),
      named("/3", "Pets.find_All"),
      named("/repos/{owner}/{repo}/issues"),
      named("/", undefined, "POST"),
      named("/4", "  "),
    ];
    expect(operationNames(operations)).toEqual([
      "getPetById",
      "issues_list-for-repo",
      "Pets.find_All",
      "get_repos_by_owner_by_repo_issues",
      "post",
      "get_4",
    ]);
  });

  it("keep an exact id for the operation that has it, and set others apart", () => {
    const [first, second, third] = operationNames([named("/1", "a_b"), named("/2", "a/b"), named("/3", "a b")]);
    expect(first).toBe("a_b");
    expect(second).toMatch(/^a_b_[0-9a-f]{8}$/);
    expect(third).toMatch(/^a_b_[0-9a-f]{8}$/);
    expect(third).not.toBe(second);
  });

  it("of one id given twice belong to neither: the name never comes to mean the other", () => {
    const names = operationNames([named("/1", "delete_it"), named("/2", "delete_it")]);
    expect(names).not.toContain("delete_it");
    expect(new Set(names).size).toBe(2);
  });

  it("are legal, distinct, and the same in any order", () => {
    fc.assert(
      fc.property(
        anyOperations.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
        ([all, shuffled]) => {
          const names = operationNames(all);
          for (const name of names) expect(name).toMatch(/^[A-Za-z0-9_.-]{1,128}$/);
          expect(new Set(names).size).toBe(names.length);
          expect(byPlace(shuffled)).toEqual(byPlace(all));
        },
      ),
      { numRuns: 500 },
    );
  });

  it("stay with their operations when another joins, and only those that meet it change", () => {
    fc.assert(
      fc.property(anyOperations, (all) => {
        const [last, ...before] = all;
        if (!last) return;
        const [old, now] = [byPlace(before), byPlace(all)];
        for (const [place, name] of Object.entries(old)) {
          if (now[place] === name) continue;
          // It gave way because the newcomer wanted the very same name: nobody has it now but one whose id it is.
          const owner = all.find((each) => now[`${each.method} ${each.path}`] === name);
          expect(owner === undefined || owner.id === name).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });
});
