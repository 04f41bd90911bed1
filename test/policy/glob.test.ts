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

test("a glob with many stars does not stall on a long hostile name", () => {
  const started = performance.now();
  expect(compileGlob("*a*a*a*a*a*a*a*a*b")("a".repeat(10_000))).toBe(false);
  expect(performance.now() - started).toBeLessThan(500);
});
