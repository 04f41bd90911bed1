/** Equal-tool reads of one request reach the server as one request, whatever stands between the door and the server. */
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { callerOf } from "../support/caller-of.ts";
import { startGateway, type StartedGateway } from "../support/start-gateway.ts";
import { startUpstream, type Answer, type ReceivedRequest, type Upstream } from "../support/upstream.ts";
import { Batching } from "../../src/pipeline/batching.ts";
import { Execution, type Stage, type Step } from "../../src/pipeline/execution.ts";
import { stagesOf } from "../../src/pipeline/pipeline.ts";
import { record } from "../../src/pipeline/record.ts";
import { runConnector } from "../../src/pipeline/stages/run-connector.ts";
import type { ToolCall } from "../../src/pipeline/tool-call.ts";
import type { ToolExecution } from "../../src/pipeline/tool-execution.ts";
import { ResultStore } from "../../src/results/result-store.ts";
import { MemoryState } from "../../src/state/memory-state.ts";
import { CallLog } from "../../src/telemetry/call-log.ts";
import { daws7 } from "../connectors/jira/sample-answers.ts";

const MISSING = "DAWS-13";

/** A Jira that knows every issue but one, singly and in bulk. */
function jiraAnswer(request: ReceivedRequest): Answer {
  const issue = (key: string) => ({
    ...daws7,
    id: `1${key.slice(5)}`,
    key,
    fields: { ...daws7.fields, summary: `Issue ${key}` },
  });
  if (request.path.endsWith("/issue/bulkfetch")) {
    const { issueIdsOrKeys } = JSON.parse(request.body) as { issueIdsOrKeys: string[] };
    return { json: { issues: issueIdsOrKeys.filter((key) => key !== MISSING).map(issue), issueErrors: [] } };
  }
  const key = request.path.split("/").at(-1)!;
  if (key === MISSING) return { status: 404, json: { errorMessages: ["Issue does not exist"], errors: {} } };
  return { json: issue(key) };
}

function jiraServer(upstream: Upstream, changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    id: "jira",
    type: "jira",
    base_url: upstream.url,
    authentication: { method: "bearer_token", tokenRef: "TOKEN" },
    server_specific_config: { instanceUrl: "https://example.atlassian.net" },
    retry_policy: { max_attempts: 2, backoff_ms: 1 },
    ...changes,
  };
}

async function openJira(
  respond: (request: ReceivedRequest, nth: number) => Answer | Promise<Answer> = jiraAnswer,
  changes: Record<string, unknown> = {},
  limits: Record<string, unknown> = { requests_per_second: 1_000, burst_limit: 1_000 },
) {
  let nth = 0;
  const upstream = await startUpstream((request) => respond(request, (nth += 1)));
  const gateway = await startGateway({
    servers: [jiraServer(upstream, changes)],
    env: { TOKEN: "secret" },
    gateway: { limits },
  });
  return {
    upstream,
    gateway,
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]();
      await upstream[Symbol.asyncDispose]();
    },
  };
}

const keys = (count: number, from = 1) => Array.from({ length: count }, (_, index) => `DAWS-${from + index}`);
const fieldsFor = (all: readonly string[]) =>
  `{ jira { ${all.map((key) => `${key.replace("-", "_")}: getIssueDetails(issueKey: "${key}") { key summary }`).join(" ")} } }`;
const callLines = (gateway: StartedGateway) =>
  gateway.logLines().filter((line) => line.tool_name === "get_issue_details");

/** Runs reads as one request, through the real stages with others put in right after the seats are taken. */
async function runTogether(
  gateway: StartedGateway,
  issueKeys: readonly string[],
  inTheWay: readonly Stage[] = [],
  more: Partial<ToolCall> = {},
  // A loaded machine must not look like a stage that is stuck.
  maxWaitMs = 30_000,
): Promise<ToolExecution[]> {
  const stages = [...stagesOf(new MemoryState(), new ResultStore())];
  stages.splice(2, 0, ...inTheWay);
  const composed = stages.reduceRight<Step>((next, stage) => stage(next), runConnector);
  const { gateway: inner } = gateway.composed;
  const generation = inner.generation();
  const caller = callerOf("agent");
  const batching = new Batching(maxWaitMs);
  return Promise.all(
    issueKeys.map((key) =>
      record(
        new Execution(
          {
            door: "graphql",
            caller,
            serverId: "jira",
            toolName: "get_issue_details",
            input: { issue_key: key },
            correlationId: "one-request",
            batching,
            ...more,
          },
          generation,
          generation.viewOf(caller),
        ),
        composed,
        new CallLog(inner.log),
      ),
    ),
  );
}

describe("100 fields of one query", () => {
  it("are one request to Jira, and one missing issue fails only its own field", async () => {
    await using jira = await openJira();
    const { body } = await jira.gateway.graphql(fieldsFor(keys(100)));
    expect(jira.upstream.requests.map(({ path }) => path)).toEqual(["/rest/api/3/issue/bulkfetch"]);
    expect(Object.values(body.data.jira).filter(Boolean)).toHaveLength(99);
    expect(body.data.jira.DAWS_100).toEqual({ key: "DAWS-100", summary: "Issue DAWS-100" });
    expect(body.data.jira.DAWS_13).toBeNull();
    expect(body.errors?.map(({ path, extensions }) => [path, extensions.code])).toEqual([
      [["jira", "DAWS_13"], "MCP_CLIENT_ERROR"],
    ]);
  });

  it("leave a record each, with attempts and bytes that add up to what happened", async () => {
    await using jira = await openJira();
    await jira.gateway.graphql(fieldsFor(keys(30, 20)));
    const lines = callLines(jira.gateway);
    expect(lines).toHaveLength(30);
    expect(new Set(lines.map((line) => line.execution_id)).size).toBe(30);
    expect(lines.every((line) => line.batch_size === 30)).toBe(true);
    expect(lines.reduce((sum, line) => sum + Number(line.attempts), 0)).toBe(1);
    const answered = JSON.stringify(jiraAnswer(jira.upstream.requests[0]!).json).length;
    expect(lines.reduce((sum, line) => sum + Number(line.bytes_received), 0)).toBe(answered);
  });

  it("over two hundred are three requests: Jira takes 100 at a time", async () => {
    await using jira = await openJira();
    await jira.gateway.graphql(fieldsFor(keys(250, 100)));
    expect(jira.upstream.requests).toHaveLength(3);
  });

  it("with the same input ask for it once", async () => {
    await using jira = await openJira();
    const query = `{ jira { a: getIssueDetails(issueKey: "A-1") { key } b: getIssueDetails(issueKey: "A-1") { key } c: getIssueDetails(issueKey: "A-2") { key } } }`;
    const { body } = await jira.gateway.graphql(query);
    expect(body.data.jira).toEqual({ a: { key: "A-1" }, b: { key: "A-1" }, c: { key: "A-2" } });
    expect(jira.upstream.requests).toHaveLength(1);
    expect(JSON.parse(jira.upstream.requests[0]!.body)).toMatchObject({ issueIdsOrKeys: ["A-1", "A-2"] });
  });

  it("a single one is read singly", async () => {
    await using jira = await openJira();
    await jira.gateway.graphql(fieldsFor(["DAWS-7"]));
    expect(jira.upstream.requests.map(({ method, path }) => [method, path])).toEqual([
      ["GET", "/rest/api/3/issue/DAWS-7"],
    ]);
  });

  it("invalid inputs fail alone, before anything is asked", async () => {
    await using jira = await openJira();
    const { body } = await jira.gateway.graphql(fieldsFor(["DAWS-1", "DAWS-2"]).replace('"DAWS-1"', '"no key"'));
    expect(body.data.jira.DAWS_2).toEqual({ key: "DAWS-2", summary: "Issue DAWS-2" });
    expect(body.errors?.map(({ extensions }) => extensions.code)).toEqual(["VALIDATION_ERROR"]);
    expect(jira.upstream.requests).toHaveLength(1);
  });
});

describe("executeTools", () => {
  it("in parallel batches equal tools as fields do; another request never shares a batch", async () => {
    await using jira = await openJira();
    const calls = keys(40, 20).map((key) => ({
      serverId: "jira",
      toolName: "get_issue_details",
      input: { issue_key: key },
      select: "key",
    }));
    const query = "mutation Run($calls: [ToolCallInput!]!) { executeTools(calls: $calls) { status output attempts } }";
    const [first, second] = await Promise.all([
      jira.gateway.graphql(query, { calls: calls.slice(0, 20) }),
      jira.gateway.graphql(query, { calls: calls.slice(20) }),
    ]);
    expect(jira.upstream.requests).toHaveLength(2);
    const outputs = [...first.body.data.executeTools, ...second.body.data.executeTools];
    expect(outputs.map(({ output }: { output: string }) => output)).toEqual(keys(40, 20));
  });

  it("in sequence asks for each in its turn", async () => {
    await using jira = await openJira();
    const calls = keys(3).map((key) => ({
      server_id: "jira",
      tool_name: "get_issue_details",
      tool_input: { issue_key: key },
    }));
    const response = await fetch(`${jira.gateway.url}/api/v1/mcp/batch`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: "Bearer developer-token-of-the-tests" },
      body: JSON.stringify({ calls, mode: "sequential" }),
    });
    expect(response.status).toBe(200);
    expect(jira.upstream.requests.map(({ path }) => path.split("/").at(-1))).toEqual(["DAWS-1", "DAWS-2", "DAWS-3"]);
  });
});

describe("with the limits a gateway has unless told otherwise", () => {
  it("100 fields are not too many calls at once: they are one", async () => {
    await using jira = await openJira(jiraAnswer, {}, {});
    const { body } = await jira.gateway.graphql(fieldsFor(keys(100, 20)));
    expect(body.errors).toBeUndefined();
    expect(jira.upstream.requests).toHaveLength(1);
  });

  it("neither are 100 parallel calls, of a tool with a batch form or without one", async () => {
    await using jira = await openJira(
      async (request) => {
        // Long enough that calls would pile up if nothing held them back.
        await sleep(5);
        return jiraAnswer(request);
      },
      {},
      {},
    );
    const query =
      "mutation Run($calls: [ToolCallInput!]!) { executeTools(calls: $calls) { status error { message } } }";
    const batched = keys(100, 20).map((key) => ({
      serverId: "jira",
      toolName: "get_issue_details",
      input: { issue_key: key },
    }));
    const single = keys(100, 20).map((key) => ({
      serverId: "jira",
      toolName: "get_issues",
      input: { issue_keys: [key] },
    }));
    const answers = await jira.gateway.graphql(query, { calls: batched });
    expect(answers.body.data.executeTools.filter(({ status }: { status: string }) => status !== "SUCCESS")).toEqual([]);
    expect(jira.upstream.requests).toHaveLength(1);
    const others = await jira.gateway.graphql(query, { calls: single });
    expect(others.body.data.executeTools.filter(({ status }: { status: string }) => status !== "SUCCESS")).toEqual([]);
    expect(jira.upstream.requests).toHaveLength(101);
  });
});

describe("with stages in the way that wait", () => {
  const slowBy =
    (delayMs: (nth: number) => number): Stage =>
    (next) => {
      let nth = 0;
      return async (execution) => {
        await sleep(delayMs((nth += 1)));
        return next(execution);
      };
    };

  it("each with its own delay, it is still one request", async () => {
    await using jira = await openJira();
    const policyAskedOverTheNetwork = slowBy((nth) => (nth * 7) % 40);
    const executions = await runTogether(jira.gateway, keys(100), [
      policyAskedOverTheNetwork,
      slowBy((nth) => nth % 5),
    ]);
    expect(jira.upstream.requests).toHaveLength(1);
    expect(executions.filter(({ error }) => error)).toHaveLength(1);
  });

  it("a refused read is not waited for", async () => {
    await using jira = await openJira();
    const refuseOne: Stage = (next) => async (execution) => {
      await sleep(5);
      if ((execution.input as { issue_key: string }).issue_key === "DAWS-2") throw new Error("refused");
      return next(execution);
    };
    const executions = await runTogether(jira.gateway, keys(5), [refuseOne]);
    expect(executions.map(({ error }) => error?.code)).toEqual([
      undefined,
      "API_INTERNAL_ERROR",
      undefined,
      undefined,
      undefined,
    ]);
    expect(jira.upstream.requests).toHaveLength(1);
  });

  it("one that is stuck does not hold up the others", async () => {
    await using jira = await openJira();
    let release = () => {};
    const stuck = new Promise<void>((resolve) => (release = resolve));
    const holdUpOne: Stage = (next) => async (execution) => {
      if ((execution.input as { issue_key: string }).issue_key === "DAWS-3") await stuck;
      return next(execution);
    };
    let answered = 0;
    const countAnswers: Stage = (next) => async (execution) => {
      const output = await next(execution);
      answered += 1;
      // The stuck one moves on only when all the others have their answers.
      if (answered === 4) release();
      return output;
    };
    const executions = await runTogether(jira.gateway, keys(5), [countAnswers, holdUpOne], {}, 100);
    expect(executions.every(({ error }) => !error)).toBe(true);
    expect(jira.upstream.requests).toHaveLength(2);
  });
});

describe("a batch that fails", () => {
  it("is tried again as one", async () => {
    await using jira = await openJira((request, nth) => (nth === 1 ? { status: 503 } : jiraAnswer(request)));
    const executions = await runTogether(jira.gateway, keys(10, 20));
    expect(executions.every(({ error }) => !error)).toBe(true);
    expect(jira.upstream.requests).toHaveLength(2);
    expect(executions.map(({ attempts }) => attempts)).toEqual([2, ...Array.from({ length: 9 }, () => 0)]);
  });

  it("counts once for the breaker", async () => {
    await using jira = await openJira(() => ({ status: 503 }), {
      retry_policy: { max_attempts: 1 },
      circuit_breaker: { volume_threshold: 3, error_threshold_percentage: 50, reset_timeout_ms: 60_000 },
    });
    const executions = await runTogether(jira.gateway, keys(50));
    expect(new Set(executions.map(({ error }) => error?.code))).toEqual(new Set(["MCP_SERVER_ERROR"]));
    const again = await runTogether(jira.gateway, keys(50));
    expect(new Set(again.map(({ error }) => error?.code))).toEqual(new Set(["MCP_SERVER_ERROR"]));
    expect(jira.upstream.requests).toHaveLength(2);
  });

  it("is asked one by one where the server has no such request", async () => {
    await using jira = await openJira((request) =>
      request.path.endsWith("bulkfetch")
        ? { status: 404, json: { errorMessages: ["null for uri"] } }
        : jiraAnswer(request),
    );
    const executions = await runTogether(jira.gateway, keys(4, 11));
    expect(executions.map(({ error }) => error?.code)).toEqual([undefined, undefined, "MCP_CLIENT_ERROR", undefined]);
  });

  it.each([false, true])("ends when the caller goes away (no cache: %s)", async (noCache) => {
    const controller = new AbortController();
    let arrived = () => {};
    const hasArrived = new Promise<void>((resolve) => (arrived = resolve));
    await using jira = await openJira(() => {
      arrived();
      return new Promise<Answer>(() => {});
    });
    const running = runTogether(jira.gateway, keys(3), [], { signal: controller.signal, noCache });
    await hasArrived;
    controller.abort();
    const executions = await running;
    expect(executions.map(({ error }) => error?.code)).toEqual([
      "MCP_CONNECTION_ERROR",
      "MCP_CONNECTION_ERROR",
      "MCP_CONNECTION_ERROR",
    ]);
  });

  it("goes on for the others when one caller's time is up", async () => {
    const hurried = new AbortController();
    let arrived = () => {};
    let release = () => {};
    const hasArrived = new Promise<void>((resolve) => (arrived = resolve));
    const mayAnswer = new Promise<void>((resolve) => (release = resolve));
    await using jira = await openJira(async (request) => {
      arrived();
      await mayAnswer;
      return jiraAnswer(request);
    });
    let nth = 0;
    const hurryTheFirst: Stage = (next) => (execution) => {
      if ((nth += 1) === 1) Object.assign(execution, { call: { ...execution.call, signal: hurried.signal } });
      return next(execution);
    };
    const running = runTogether(jira.gateway, keys(3), [hurryTheFirst], { noCache: true });
    await hasArrived;
    hurried.abort();
    release();
    const executions = await running;
    expect(executions.map(({ error }) => error?.code)).toEqual(["MCP_CONNECTION_ERROR", undefined, undefined]);
    expect(jira.upstream.requests).toHaveLength(1);
  });
});
