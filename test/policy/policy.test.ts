import { expect, test } from "vitest";
import type { PolicySettings } from "../../src/config/settings.ts";
import { createPolicy } from "../../src/policy/policy.ts";

const jira = { id: "jira-daws", type: "jira" };
const slack = { id: "slack-main", type: "slack" };
const search = { name: "search_issues", effect: "read" } as const;
const create = { name: "create_issue", effect: "write" } as const;
const remove = { name: "delete_issue", effect: "destructive" } as const;
const send = { name: "send_message", effect: "write" } as const;
const agent = { roles: ["agent"] };
const admin = { roles: ["admin"] };

const policyOf = (...settings: Partial<PolicySettings>[]) =>
  createPolicy(settings.map((each) => ({ roles: ["agent"], allow: [], deny: [], ...each })));

test("without any policy every caller may use everything", () => {
  const policy = createPolicy([]);
  expect(policy.isVisible({ roles: [] }, jira, remove)).toBe(true);
  expect(policy.isServerVisible({ roles: [] }, slack)).toBe(true);
  expect(policy.checkArguments({ roles: [] }, jira, remove, { issue_key: "A-1" })).toBeUndefined();
  expect(policy.viewKey({ roles: ["a"] })).toBe(policy.viewKey({ roles: ["b", "c"] }));
});

test("with a policy, a caller whose role no policy names sees nothing", () => {
  const policy = policyOf({ allow: [{}] });
  expect(policy.isVisible(agent, jira, search)).toBe(true);
  expect(policy.isVisible(admin, jira, search)).toBe(false);
  expect(policy.isServerVisible(admin, jira)).toBe(false);
  expect(policy.checkArguments(admin, jira, search, {})).toMatchObject({ code: "AUTHORIZATION_ERROR", status: 403 });
});

test("servers, tools and effects of one rule all have to match", () => {
  const policy = policyOf({ allow: [{ servers: ["jira-*"], tools: ["search_*", "create_*"], effects: ["read"] }] });
  expect(policy.isVisible(agent, jira, search)).toBe(true);
  expect(policy.isVisible(agent, jira, create)).toBe(false);
  expect(policy.isVisible(agent, jira, { name: "get_issue", effect: "read" })).toBe(false);
  expect(policy.isVisible(agent, slack, search)).toBe(false);
  expect(policy.isServerVisible(agent, jira)).toBe(true);
  expect(policy.isServerVisible(agent, slack)).toBe(false);
});

test("what several roles allow adds up, and one deny among them wins", () => {
  const policy = policyOf(
    { roles: ["reader"], allow: [{ effects: ["read"] }] },
    { roles: ["writer"], allow: [{ effects: ["write"] }] },
    { roles: ["trainee"], deny: [{ tools: ["create_*"] }] },
  );
  const both = { roles: ["reader", "writer"] };
  expect([search, create, remove].map((tool) => policy.isVisible(both, jira, tool))).toEqual([true, true, false]);
  const trainee = { roles: ["reader", "writer", "trainee"] };
  expect([search, create, send].map((tool) => policy.isVisible(trainee, jira, tool))).toEqual([true, false, true]);
  expect(policy.checkArguments(trainee, jira, create, {})?.code).toBe("AUTHORIZATION_ERROR");
});

test("the role * is everyone in a policy, but a caller that claims it gains nothing", () => {
  const policy = policyOf({ roles: ["*"], allow: [{ tools: ["search_*"] }] }, { roles: ["admin"], allow: [{}] });
  for (const caller of [{ roles: [] }, { roles: ["anonymous"] }, { roles: ["*"] }]) {
    expect(policy.isVisible(caller, jira, search)).toBe(true);
    expect(policy.isVisible(caller, jira, create)).toBe(false);
  }
  expect(policy.isVisible(admin, jira, create)).toBe(true);
});

test("a server denied as a whole is invisible; one whose tools are partly denied is not", () => {
  const policy = policyOf({
    allow: [{}],
    deny: [
      { servers: ["jira-*"], tools: ["*"] },
      { servers: ["slack-*"], effects: ["write"] },
    ],
  });
  expect(policy.isServerVisible(agent, jira)).toBe(false);
  expect(policy.isServerVisible(agent, slack)).toBe(true);
  expect(policy.isVisible(agent, slack, send)).toBe(false);
});

test("a tool glob with a colon names a type, and no server can claim that type by naming its tool so", () => {
  const policy = policyOf({ allow: [{ tools: ["jira:*"] }] });
  expect(policy.isVisible(agent, jira, create)).toBe(true);
  expect(policy.isVisible(agent, slack, create)).toBe(false);
  expect(policy.isVisible(agent, { id: "evil", type: "mcp" }, { name: "jira:create_issue", effect: "read" })).toBe(
    false,
  );
});

test("a bare glob never matches by the type in front of the name", () => {
  const policy = policyOf({ allow: [{ tools: ["s*"] }] });
  expect(policy.isVisible(agent, slack, { name: "delete_channel", effect: "destructive" })).toBe(false);
  expect(policy.isVisible(agent, slack, send)).toBe(true);
});

test("a deny glob with a colon covers the type's tool and a tool that is really called so", () => {
  const policy = policyOf({ allow: [{}], deny: [{ tools: ["mcp:drop"] }] });
  expect(policy.isVisible(agent, { id: "x", type: "mcp" }, { name: "drop", effect: "write" })).toBe(false);
  expect(policy.isVisible(agent, { id: "x", type: "openapi" }, { name: "mcp:drop", effect: "write" })).toBe(false);
});

test("an allow rule with arguments keeps the tool visible and decides by the input of the call", () => {
  const policy = policyOf({
    allow: [
      {
        tools: ["create_*"],
        arguments: { required: ["project_key"], properties: { project_key: { enum: ["DAWS"] } } },
      },
    ],
  });
  expect(policy.isVisible(agent, jira, create)).toBe(true);
  expect(policy.checkArguments(agent, jira, create, { project_key: "DAWS" })).toBeUndefined();
  const error = policy.checkArguments(agent, jira, create, { project_key: "HR" });
  expect(error?.message).toBe("'create_issue' of server 'jira-daws' is allowed by policy only with other arguments.");
  expect(error?.details).toEqual([
    { path: "project_key", problem: "is not one of the allowed values", expected: 'one of ["DAWS"]' },
  ]);
  expect(policy.checkArguments(agent, jira, create, {})?.details).toEqual([
    { path: "project_key", problem: "is required" },
  ]);
});

test("of several allow rules with arguments one has to fit, and one without arguments is enough", () => {
  const only = (value: string) => ({ required: ["p"], properties: { p: { const: value } } });
  const two = { roles: ["two"], allow: [{ arguments: only("A") }, { arguments: only("B") }] };
  const policy = policyOf(two, { roles: ["free"], allow: [{}] });
  const allowed = (roles: string[], p: string) => !policy.checkArguments({ roles }, jira, create, { p });
  expect(["A", "B", "C"].map((p) => allowed(["two"], p))).toEqual([true, true, false]);
  expect(allowed(["two", "free"], "C")).toBe(true);
});

test("a deny rule with arguments refuses the inputs that fit and no others", () => {
  const policy = policyOf({
    allow: [{}],
    deny: [{ tools: ["send_*"], arguments: { required: ["channel"], properties: { channel: { pattern: "^C0" } } } }],
  });
  expect(policy.isVisible(agent, slack, send)).toBe(true);
  expect(policy.checkArguments(agent, slack, send, { channel: "C01" })?.code).toBe("AUTHORIZATION_ERROR");
  expect(policy.checkArguments(agent, slack, send, { channel: "D01" })).toBeUndefined();
  expect(policy.checkArguments(agent, slack, send, {})).toBeUndefined();
});

test.each([
  ["a mistyped keyword", { requird: ["project_key"] }],
  ["a mistyped keyword beside a right one", { required: ["project_key"], propertys: {} }],
  ["a format", { properties: { mail: { format: "email" } } }],
  ["a pattern beyond linear time", { properties: { text: { pattern: "(a)\\1" } } }],
  ["a type that does not exist", { type: "strng" }],
])("arguments with %s are reported and their rule refuses, whether it allows or denies", (_, schema) => {
  const allowing = policyOf({ allow: [{ arguments: schema }] });
  expect(allowing.faults).toHaveLength(1);
  expect(allowing.faults[0]).toMatch(/^gateway\.policies\[0\]\.allow\[0\]\.arguments refuses: /);
  expect(allowing.checkArguments(agent, jira, create, {})?.code).toBe("AUTHORIZATION_ERROR");

  const denying = policyOf({ allow: [{}], deny: [{ arguments: schema }] });
  expect(denying.faults[0]).toMatch(/^gateway\.policies\[0\]\.deny\[0\]\.arguments refuses: /);
  expect(denying.checkArguments(agent, jira, create, {})?.code).toBe("AUTHORIZATION_ERROR");
});

test("callers with the same permissions share a view, however they come by them", () => {
  const readers = { allow: [{ tools: ["a", "b"], effects: ["read"] as const }] };
  const same = { allow: [{ tools: ["b", "a", "b"], effects: ["read"] as const }] };
  const policy = policyOf({ roles: ["x"], ...readers }, { roles: ["y"], ...same }, { roles: ["z"], allow: [{}] });
  const key = (...roles: string[]) => policy.viewKey({ roles });
  expect(key("x")).toBe(key("y"));
  expect(key("x", "y", "unknown")).toBe(key("x"));
  expect(key("y", "z")).toBe(key("z", "x"));
  expect(new Set([key("x"), key("z"), key("unknown")]).size).toBe(3);
});

test("a view key is the same in another process", () => {
  const settings = { allow: [{ servers: ["jira-*"] }] };
  const [policy, replica] = [policyOf(settings), policyOf(settings)];
  expect(replica.viewKey(agent)).toBe(policy.viewKey(agent));
});

test("10,000 tools are filtered by 40 rules without a look at settings or roles", () => {
  let reads = 0;
  const counted = <T extends object>(value: T): T =>
    new Proxy(value, {
      get(target, key): unknown {
        reads += 1;
        const part: unknown = Reflect.get(target, key);
        return typeof part === "object" && part !== null ? counted(part) : part;
      },
    });
  const rules = Array.from({ length: 40 }, (_, index) => ({
    servers: [`server-${index}-*`],
    tools: ["get_*", "*_list?"],
  }));
  const policy = policyOf({ allow: counted(rules), deny: counted([{ tools: ["*secret*", "*drop*"] }]) });
  const caller = { roles: counted(["agent"]) };
  policy.viewKey(caller);
  expect(reads).toBeGreaterThan(40);
  reads = 0;
  let visible = 0;
  for (let index = 0; index < 10_000; index++) {
    const server = { id: `server-${index % 50}-eu`, type: "mcp" };
    if (policy.isVisible(caller, server, { name: index % 3 ? `get_thing_${index}` : `drop_${index}`, effect: "read" }))
      visible++;
  }
  expect(visible).toBe(5333);
  // Rules are compiled once, and a caller's rules are found once.
  expect(reads).toBe(0);
});
