import { describe, expect, test } from "vitest";
import { CatalogueError } from "../../../src/index.ts";
import { INSTANCE_URL, startJira } from "./jira-contract.ts";
import { answerFor, daws7, transitions } from "./sample-answers.ts";

function issue(number: number, fields: Record<string, unknown> = {}): unknown {
  return { id: String(1000 + number), key: `ABC-${number}`, fields: { summary: `Issue ${number}`, ...fields } };
}

describe("search_issues", () => {
  test("walks from page to page by token until Jira says it was the last", async () => {
    await using jira = await startJira(({ body }) => {
      const { nextPageToken } = JSON.parse(body) as { nextPageToken?: string };
      return nextPageToken === undefined
        ? { json: { issues: [issue(1), issue(2)], nextPageToken: "page-2", isLast: false } }
        : { json: { issues: [issue(3)], isLast: true } };
    });
    const first = (await jira.server.run("search_issues", { jql: "project = ABC", limit: 2 })) as Page;
    expect(first).toMatchObject({ next_page_token: "page-2", is_last: false });
    const second = (await jira.server.run("search_issues", { jql: "project = ABC", page_token: "page-2" })) as Page;
    expect(second).toMatchObject({ next_page_token: null, is_last: true });
    expect([...first.issues, ...second.issues].map(({ key }) => key)).toEqual(["ABC-1", "ABC-2", "ABC-3"]);
    expect(jira.sent(0)).toEqual({
      jql: "project = ABC",
      maxResults: 2,
      fields: ["summary", "status", "issuetype", "priority", "assignee", "labels", "updated"],
    });
    expect(jira.sent(1)).toMatchObject({ nextPageToken: "page-2" });
  });

  test("further fields come back without noise, documents as Markdown", async () => {
    await using jira = await startJira(() => ({
      json: {
        isLast: true,
        issues: [
          issue(1, {
            customfield_1: { type: "doc", version: 1, content: [{ type: "rule" }] },
            customfield_2: { self: "https://a", value: "x", child: { iconUrl: "https://a", name: "y" } },
          }),
        ],
      },
    }));
    const { issues } = (await jira.server.run("search_issues", {
      jql: "project = ABC",
      fields: ["customfield_1", "customfield_2"],
    })) as Page;
    expect(issues[0]).toMatchObject({
      status: null,
      labels: [],
      fields: { customfield_1: "---", customfield_2: { value: "x", child: { name: "y" } } },
    });
  });
});

interface Page {
  readonly issues: readonly { readonly key: string }[];
}

describe("get_issue_details", () => {
  test("asks only for the parts it was asked for", async () => {
    await using jira = await startJira(() => ({
      json: {
        ...daws7,
        transitions,
        changelog: {
          histories: [
            {
              created: "2026-11-20",
              author: null,
              items: [{ field: "status", fromString: "To Do", toString: "Done" }],
            },
          ],
        },
        fields: {
          ...daws7.fields,
          issuelinks: [
            {
              type: { inward: "is blocked by", outward: "blocks" },
              outwardIssue: { key: "ABC-2", fields: { summary: "S" } },
            },
            { type: { inward: "is blocked by", outward: "blocks" }, inwardIssue: { key: "ABC-3" } },
            "nonsense of an app",
          ],
          subtasks: [{ key: "ABC-4", fields: { summary: "Sub", status: { name: "Done" } } }],
          attachment: [{ id: 10, filename: "log.txt", mimeType: "text/plain", size: 12 }],
        },
      },
    }));
    const include = ["links", "subtasks", "transitions", "attachments", "changelog"];
    const details = await jira.server.run("get_issue_details", { issue_key: "DAWS-7", include });
    expect(jira.upstream.requests[0]!.query.get("expand")).toBe("transitions,changelog");
    expect(jira.upstream.requests[0]!.query.get("fields")).toMatch(/,issuelinks,subtasks,attachment$/);
    expect(details).toMatchObject({
      links: [
        { relation: "blocks", key: "ABC-2", summary: "S", status: null },
        { relation: "is blocked by", key: "ABC-3" },
      ],
      subtasks: [{ key: "ABC-4", summary: "Sub", status: "Done" }],
      attachments: [{ id: "10", filename: "log.txt", mime_type: "text/plain", bytes: 12 }],
      changes: [{ author: null, created: "2026-11-20", field: "status", from: "To Do", to: "Done" }],
    });
    expect(details).not.toHaveProperty("comments");
  });

  test("odd values in fields read as null and never cost the whole issue", async () => {
    const odd = {
      summary: 7,
      status: "open",
      assignee: [],
      labels: "a",
      description: { type: 3 },
      parent: "x",
      comment: "?",
    };
    await using jira = await startJira(() => ({ json: { id: "1", key: "ABC-1", fields: odd } }));
    expect(await jira.server.run("get_issue_details", { issue_key: "ABC-1", include: ["comments"] })).toMatchObject({
      summary: null,
      status: null,
      assignee: null,
      labels: [],
      description: "",
      parent_key: null,
      comments: [],
      comments_total: 0,
    });
  });

  test.each(["../myself", "ABC-1/comment", "ABC-1?expand=x", "ABC-1#", "%2e%2e", "ABC", "", "ABC-1\n"])(
    "%j is no issue key and is never sent",
    async (issue_key) => {
      await using jira = await startJira(() => ({ json: {} }));
      const error = await jira.server.fail("get_issue_details", { issue_key });
      expect(error.code).toBe("VALIDATION_ERROR");
      expect(jira.upstream.requests).toHaveLength(0);
    },
  );
});

describe("many issues at once", () => {
  /** Answers in the order of ids and leaves out ABC-404, as Jira does. */
  const bulk = ({ body }: { body: string }) => {
    const { issueIdsOrKeys } = JSON.parse(body) as { issueIdsOrKeys: string[] };
    const numbers = issueIdsOrKeys.map((key) => Number(key.replace(/\D/g, ""))).filter((number) => number !== 404);
    return { json: { issues: numbers.sort((a, b) => a - b).map((number) => issue(number)), issueErrors: [] } };
  };

  test("get_issues keeps the caller's order and reports what is missing by key", async () => {
    await using jira = await startJira(bulk);
    const result = (await jira.server.run("get_issues", {
      issue_keys: ["ABC-3", "abc-1", "ABC-404", "ABC-3"],
    })) as Page;
    expect(result.issues.map(({ key }) => key)).toEqual(["ABC-3", "ABC-1"]);
    expect(result).toMatchObject({ errors: [{ issue_key: "ABC-404", code: "MCP_CLIENT_ERROR" }] });
    expect(jira.upstream.requests).toHaveLength(1);
  });

  test("get_issue_details in a batch: a hundred issues are one request, each answer at its place", async () => {
    await using jira = await startJira(bulk);
    const { batch } = jira.server.tool("get_issue_details");
    const numbers = Array.from({ length: 100 }, (_, index) => (index === 50 ? 404 : 100 - index));
    const answers = await jira.server.batch(
      "get_issue_details",
      numbers.map((number) => ({ issue_key: `ABC-${number}` })),
    );
    expect(batch!.maxSize).toBe(100);
    expect(jira.upstream.requests).toHaveLength(1);
    expect(answers[50]).toBeInstanceOf(CatalogueError);
    expect((answers[50] as CatalogueError).status).toBe(404);
    const keys = answers.filter((_, index) => index !== 50).map((answer) => (answer as { key: string }).key);
    expect(keys).toEqual(numbers.filter((number) => number !== 404).map((number) => `ABC-${number}`));
  });

  test("one batch serves different includes: all are asked for, each answer has its own", async () => {
    await using jira = await startJira(() => ({
      json: { issues: [{ ...daws7, transitions }, issue(1)], issueErrors: [] },
    }));
    const [withComments, withTransitions] = await jira.server.batch("get_issue_details", [
      { issue_key: "DAWS-7", include: ["comments"] },
      { issue_key: "ABC-1", include: ["transitions"] },
    ]);
    expect(jira.sent(0)).toMatchObject({
      expand: ["transitions"],
      fields: expect.arrayContaining(["comment"]) as string[],
    });
    expect(withComments).toHaveProperty("comments");
    expect(withComments).not.toHaveProperty("transitions");
    expect(withTransitions).toHaveProperty("transitions");
  });

  test("issues that Jira could not load this time may be asked for again", async () => {
    await using jira = await startJira(() => ({
      json: { issues: [issue(1)], issueErrors: [{ id: "1002", errorMessage: "timed out" }] },
    }));
    const [loaded, byId, byKey] = await jira.server.batch("get_issue_details", [
      { issue_key: "ABC-1" },
      { issue_key: "1002" },
      { issue_key: "ABC-2" },
    ]);
    expect(loaded).toMatchObject({ key: "ABC-1" });
    for (const error of [byId, byKey] as CatalogueError[]) {
      expect(error.code).toBe("MCP_SERVER_ERROR");
      expect(error.isRetryable("read")).toBe(true);
    }
    expect((byId as CatalogueError).message).toContain("timed out");
  });
});

test("links to issues are made from the site's address, also when the API is elsewhere", async () => {
  await using jira = await startJira(answerFor, { instanceUrl: `${INSTANCE_URL}/`, cloudId: "11111111-2222" });
  const { url } = (await jira.server.run("get_issue_details", { issue_key: "DAWS-7" })) as { url: string };
  expect(url).toBe("https://example.atlassian.net/browse/DAWS-7");
});
