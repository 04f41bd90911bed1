/** The connector that the guide for authors builds: its examples run, its errors say what to do, and a gateway serves it. */
import { expect, test } from "vitest";
import github from "../../examples/github-connector/index.ts";
import { openServer } from "../support/open-server.ts";
import { startGateway } from "../support/start-gateway.ts";
import { startUpstream, type Answer, type ReceivedRequest } from "../support/upstream.ts";

const issue = {
  number: 1347,
  title: "Found a bug",
  state: "open",
  html_url: "https://github.com/octocat/hello/issues/1347",
};

/** Answers as GitHub documents it. */
function answer({ method, path }: ReceivedRequest): Answer {
  if (path !== "/repos/octocat/hello/issues") return { status: 404, json: { message: "Not Found" } };
  if (method === "POST") return { status: 201, json: issue };
  return { json: [issue, { ...issue, number: 1348, pull_request: { url: "https://api.github.com/x" } }] };
}

for (const tool of github.tools!) {
  test.each(tool.examples.map((example, index) => ({ ...example, index })))(
    `example $index of ${tool.name} gives what it promises`,
    async ({ input, output }) => {
      await using upstream = await startUpstream(answer);
      await using server = await openServer(github, { baseUrl: upstream.url });
      expect(await server.run(tool.name, input)).toEqual(output);
    },
  );
}

test("a call that names no repository means the server's default one", async () => {
  await using upstream = await startUpstream(answer);
  const config = { defaultRepository: "octocat/hello" };
  await using server = await openServer(github, { baseUrl: upstream.url, config });
  expect(await server.run("list_issues", {})).toMatchObject({ issues: [{ number: 1347 }] });
  await using without = await openServer(github, { baseUrl: upstream.url });
  expect(await without.fail("list_issues", {})).toMatchObject({ code: "VALIDATION_ERROR", acted: "no" });
});

test("a refused field is named", async () => {
  const refusal = {
    message: "Validation Failed",
    errors: [{ resource: "Issue", field: "title", code: "missing_field" }],
  };
  await using upstream = await startUpstream(() => ({ status: 422, json: refusal }));
  await using server = await openServer(github, { baseUrl: upstream.url });
  const error = await server.fail("create_issue", { repository: "octocat/hello", title: "x" });
  expect(error).toMatchObject({
    code: "MCP_CLIENT_ERROR",
    status: 422,
    details: [{ path: "title", problem: "missing_field" }],
  });
});

test("a used-up limit tells how long to wait", async () => {
  const reset = Math.ceil(Date.now() / 1000) + 60;
  const headers = { "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(reset) };
  await using upstream = await startUpstream(() => ({
    status: 403,
    headers,
    json: { message: "API rate limit exceeded" },
  }));
  await using server = await openServer(github, { baseUrl: upstream.url });
  const error = await server.fail("list_issues", { repository: "octocat/hello" });
  expect(error.code).toBe("MCP_RATE_LIMIT_EXCEEDED");
  expect(error.retryAfterMs).toBeGreaterThan(50_000);
  expect(error.retryAfterMs).toBeLessThanOrEqual(61_000);
});

test("a gateway that is given the connector has its tools in the graph", async () => {
  await using upstream = await startUpstream(answer);
  await using gateway = await startGateway({
    connectors: new Map([["github", github]]),
    servers: [{ id: "github", type: "github", base_url: upstream.url }],
  });
  const { body } = await gateway.graphql(
    'mutation { github { createIssue(repository: "octocat/hello", title: "Found a bug") { number url } } }',
  );
  expect(body).toEqual({ data: { github: { createIssue: { number: 1347, url: issue.html_url } } } });
  expect(upstream.requests[0]).toMatchObject({ method: "POST", body: '{"title":"Found a bug"}' });
});
