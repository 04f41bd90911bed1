/** A quick selection of the fault suite; `npm run test:faults` tries all of it. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DOORS, type DoorName } from "./doors.ts";
import { callerLeaves, circuitOpens } from "./happenings.ts";
import { httpFaults } from "./http-faults.ts";
import { mcpFaults } from "./mcp-faults.ts";
import { meetFault } from "./meet-fault.ts";
import { observe, type Happening } from "./observe.ts";
import { setStage, type SetStage } from "./stage.ts";

let stage: SetStage;
beforeAll(async () => {
  stage = await setStage({ calmMs: 500 });
});
afterAll(() => stage[Symbol.asyncDispose]());

const named = (name: string): Happening => {
  const fault = [...httpFaults, ...mcpFaults].find((each) => each.name === name);
  if (!fault) throw new Error(`there is no fault '${name}'`);
  return meetFault(fault);
};

/** One door each: that doors do not differ is what the whole suite shows. */
const selection: readonly (readonly [Happening, DoorName])[] = [
  [named("connection refused"), "rest"],
  [named("reset within the body"), "typed"],
  [named("accepts and never answers"), "executeTool"],
  [named("429 without Retry-After"), "rest"],
  [named("malformed JSON"), "executeTool"],
  [named("huge body"), "rest"],
  [named("MCP child killed mid-call"), "typed"],
  [callerLeaves, "rest"],
  [circuitOpens, "executeTool"],
];

describe("callers are told what they need, nothing is sent twice, others do not notice, nothing is left behind", () => {
  test.each(selection.map(([happening, door]) => ({ happening, door, name: happening.name })))(
    "$name, through $door",
    async ({ happening, door }) => {
      expect(DOORS).toContain(door);
      expect((await observe(stage, happening, door)).problems).toEqual([]);
    },
  );
});
