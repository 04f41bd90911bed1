import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nearestNames } from "../../src/errors/nearest-names.ts";

const tools = ["create_issue", "search_issues", "get_issue_details", "send_message", "search_messages", "delete_issue"];

describe("nearestNames", () => {
  it("puts right what was mistyped", () => {
    expect(nearestNames("serch_isues", tools)[0]).toBe("search_issues");
    expect(nearestNames("sned_message", tools)[0]).toBe("send_message");
    expect(nearestNames("jria", ["jira", "slack", "sky"])).toEqual(["jira"]);
  });

  it("does not mind case, separators and the order of words", () => {
    for (const name of ["createIssue", "CREATE-ISSUE", "create issue", "issue_create"]) {
      expect(nearestNames(name, tools)[0]).toBe("create_issue");
    }
  });

  it("thinks of names that share a word", () => {
    expect(nearestNames("create_ticket", tools)).toEqual(["create_issue"]);
    expect(nearestNames("get_issue", tools)[0]).toBe("get_issue_details");
  });

  it("suggests nothing rather than something unlike", () => {
    expect(nearestNames("qqq", tools)).toEqual([]);
    expect(nearestNames("", tools)).toEqual([]);
    expect(nearestNames("___", tools)).toEqual([]);
    expect(nearestNames("create_issue", [])).toEqual([]);
  });

  it("names each candidate once and no more than asked for", () => {
    expect(nearestNames("search", ["search", "search", "searches"], 5)).toEqual(["search", "searches"]);
    expect(nearestNames("issue", tools, 1)).toHaveLength(1);
    expect(nearestNames("issue", tools, 0)).toEqual([]);
  });

  it("looks at no more than 20,000 candidates, even of a list without an end", () => {
    let looked = 0;
    function* endless() {
      for (; ; looked += 1) yield `${["get", "create", "list"][looked % 3]}_invoice_${looked}`;
    }
    expect(nearestNames("craete_invoice_31", endless())[0]).toBe("create_invoice_31");
    expect(looked).toBe(20_000);
  });

  it("looks at no more than the first 64 letters of a name", () => {
    const start = "create_invoice_of_the_month_".repeat(4);
    const [short, long] = [start, `${start}${"x".repeat(100_000)}`];
    expect(nearestNames(long, [short])).toEqual([short]);
    expect(nearestNames(short, [long])).toEqual([long]);
  });

  it("gives the same answer whatever the order of the candidates, and only candidates", () => {
    fc.assert(
      fc.property(fc.string(), fc.uniqueArray(fc.string(), { maxLength: 300 }), (name, candidates) => {
        const found = nearestNames(name, candidates);
        expect(nearestNames(name, candidates.toReversed())).toEqual(found);
        expect(found.every((each) => candidates.includes(each))).toBe(true);
        expect(found.length).toBeLessThanOrEqual(3);
      }),
    );
  });
});
