import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import jira from "../../../connectors/jira/index.ts";
import { basicCredential } from "../../../src/outbound/authorizer.ts";
import { Secret } from "../../../src/secrets/secret.ts";
import { openServer } from "../../support/open-server.ts";
import { sharedFolder } from "../../support/shared-data.ts";
import { startUpstream, type ReceivedRequest } from "../../support/upstream.ts";
import { startPrism, type Prism } from "./prism.ts";

const shared = sharedFolder();
const document = shared && join(shared, "contracts/jira/jira-v3.planned.norm.errors.json");

/** One call of each request that the tools make. */
const calls: readonly { tool: string; input: Record<string, unknown>; operation: string }[] = [
  {
    tool: "search_issues",
    input: { jql: "project = ED", fields: ["duedate"], page_token: "x" },
    operation: "post /rest/api/3/search/jql",
  },
  {
    tool: "get_issue_details",
    input: { issue_key: "ED-1", include: ["comments", "links", "subtasks", "transitions", "attachments", "changelog"] },
    operation: "get /rest/api/3/issue/{issueIdOrKey}",
  },
  { tool: "get_issues", input: { issue_keys: ["EX-1", "EX-2"] }, operation: "post /rest/api/3/issue/bulkfetch" },
  {
    tool: "create_issue",
    input: {
      project_key: "ED",
      summary: "s",
      issue_type: "Bug",
      description: "# a\n- [ ] b",
      labels: ["c"],
      fields: { customfield_1: 1 },
    },
    operation: "post /rest/api/3/issue",
  },
  {
    tool: "add_comment",
    input: { issue_key: "ED-1", body: "**b**", visibility: { type: "role", value: "Administrators" } },
    operation: "post /rest/api/3/issue/{issueIdOrKey}/comment",
  },
  {
    tool: "transition_issue",
    input: { issue_key: "ED-1", transition: "unheard of" },
    operation: "get /rest/api/3/issue/{issueIdOrKey}/transitions",
  },
  {
    tool: "transition_issue",
    input: { issue_key: "ED-1", transition: "2", comment: "c", fields: { resolution: { name: "Done" } } },
    operation: "post /rest/api/3/issue/{issueIdOrKey}/transitions",
  },
];

/** What Prism objects to in a request; that Atlassian's own examples do not fit its schemas is not our fault. */
function objectionsTo(request: ReceivedRequest, header: string | null): string[] {
  const violations = JSON.parse(header ?? "[]") as { location: string[]; message: string }[];
  return violations
    .filter(({ location }) => location[0] === "request")
    .map(({ location, message }) => `${request.method} ${request.url} ${location.join(".")}: ${message}`);
}

interface Contract {
  readonly paths: Record<string, Record<string, { responses: Record<string, unknown> }>>;
}

/** The statuses that the contract documents for an operation. */
function statusesOf(operation: string): number[] {
  const { paths } = JSON.parse(readFileSync(document!, "utf8")) as Contract;
  const [method, path] = operation.split(" ") as [string, string];
  return Object.keys(paths[path]![method]!.responses).map(Number);
}

const expected: Record<number, { code: string; status: number }> = {
  401: { code: "MCP_AUTHENTICATION_FAILURE", status: 502 },
  429: { code: "MCP_RATE_LIMIT_EXCEEDED", status: 429 },
  503: { code: "MCP_SERVER_ERROR", status: 502 },
};

describe.skipIf(!document)("against Prism with Atlassian's contract (needs TOOLGRAPH_SHARED)", () => {
  let prism: Prism | undefined;
  beforeAll(async () => {
    prism = await startPrism(document!);
  });
  afterAll(() => prism?.[Symbol.asyncDispose]());

  /** Prism behind a relay that chooses the answer of one operation and notes what Prism objects to. */
  async function startRelay(prefer?: { operation: string; status: number }) {
    const violations: string[] = [];
    const [method, path] = (prefer?.operation ?? " ").split(" ") as [string, string];
    const pattern = new RegExp(`^${path.replace("{issueIdOrKey}", "[^/]+")}$`);
    const upstream = await startUpstream(async (request) => {
      const isChosen = prefer && request.method.toLowerCase() === method && pattern.test(request.path);
      const { host: _, connection: __, "content-length": ___, ...headers } = request.headers as Record<string, string>;
      const answer = await fetch(`${prism!.url}${request.url}`, {
        method: request.method,
        headers: { ...headers, ...(isChosen && { prefer: `code=${prefer.status}` }) },
        ...(request.body !== "" && { body: request.body }),
      });
      violations.push(...objectionsTo(request, answer.headers.get("sl-violations")));
      const kept = [...answer.headers].filter(([name]) => /^(?:content-type|retry-after|.*ratelimit.*)$/.test(name));
      return { status: answer.status, headers: Object.fromEntries(kept), text: await answer.text() };
    });
    const server = await openServer(jira, {
      config: { instanceUrl: "https://example.atlassian.net" },
      baseUrl: upstream.url,
      authorizer: basicCredential(new Secret("me@example.com"), new Secret("token")),
    });
    return {
      server,
      url: upstream.url,
      violations,
      async [Symbol.asyncDispose]() {
        await server[Symbol.asyncDispose]();
        await upstream[Symbol.asyncDispose]();
      },
    };
  }

  test.each(calls.filter(({ input }) => input.transition !== "unheard of"))(
    "$tool sends what the contract allows and reads what it promises ($operation)",
    async ({ tool, input }) => {
      await using relay = await startRelay();
      expect(await relay.server.run(tool, input)).toBeTypeOf("object");
      expect(relay.violations).toEqual([]);
    },
  );

  test("what the contract forbids would be seen", async () => {
    await using relay = await startRelay();
    const answer = await fetch(`${relay.url}/rest/api/3/search/jql`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: "Basic eDp5" },
      body: JSON.stringify({ jql: "x", startAt: 0 }),
    });
    await answer.body?.cancel();
    expect(relay.violations.join()).toContain("startAt");
  });

  test.each(calls)("$tool reads every documented failure of $operation", async ({ tool, input, operation }) => {
    const failures = statusesOf(operation).filter((status) => status >= 400);
    expect(failures.length).toBeGreaterThan(4);
    for (const status of failures) {
      await using relay = await startRelay({ operation, status });
      const error = await relay.server.fail(tool, input);
      const { code, status: ownStatus } = expected[status] ?? { code: "MCP_CLIENT_ERROR", status };
      expect(error, `${operation} ${status}`).toMatchObject({ code, status: ownStatus, serverStatusCode: status });
      expect(relay.violations).toEqual([]);
      if (status === 429) expect(error).toMatchObject({ retryAfterMs: 7_000, details: { scope: "endpoint" } });
      if (status === 503) expect(error.retryAfterMs).toBe(3_000);
    }
  });
});
