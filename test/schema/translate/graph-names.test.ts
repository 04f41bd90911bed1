import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { camelCase, graphNames, isGraphName, pascalCase } from "../../../schema/translate/graph-names.ts";

describe("names in the graph", () => {
  it.each([
    ["search_issues", "searchIssues"],
    ["get-item-details", "getItemDetails"],
    ["projectID", "projectID"],
    ["IssueKey", "issueKey"],
    ["HTTPServer", "httpServer"],
    ["If-None-Match", "ifNoneMatch"],
    ["MAX_RESULTS", "maxResults"],
    ["_id", "id"],
    ["$filter", "filter"],
    ["2fa_code", "_2faCode"],
    ["café", "cafe"],
    ["日本", "u65e5u672c"],
    ["__proto__", "proto"],
    ["constructor", "constructor"],
    ["", "empty"],
  ])("write %j as %j", (original, name) => {
    expect(camelCase(original)).toBe(name);
  });

  it("keep the originals where two would meet", () => {
    expect(Object.fromEntries(graphNames(["issue_key", "issueKey"]))).toEqual({
      issue_key: "issue_key",
      issueKey: "issueKey",
    });
  });

  it("give an original that is not legal a suffix of its own instead of merging it", () => {
    const names = graphNames(["a-b", "a_b", "a b"]);
    expect(names.get("a_b")).toBe("a_b");
    expect(names.get("a-b")).toMatch(/^aB_[0-9a-z]{6}$/);
    expect(names.get("a b")).toMatch(/^aB_[0-9a-z]{6}$/);
    expect(new Set(names.values()).size).toBe(3);
  });

  it("never give a reserved name away", () => {
    expect(graphNames(["raw"], ["raw"]).get("raw")).toBe("rawValue");
    expect(graphNames(["raw", "raw_value"], ["raw"]).get("raw")).toMatch(/^raw_[0-9a-z]{6}$/);
  });

  const anyName = fc.oneof(fc.string(), fc.string({ unit: "binary" }), fc.stringMatching(/^[aAbB_\- 1]{0,5}$/));

  it("are legal, distinct and independent of order, whatever the originals", () => {
    fc.assert(
      fc.property(fc.uniqueArray(anyName), (originals) => {
        const names = graphNames(originals, ["raw"]);
        expect([...names.values()].every(isGraphName)).toBe(true);
        expect(new Set(names.values()).size).toBe(originals.length);
        expect(new Set(names.values()).has("raw")).toBe(false);
        const reversed = graphNames(originals.toReversed(), ["raw"]);
        for (const original of originals) expect(reversed.get(original)).toBe(names.get(original));
      }),
      { numRuns: 500 },
    );
  });

  it("do not change when written twice, and never put an underscore into a type's part", () => {
    fc.assert(
      fc.property(anyName, (original) => {
        expect(camelCase(camelCase(original))).toBe(camelCase(original));
        expect(pascalCase(original)).toMatch(/^[A-Z][0-9A-Za-z]*$/);
      }),
      { numRuns: 500 },
    );
  });
});
