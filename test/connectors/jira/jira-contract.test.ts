import { describe, expect, test } from "vitest";
import { sharedFolder } from "../../support/shared-data.ts";
import { adfJudge } from "./adf/adf-schema.ts";
import { faultsOf } from "./jira-contract.ts";

function faults(path: string, body: unknown): string[] {
  const query = new URLSearchParams();
  const headers = { "content-type": "application/json" };
  return faultsOf({ method: "POST", path, url: path, query, headers, body: JSON.stringify(body) });
}

describe.skipIf(sharedFolder() === undefined)("the judges of the other tests (need TOOLGRAPH_SHARED)", () => {
  test("object to what Atlassian's contract does not allow", () => {
    expect(faults("/rest/api/3/search/jql", { jql: "project = ABC" })).toEqual([]);
    expect(faults("/rest/api/3/search/jql", { jql: "project = ABC", startAt: 0 })).toHaveLength(1);
    expect(faults("/rest/api/3/issue/bulkfetch", {})).toHaveLength(1);
    expect(faults("/rest/api/3/search", { jql: "project = ABC" })).toHaveLength(1);
  });

  test("object to documents that Atlassian's schema does not allow", () => {
    const doc = (...content: unknown[]) => ({ type: "doc", version: 1, content });
    expect(adfJudge()!(doc({ type: "paragraph" }))).toBeUndefined();
    expect(adfJudge()!(doc({ type: "heading", attrs: { level: 7 } }))).toBeDefined();
    expect(faults("/rest/api/3/issue/ABC-1/comment", { body: doc({ type: "novelty" }) })).toHaveLength(1);
  });
});
