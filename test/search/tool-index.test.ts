import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readQuery } from "../../src/search/search-query.ts";
import { searchTuning } from "../../src/search/search-tuning.ts";
import { createToolIndex, type SearchableTool, type ToolIndex } from "../../src/search/tool-index.ts";

function tool(name: string, description: string, more: Partial<SearchableTool> = {}): SearchableTool {
  return { name, description, effect: "read", inputSchema: { type: "object" }, ...more };
}

const slack = {
  server: { id: "slack-1", name: "Team chat", type: "slack" },
  tools: [
    tool("send_message", "Post a message to a channel or a thread."),
    tool("search_messages", "Find messages by their words."),
    tool("add_reaction", "React to a message.", {
      inputSchema: {
        type: "object",
        properties: { emoji: { type: "string", enum: ["thumbsup", "heart"] }, target_ts: { type: "string" } },
      },
    }),
  ],
};
const jira = {
  server: { id: "jira-1", name: "Jira (DAWS)", type: "jira", description: "Issues and sprints of the DAWS project." },
  tools: [
    tool("create_issue", "Create an issue in a project."),
    tool("search_issues", "Search issues by JQL."),
    tool("getIssueDetails", "One issue with its description and history."),
  ],
};
const weather = {
  server: { id: "sky", name: "Weather", type: "mcp" },
  tools: [tool("get_temperature", "Temperature and wind at a place."), tool("get_alerts", "Warnings in force.")],
};
const all = [slack, jira, weather];

function indexOf(entries: readonly (typeof slack | typeof jira)[] = all): ToolIndex {
  const index = createToolIndex();
  for (const { server, tools } of entries) index.addServer(server, tools);
  return index;
}

function names(index: ToolIndex, question: string, first = 3): string[] {
  return index.search(question, { first }).map((match) => match.toolName);
}

describe("what an agent finds", () => {
  it("finds a tool by another verb for the same deed", () => {
    expect(names(indexOf(), "write to the channel")[0]).toBe("send_message");
    expect(names(indexOf(), "look up old issues")[0]).toBe("search_issues");
  });

  it("finds a tool by another noun for the same thing", () => {
    expect(names(indexOf(), "open a ticket")).toContain("create_issue");
    expect(names(indexOf(), "will there be rain, what is the forecast")[0]).toBe("get_temperature");
  });

  it("finds a tool by its parameter, and by a value it takes", () => {
    expect(names(indexOf(), "emoji")[0]).toBe("add_reaction");
    expect(names(indexOf(), "thumbsup")[0]).toBe("add_reaction");
  });

  it("finds the tools of a server by the server's name, id, type and description", () => {
    expect(new Set(names(indexOf(), "jira"))).toEqual(new Set(jira.tools.map(({ name }) => name)));
    expect(names(indexOf(), "sprints")).toHaveLength(3);
    expect(new Set(names(indexOf(), "sky"))).toEqual(new Set(["get_temperature", "get_alerts"]));
  });

  it("finds a tool by its exact name, however it is spelled", () => {
    for (const spelling of ["getIssueDetails", "get_issue_details", "get issue details", "GET-ISSUE-DETAILS"]) {
      expect(names(indexOf(), spelling)[0]).toBe("getIssueDetails");
    }
  });

  it("finds a tool whose name is made of common words only", () => {
    const index = indexOf();
    index.addServer({ id: "me", name: "me", type: "mcp" }, [tool("who_am_i", "The account in use.")]);
    expect(names(index, "who am i")[0]).toBe("who_am_i");
  });

  it("finds words in other forms, and with one letter wrong", () => {
    expect(names(indexOf(), "searching issue")[0]).toBe("search_issues");
    expect(names(indexOf(), "chanel")[0]).toBe("send_message");
  });

  it("answers each need of a question that has several", () => {
    const found = names(indexOf(), "Check the temperature at the office, create an issue about it and send a message.");
    expect(new Set(found)).toEqual(new Set(["get_temperature", "create_issue", "send_message"]));
  });

  it("takes file names and addresses for what they are, not for words", () => {
    const index = createToolIndex();
    index.addServer({ id: "office", name: "Office", type: "mcp" }, [
      tool("read_sheet", "Read cells of an Excel workbook."),
      tool("read_slides", "Read the slides of a PowerPoint presentation."),
      tool("weather_report", "Report the weather."),
    ]);
    expect(names(index, "What does /data/weather_report.xlsx say?")[0]).toBe("read_sheet");
    expect(names(index, "Summarize talk.pptx")[0]).toBe("read_slides");
  });

  it("finds Chinese words in Chinese descriptions, and by their English meaning", () => {
    const index = createToolIndex();
    index.addServer({ id: "cn", name: "cn", type: "mcp" }, [
      tool("a1", "获取最新新闻列表"),
      tool("a2", "查询城市天气预报"),
    ]);
    expect(names(index, "新闻")[0]).toBe("a1");
    expect(names(index, "weather")[0]).toBe("a2");
  });

  it("says which words of the question matched, the most telling first", () => {
    const [best] = indexOf().search("please Post something to the channel", { first: 1 });
    expect(best?.toolName).toBe("send_message");
    expect(new Set(best?.matched)).toEqual(new Set(["post", "channel"]));
  });

  it("finds nothing for a question without a known word", () => {
    for (const question of ["", "   ", "the of and", "?!", "zzzzqqq"]) expect(names(indexOf(), question)).toEqual([]);
  });
});

describe("scores", () => {
  it("lie between 0 and 1, never rise down the list, and are higher for a better answer", () => {
    const matches = indexOf().search("search issues by jql", { first: 10 });
    const scores = matches.map(({ score }) => score);
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    expect(scores.every((score) => score > 0 && score <= 1)).toBe(true);
    const [poor] = indexOf().search("search recipes by ingredient and season", { first: 1 });
    expect(scores[0]!).toBeGreaterThan(poor!.score);
  });

  it("do not depend on the order in which servers came; equal tools come in the order of their names", () => {
    const twins = ["b", "a", "c"].map((id) => ({ ...weather, server: { ...weather.server, id } }));
    const asked = { first: 20 };
    const found = indexOf([...twins, slack]).search("temperature and wind", asked);
    expect(indexOf([slack, ...twins.toReversed()]).search("temperature and wind", asked)).toEqual(found);
    expect(found.slice(0, 3).map(({ serverId }) => serverId)).toEqual(["a", "b", "c"]);
  });
});

describe("a longer list", () => {
  it("begins with the shorter one", () => {
    const index = createToolIndex();
    for (let server = 0; server < 40; server += 1) {
      const tools = Array.from({ length: 12 }, (_, at) =>
        tool(`${["send", "find", "create"][(at + server) % 3]}_thing_${at}`, `Message ${server} of kind ${at % 5}.`),
      );
      index.addServer({ id: `s${server}`, name: `Server ${server}`, type: "mcp" }, tools);
    }
    const question = "find the things, create a thing and send a message of that kind";
    const everything = index.search(question, { first: 1_000 });
    expect(everything).toHaveLength(480);
    for (const first of [1, 20, 60, 200]) expect(index.search(question, { first })).toEqual(everything.slice(0, first));
  });
});

describe("what a caller may not see", () => {
  it("is never found and changes nothing in what is", () => {
    const hidden = [
      tool("issue_reaper", "Delete every issue message channel."),
      tool("secret_jql", "Search JQL issues."),
    ];
    const withHidden = indexOf();
    withHidden.addServer({ id: "vault", name: "Hidden issues", type: "jira" }, hidden);
    withHidden.addServer(jira.server, [...jira.tools, ...hidden]);
    const secret = new Set(hidden.map(({ name }) => name));
    const allowed = (_: string, name: string): boolean => !secret.has(name);
    for (const question of ["search issues by JQL", "delete messages", "isue", "reaper vault hidden", "jira"]) {
      expect(withHidden.search(question, { first: 20, allowed })).toEqual(indexOf().search(question, { first: 20 }));
    }
  });

  it("is as absent when only some servers are asked for", () => {
    const only = indexOf().search("search", { first: 20, serverIds: ["jira-1", "unknown"] });
    expect(only).toEqual(indexOf([jira]).search("search", { first: 20 }));
    expect(indexOf().search("search", { first: 20, serverIds: [] })).toEqual([]);
  });
});

describe("a changing set of servers", () => {
  it("forgets a server's tools when it is removed, and knows them anew when it is back", () => {
    const index = indexOf();
    index.removeServer("jira-1");
    index.removeServer("never-there");
    expect(names(index, "jira issues sprints", 20)).toEqual([]);
    expect(index.search("message", { first: 20 })).toEqual(indexOf([slack, weather]).search("message", { first: 20 }));
    index.addServer(jira.server, jira.tools);
    expect(index.search("search issue", { first: 20 })).toEqual(indexOf().search("search issue", { first: 20 }));
  });

  it("replaces the tools of a server that is added again", () => {
    const index = indexOf();
    index.addServer(slack.server, [tool("make_call", "Call a person.")]);
    expect(names(index, "reaction emoji", 20)).toEqual([]);
    expect(names(index, "call someone")).toContain("make_call");
  });

  it("leaves a copy as it was", () => {
    const serving = indexOf();
    const before = serving.search("issue message weather", { first: 20 });
    const next = serving.copy();
    next.removeServer("jira-1");
    next.addServer({ id: "new", name: "New", type: "mcp" }, [tool("message_board", "Message board.")]);
    expect(serving.search("issue message weather", { first: 20 })).toEqual(before);
    serving.removeServer("slack-1");
    expect(names(next, "message", 20)).toContain("send_message");
  });
});

describe("questions that mean harm", () => {
  const hostile = {
    "10 KB of one letter": "x".repeat(10_000),
    "5,000 words": Array.from({ length: 5_000 }, (_, at) => `word${at}`).join(" "),
    "5,000 known words": "search issue message ".repeat(1_700),
    "characters of regular expressions": "(((.*)+)+$[^a]{9,}\\".repeat(500),
    "dots and slashes": `${".".repeat(5_000)} ${"/a".repeat(5_000)} ${"a.".repeat(5_000)}`,
    "10 KB of Chinese": "字".repeat(10_000),
    "broken surrogates": "\ud800\udc00\ud800".repeat(1_000),
    "names of object members": "constructor __proto__ hasOwnProperty toString valueOf",
    "a file with a strange ending": "read a.constructor b.__proto__",
  };
  for (const [what, question] of Object.entries(hostile)) {
    it(`are cut to what a question may cost: ${what}`, () => {
      const { terms, needs } = readQuery(question, searchTuning);
      expect(terms.length).toBeLessThanOrEqual(100);
      expect(needs.length).toBeLessThanOrEqual(16);
      const full = question.padEnd(8_000, " ").slice(0, 8_000);
      expect(readQuery(`${full}\nsend a message`, searchTuning)).toEqual(readQuery(full, searchTuning));
      expect(indexOf().search(question, { first: 5 }).length).toBeLessThanOrEqual(5);
    });
  }

  it("never throw and never give more than was asked for", () => {
    const index = indexOf();
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: "binary", maxLength: 300 }), fc.lorem(), fc.constantFrom(...Object.values(hostile))),
        fc.oneof(fc.integer({ min: -2, max: 12 }), fc.constantFrom(Number.NaN, 0.5, 2.5, Number.POSITIVE_INFINITY)),
        (question, first) => {
          const found = index.search(question, { first });
          expect(found.length).toBeLessThanOrEqual(Math.max(0, Math.min(8, first || 0)));
          expect(new Set(found.map(({ serverId, toolName }) => `${serverId}/${toolName}`)).size).toBe(found.length);
        },
      ),
      { numRuns: 200 },
    );
  });

  it("are no worse when the tools themselves are strange", () => {
    const index = createToolIndex();
    const recursive: Record<string, unknown> = { type: "object", description: "round" };
    recursive["properties"] = { again: recursive, "": { enum: [1, null, "x"] }, odd: true };
    index.addServer({ id: "", name: "", type: "" }, [
      tool("", ""),
      tool("__proto__", "constructor", { title: "toString", inputSchema: recursive }),
      tool("long", "word ".repeat(100_000), { inputSchema: { anyOf: [recursive, 3], properties: 7 } }),
    ]);
    expect(names(index, "constructor")).toEqual(["__proto__"]);
    expect(names(index, "again round")).toContain("long");
  });
});

describe("a large server is indexed in turns with everything else", () => {
  const many = Array.from({ length: 1500 }, (_, index) => tool(`export_report_${index}`, `Writes report ${index}.`));

  it("lets others work meanwhile, and holds what indexing at once holds", async () => {
    const inTurns = createToolIndex();
    let turns = 0;
    const others = setInterval(() => (turns += 1), 0);
    await inTurns.addServerInTurns(jira.server, many);
    clearInterval(others);
    expect(turns).toBeGreaterThan(0);

    const atOnce = createToolIndex();
    atOnce.addServer(jira.server, many);
    const question = "712";
    expect(inTurns.search(question, { first: 5 })).toEqual(atOnce.search(question, { first: 5 }));
    expect(inTurns.search(question, { first: 1 })[0]?.toolName).toBe("export_report_712");
  });

  it("replaces what was there under its id", async () => {
    const index = indexOf();
    await index.addServerInTurns(jira.server, many);
    const found = index.search("search issues by JQL", { first: 2000, serverIds: ["jira-1"] });
    expect(found.map(({ toolName }) => toolName)).not.toContain("search_issues");
  });
});
