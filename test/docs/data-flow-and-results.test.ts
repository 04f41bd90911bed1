/** docs/agents/data-flow-and-results.md: each example is run as it stands, and answers what the page says. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { startGateway, type StartedGateway } from "../support/start-gateway.ts";
import { startUpstream, type Answer, type ReceivedRequest } from "../support/upstream.ts";
import { daws7 } from "../connectors/jira/sample-answers.ts";

const page = readFileSync(new URL("../../docs/agents/data-flow-and-results.md", import.meta.url), "utf8");

interface Example {
  readonly title: string;
  readonly kind: string;
  readonly text: string;
  variables?: Record<string, unknown>;
  answer?: unknown;
}

/** Fenced blocks in their order; `json variables` and `json answer` belong to the block before them. */
function examplesIn(markdown: string): Example[] {
  const examples: Example[] = [];
  let heading = "";
  for (const [, title, info, text] of markdown.matchAll(/^## (.+)$|^```([^\n]+)\n([\s\S]*?)^```$/gm)) {
    if (title !== undefined) heading = title;
    else if (info === "json variables") examples.at(-1)!.variables = JSON.parse(text!) as Record<string, unknown>;
    else if (info === "json answer") examples.at(-1)!.answer = JSON.parse(text!);
    else if (info !== "text") examples.push({ title: `${heading} (${examples.length + 1})`, kind: info!, text: text! });
  }
  return examples;
}

const issue = (key: string, summary: string, more: Record<string, unknown> = {}) => ({
  ...daws7,
  key,
  fields: { ...daws7.fields, summary, ...more },
});
const known = new Map(
  [issue("DAWS-7", "Login fails"), issue("DAWS-8", "Logout fails")].map((each) => [each.key, each]),
);

/** A Jira and a Slack at one address. */
function answer(request: ReceivedRequest): Answer {
  if (request.path.startsWith("/chat.getPermalink"))
    return { json: { ok: true, permalink: "https://example.slack.com/x" } };
  if (request.path.startsWith("/chat.")) return { json: { ok: true, channel: "C123ABC456", ts: "1503435956.000247" } };
  if (request.path.endsWith("/search/jql")) {
    const big = request.body.includes("BIG");
    const issues = big
      ? Array.from({ length: 100 }, (_, index) => issue(`BIG-${index}`, `Issue ${index}`))
      : [...known.values()];
    return { json: { issues, isLast: true } };
  }
  if (request.path.endsWith("/issue/bulkfetch")) {
    const { issueIdsOrKeys } = JSON.parse(request.body) as { issueIdsOrKeys: string[] };
    return { json: { issues: issueIdsOrKeys.flatMap((key) => known.get(key) ?? []), issueErrors: [] } };
  }
  const found = known.get(request.path.split("/").at(-1)!);
  return found ? { json: found } : { status: 404, json: { errorMessages: ["Issue does not exist"], errors: {} } };
}

async function run(gateway: StartedGateway, example: Example, resultId: string): Promise<unknown> {
  const { kind, text, variables } = example;
  if (kind === "graphql") {
    const filled = JSON.parse(JSON.stringify(variables ?? {}).replaceAll("RESULT_ID", resultId)) as Record<
      string,
      unknown
    >;
    return (await gateway.graphql(text, filled)).body;
  }
  if (kind === "http") return (await gateway.get(text.replace("GET ", "").replace("RESULT_ID", resultId).trim())).body;
  const response = await fetch(gateway.url + kind.replace("json POST ", ""), {
    method: "POST",
    headers: { "content-type": "application/json", authorization: "Bearer developer-token-of-the-tests" },
    body: text,
  });
  return response.json();
}

it("every example of the page answers what the page says", async () => {
  await using upstream = await startUpstream(answer);
  await using gateway = await startGateway({
    servers: [
      {
        id: "jira",
        type: "jira",
        base_url: upstream.url,
        authentication: { method: "bearer_token", tokenRef: "TOKEN" },
        server_specific_config: { instanceUrl: "https://example.atlassian.net" },
      },
      {
        id: "slack",
        type: "slack",
        base_url: upstream.url,
        authentication: { method: "bearer_token", tokenRef: "TOKEN" },
      },
    ],
    env: { TOKEN: "xoxb-a-token" },
    gateway: { limits: { result_bytes: 8192 } },
  });
  const examples = examplesIn(page);
  expect(examples.length).toBeGreaterThanOrEqual(8);
  let resultId = "none yet";
  for (const example of examples) {
    const got = await run(gateway, example, resultId);
    expect(example.answer, `${example.title} has an answer on the page`).toBeDefined();
    expect(got, example.title).toMatchObject(example.answer as object);
    const kept = (got as { data?: { executeTool?: { resultId?: string } } }).data?.executeTool?.resultId;
    if (kept) resultId = kept;
  }
});

it("100 issues are one request to Jira, as the page says", async () => {
  await using upstream = await startUpstream(answer);
  await using gateway = await startGateway({
    servers: [
      {
        id: "jira",
        type: "jira",
        base_url: upstream.url,
        authentication: { method: "bearer_token", tokenRef: "TOKEN" },
        server_specific_config: { instanceUrl: "https://example.atlassian.net" },
      },
    ],
    env: { TOKEN: "a-token" },
  });
  const example = examplesIn(page).find(({ title }) => title.startsWith("Many equal reads"))!;
  await run(gateway, example, "");
  expect(upstream.requests.map(({ path }) => path)).toEqual(["/rest/api/3/issue/bulkfetch"]);
});
