import fc from "fast-check";
import { expect, test } from "vitest";
import type { PolicyRule, PolicySettings } from "../../src/config/settings.ts";
import { createPolicy, type Policy, type PolicyCaller } from "../../src/policy/policy.ts";

// A small world, so that random rules meet its servers and tools often.
const roleNames = ["a", "b", "c", "d"];
const servers = [
  { id: "jira-1", type: "jira" },
  { id: "jira-2", type: "jira" },
  { id: "slack", type: "slack" },
];
const tools = [
  { name: "get_x", effect: "read" },
  { name: "get_y", effect: "read" },
  { name: "put_x", effect: "write" },
  { name: "jira:get_x", effect: "destructive" },
] as const;
const inputs = [{}, { n: 1 }, { n: 2 }, { n: 3 }];
const calls = servers.flatMap((server) => tools.map((tool) => ({ server, tool })));

const some = <T>(...values: T[]) => fc.subarray(values, { minLength: 1 });
const rule: fc.Arbitrary<PolicyRule> = fc.record(
  {
    servers: some("jira-*", "jira-1", "s????", "*", "none"),
    tools: some("get_*", "*_x", "jira:*", "*:get_?", "put_x", "*"),
    effects: some("read", "write", "destructive"),
    arguments: some(1, 2).map((values) => ({ required: ["n"], properties: { n: { enum: values } } })),
  },
  { requiredKeys: [] },
);
const policies: fc.Arbitrary<PolicySettings[]> = fc.array(
  fc.record({
    roles: some(...roleNames, "*"),
    allow: fc.array(rule, { maxLength: 3 }),
    deny: fc.array(rule, { maxLength: 2 }),
  }),
  { minLength: 1, maxLength: 4 },
);
const caller = fc.subarray(roleNames).map((roles) => ({ roles }));

const visible = (policy: Policy, who: PolicyCaller) =>
  calls.map(({ server, tool }) => policy.isVisible(who, server, tool));
const permitted = (policy: Policy, who: PolicyCaller) =>
  calls.flatMap(({ server, tool }) => inputs.map((input) => !policy.checkArguments(who, server, tool, input)));

const options = { numRuns: 150 };

test("deny always wins: what a rule would allow, it takes from everyone when it denies, whatever else is allowed", () => {
  fc.assert(
    fc.property(policies, rule, caller, (settings, taken, who) => {
      const covered = permitted(createPolicy([{ roles: ["*"], allow: [taken], deny: [] }]), who);
      const generous = [...settings, { roles: ["*"], allow: [{}], deny: [taken] }];
      const left = permitted(createPolicy(generous), who);
      covered.forEach((names, at) => expect(names && left[at]).toBe(false));
    }),
    options,
  );
});

test("another allow rule never takes a permission away, another deny rule never gives one", () => {
  fc.assert(
    fc.property(policies, rule, some(...roleNames, "*"), caller, (settings, added, roles, who) => {
      const now = createPolicy(settings);
      const wider = createPolicy([...settings, { roles, allow: [added], deny: [] }]);
      const narrower = createPolicy([...settings, { roles, allow: [], deny: [added] }]);
      for (const of of [visible, permitted]) {
        const [less, same, more] = [of(narrower, who), of(now, who), of(wider, who)];
        same.forEach((may, at) => {
          expect(!may || more[at]).toBe(true);
          expect(may || !less[at]).toBe(true);
        });
      }
    }),
    options,
  );
});

test("equal view keys mean equal permissions", () => {
  fc.assert(
    fc.property(policies, caller, caller, (settings, one, other) => {
      const policy = createPolicy(settings);
      if (policy.viewKey(one) !== policy.viewKey(other)) return;
      expect(visible(policy, other)).toEqual(visible(policy, one));
      expect(permitted(policy, other)).toEqual(permitted(policy, one));
    }),
    options,
  );
});

test("what may be called is visible, on a visible server", () => {
  fc.assert(
    fc.property(policies, caller, (settings, who) => {
      const policy = createPolicy(settings);
      for (const { server, tool } of calls) {
        const callable = inputs.some((input) => !policy.checkArguments(who, server, tool, input));
        if (callable) expect(policy.isVisible(who, server, tool)).toBe(true);
        if (policy.isVisible(who, server, tool)) expect(policy.isServerVisible(who, server)).toBe(true);
      }
    }),
    options,
  );
});
