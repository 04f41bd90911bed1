import { describe, expect, test } from "vitest";
import jira from "../../../connectors/jira/index.ts";
import { startJira } from "./jira-contract.ts";

const search = { jql: "project = ABC" };

describe("what Jira says reaches the agent", () => {
  test("fields that are wrong are named, each with its reason", async () => {
    await using server = await startJira(() => ({
      status: 400,
      json: {
        errorMessages: ["Some fields are wrong."],
        errors: { summary: "You must specify a summary.", customfield_1: "Required" },
      },
    }));
    const error = await server.server.fail("create_issue", { project_key: "ABC", summary: "x", issue_type: "Bug" });
    expect(error).toMatchObject({
      code: "MCP_CLIENT_ERROR",
      status: 400,
      acted: "no",
      message:
        "Jira refuses the request (400): Some fields are wrong.; summary: You must specify a summary.; customfield_1: Required",
      details: {
        messages: ["Some fields are wrong."],
        fields: { summary: "You must specify a summary.", customfield_1: "Required" },
      },
    });
    expect(error.suggestion).toMatch(/Correct the fields/);
  });

  test.each([
    [401, { code: 401, message: "Unauthorized; scope does not match" }, "MCP_AUTHENTICATION_FAILURE", 502, /scopes/],
    [401, {}, "MCP_AUTHENTICATION_FAILURE", 502, /renew.*cloudId/],
    [403, { errorMessages: ["No permission."] }, "MCP_CLIENT_ERROR", 403, /./],
    [
      404,
      { errorMessages: ["Issue does not exist or you do not have permission to see it."] },
      "MCP_CLIENT_ERROR",
      404,
      /search_issues/,
    ],
    [409, {}, "MCP_CLIENT_ERROR", 409, /get_issue_details/],
    [
      410,
      { errorMessages: ["The requested API has been removed."] },
      "MCP_CLIENT_ERROR",
      410,
      /operator has to update/,
    ],
    [413, {}, "MCP_CLIENT_ERROR", 413, /less/],
    [400, { errorMessages: ["Unbounded JQL queries are not allowed here."] }, "MCP_CLIENT_ERROR", 400, /restriction/],
    [
      400,
      {
        errors: { customfield_1: "Operation value must be an Atlassian Document (see the Atlassian Document Format)" },
      },
      "MCP_CLIENT_ERROR",
      400,
      /markdown/,
    ],
    [422, { errors: [{ title: "Unprocessable" }] }, "MCP_CLIENT_ERROR", 422, /./],
    [500, { errorMessages: ["Internal server error"] }, "MCP_SERVER_ERROR", 502, /./],
  ])("%i %j is %s", async (status, json, code, ownStatus, suggestion) => {
    await using server = await startJira(() => ({ status, json }));
    const error = await server.server.fail("search_issues", search);
    expect(error).toMatchObject({ code, status: ownStatus, serverStatusCode: status });
    expect(error.suggestion).toMatch(suggestion);
  });

  test("a page of HTML in front of Jira is not quoted in the message", async () => {
    await using server = await startJira(() => ({
      status: 503,
      text: "<html><h1>Oops</h1></html>",
      headers: { "retry-after": "3" },
    }));
    expect(await server.server.fail("search_issues", search)).toMatchObject({
      message: "Jira failed (503).",
      retryAfterMs: 3_000,
    });
  });

  test("a hundred long complaints are cut short", async () => {
    const errors = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`f${index}`, "x".repeat(5_000)]));
    await using server = await startJira(() => ({ status: 400, json: { errors } }));
    expect((await server.server.fail("search_issues", search)).message.length).toBeLessThan(12_000);
  });
});

describe("429", () => {
  test.each([
    ["jira-burst-based", "endpoint", /more slowly/],
    ["jira-per-issue-on-write", "issue", /Other issues are not affected/],
    ["jira-quota-tenant-based", "tenant", /every call to this server/],
    ["jira-quota-global-based", "app", /every call to this server/],
    ["something-new", undefined, /Wait/],
  ])("%s concerns the %s, and says how long to wait", async (reason, scope, suggestion) => {
    await using server = await startJira(() => ({
      status: 429,
      headers: {
        "Retry-After": "7",
        "RateLimit-Reason": reason,
        "X-RateLimit-Limit": "100",
        "X-RateLimit-Remaining": "0",
        "X-RateLimit-Reset": "2026-11-22T12:00Z",
      },
      json: { errorMessages: ["Rate limit exceeded."], errors: {} },
    }));
    const error = await server.server.fail("search_issues", search);
    expect(error).toMatchObject({
      code: "MCP_RATE_LIMIT_EXCEEDED",
      status: 429,
      retryAfterMs: 7_000,
      acted: "no",
      details: { reason, limit: "100", remaining: "0", reset: "2026-11-22T12:00Z" },
    });
    expect((error.details as { scope?: string }).scope).toBe(scope);
    expect(error.suggestion).toMatch(suggestion);
    expect(error.isRetryable("write")).toBe(true);
  });

  test("a quota without Retry-After: the wait is in the quota's own header", async () => {
    await using server = await startJira(() => ({
      status: 429,
      headers: { "RateLimit-Reason": "jira-quota-tenant-based", "Beta-RateLimit": '"tenant-app-quota";r=0;t=1200' },
    }));
    expect(await server.server.fail("search_issues", search)).toMatchObject({
      retryAfterMs: 1_200_000,
      details: { quota: '"tenant-app-quota";r=0;t=1200' },
    });
  });
});

describe("configuration", () => {
  const instanceUrl = "https://example.atlassian.net";

  test("calls go to the site, or through api.atlassian.com when there is a cloudId", () => {
    const baseUrl = (config: object) => jira.baseUrl!(jira.config.parse(config));
    expect(baseUrl({ instanceUrl })).toBe(instanceUrl);
    expect(baseUrl({ instanceUrl, apiVersion: 3, cloudId: "1111-22" })).toBe(
      "https://api.atlassian.com/ex/jira/1111-22",
    );
  });

  test.each([
    {},
    { instanceUrl: "example.atlassian.net" },
    { instanceUrl: "ftp://example.atlassian.net" },
    { instanceUrl: "https://me:secret@example.atlassian.net" },
    { instanceUrl, cloudId: "../other" },
    { instanceUrl, apiVersion: "latest" },
  ])("%j is refused", (config) => {
    expect(jira.config.safeParse(config).success).toBe(false);
  });
});
