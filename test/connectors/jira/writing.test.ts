import { describe, expect, test } from "vitest";
import { startJira } from "./jira-contract.ts";
import { answerFor, transitions } from "./sample-answers.ts";

const text = (value: string) => ({
  type: "doc",
  version: 1,
  content: [{ type: "paragraph", content: [{ type: "text", text: value }] }],
});

describe("create_issue", () => {
  const bug = { project_key: "DAWS", summary: "Login fails", issue_type: "Bug" };

  test("sends each argument in the form Jira wants", async () => {
    await using jira = await startJira(answerFor);
    await jira.server.run("create_issue", {
      ...bug,
      description: "text",
      assignee_id: "5b10",
      labels: ["a", "b"],
      priority: "2",
      parent_key: "DAWS-1",
      fields: { customfield_1: 3, customfield_2: { markdown: "more" }, customfield_3: { value: "x" } },
    });
    expect(jira.sent(0)).toEqual({
      fields: {
        project: { key: "DAWS" },
        summary: "Login fails",
        issuetype: { name: "Bug" },
        description: text("text"),
        assignee: { id: "5b10" },
        labels: ["a", "b"],
        priority: { id: "2" },
        parent: { key: "DAWS-1" },
        customfield_1: 3,
        customfield_2: text("more"),
        customfield_3: { value: "x" },
      },
    });
  });

  test("a field given twice is refused before anything is sent", async () => {
    await using jira = await startJira(answerFor);
    const error = await jira.server.fail("create_issue", { ...bug, fields: { summary: "other" } });
    expect(error).toMatchObject({ code: "VALIDATION_ERROR", acted: "no", details: [{ path: "fields.summary" }] });
    expect(jira.upstream.requests).toHaveLength(0);
  });

  test("an empty description is no description", async () => {
    await using jira = await startJira(answerFor);
    await jira.server.run("create_issue", { ...bug, description: " \n" });
    expect(jira.sent(0)).not.toHaveProperty("fields.description");
  });

  test("with apiVersion 2 text is sent as it is", async () => {
    await using jira = await startJira(() => ({ status: 201, json: { id: "1", key: "DAWS-7" } }), { apiVersion: "2" });
    await jira.server.run("create_issue", { ...bug, description: "h1. wiki" });
    expect(jira.upstream.requests[0]!.path).toBe("/rest/api/2/issue");
    expect(jira.sent(0)).toHaveProperty("fields.description", "h1. wiki");
  });

  test.each([
    ["two lines of summary", { summary: "a\nb" }],
    ["a label with a space", { labels: ["a b"] }],
    ["a project that is a path", { project_key: "A/B" }],
    ["a text over Jira's limit", { description: "x".repeat(32_768) }],
    ["a misspelt argument", { sumary: "x" }],
  ])("%s is refused", async (_, wrong) => {
    await using jira = await startJira(answerFor);
    expect((await jira.server.fail("create_issue", { ...bug, ...wrong })).code).toBe("VALIDATION_ERROR");
    expect(jira.upstream.requests).toHaveLength(0);
  });
});

describe("add_comment", () => {
  test("may be limited to a group or role", async () => {
    await using jira = await startJira(answerFor);
    const visibility = { type: "role", value: "Administrators" };
    await jira.server.run("add_comment", { issue_key: "DAWS-7", body: "x", visibility });
    expect(jira.sent(0)).toEqual({ body: text("x"), visibility });
  });

  test("an empty comment is refused", async () => {
    await using jira = await startJira(answerFor);
    expect((await jira.server.fail("add_comment", { issue_key: "DAWS-7", body: " \n" })).code).toBe("VALIDATION_ERROR");
  });
});

describe("transition_issue", () => {
  test.each([
    ["its id", "31"],
    ["its name, however written", "  close  ISSUE "],
    ["the status it leads to", "done"],
  ])("is found by %s", async (_, transition) => {
    await using jira = await startJira(answerFor);
    const result = await jira.server.run("transition_issue", { issue_key: "DAWS-7", transition });
    expect(result).toMatchObject({ transition_id: "31", transition: "Close issue", status: "Done" });
    expect(jira.sent(1)).toEqual({ transition: { id: "31" } });
  });

  test("none fits: nothing is changed, and the error lists what is possible", async () => {
    await using jira = await startJira(answerFor);
    const error = await jira.server.fail("transition_issue", { issue_key: "DAWS-7", transition: "Reopen" });
    expect(error).toMatchObject({
      code: "MCP_CLIENT_ERROR",
      status: 400,
      acted: "no",
      details: {
        possible_transitions: [
          { id: "21", name: "Start work", to_status: "In Progress" },
          { id: "31", name: "Close issue", to_status: "Done" },
        ],
      },
    });
    expect(error.suggestion).toContain("31 (Close issue → Done)");
    expect(jira.upstream.requests.map(({ method }) => method)).toEqual(["GET"]);
  });

  test("two lead to the same status: the caller has to choose by id", async () => {
    const two = [...transitions, { id: "51", name: "Reject", to: { name: "Done" } }];
    await using jira = await startJira(() => ({ json: { transitions: two } }));
    const error = await jira.server.fail("transition_issue", { issue_key: "DAWS-7", transition: "Done" });
    expect(error.message).toBe('Several transitions of DAWS-7 fit "Done".');
  });

  test("comment and fields go with it", async () => {
    await using jira = await startJira(answerFor);
    const fields = { resolution: { name: "Done" } };
    await jira.server.run("transition_issue", { issue_key: "DAWS-7", transition: "31", comment: "why", fields });
    expect(jira.sent(1)).toEqual({
      transition: { id: "31" },
      fields,
      update: { comment: [{ add: { body: text("why") } }] },
    });
  });
});
