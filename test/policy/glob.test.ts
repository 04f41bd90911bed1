import fc from "fast-check";
import { expect, test } from "vitest";
import { compileGlob } from "../../src/policy/glob.ts";

test.each([
  ["*", ["", "a", "a.b:c/d"], []],
  ["jira-*", ["jira-", "jira-daws"], ["jira", "my-jira-1"]],
  ["jira?", ["jira1"], ["jira", "jira12"]],
  ["*_issue", ["create_issue", "_issue"], ["create_issues"]],
  ["a*b?c", ["abxc", "a--b-c", "abbbc"], ["abc", "abxcd"]],
  ["exact", ["exact"], ["Exact", "exact ", "xexact"]],
  ["a.c", ["a.c"], ["abc"]],
  ["[ab]", ["[ab]"], ["a"]],
  ["", [""], ["a"]],
])("%s", (glob, fitting, others) => {
  const check = compileGlob(glob);
  for (const text of fitting) expect(check(text), text).toBe(true);
  for (const text of others) expect(check(text), text).toBe(false);
});

test("agrees with the regular expression that says the same", () => {
  const text = fc.string({ unit: fc.constantFrom("a", "b", "."), maxLength: 12 });
  const glob = fc.string({ unit: fc.constantFrom("a", "b", ".", "*", "?"), maxLength: 6 });
  fc.assert(
    fc.property(glob, text, (pattern, name) => {
      const source = pattern.replaceAll(".", "\\.").replaceAll("*", ".*").replaceAll("?", ".");
      expect(compileGlob(pattern)(name)).toBe(new RegExp(`^${source}$`, "s").test(name));
    }),
    { numRuns: 2000 },
  );
});

test("a glob with many stars looks at a hostile name's characters in proportion to their number", () => {
  const lookedAt = (length: number) => {
    let reads = 0;
    // As much of a text as a match by hand needs; each character that is looked at is counted.
    const name = new Proxy(Object("a".repeat(length)) as object, {
      get(text, key) {
        if (key !== "length") reads += 1;
        return Reflect.get(text, key) as unknown;
      },
    });
    expect(compileGlob("*a*a*a*a*a*a*a*a*b")(name as unknown as string)).toBe(false);
    return reads;
  };
  const reads = lookedAt(1_000);
  expect(reads).toBeGreaterThan(0);
  // Backtracking into all eight stars would multiply it by 2 ** 8, into two by 4.
  expect(lookedAt(2_000)).toBeLessThan(reads * 2.1);
});
