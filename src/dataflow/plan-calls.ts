/** Orders calls that refer to each other, or says everything that is wrong with them before any of them runs. */
import { validationError, type Problem } from "../errors/validation-error.ts";
import { readTemplate, type InputTemplate } from "./reference.ts";

/** Longest chain of calls that wait for each other. */
export const MAX_CHAIN = 20;
/** Most references of one request. */
const MAX_REFERENCES = 1_000;
const MAX_ID_LENGTH = 200;

export type FlowMode = "PARALLEL" | "SEQUENTIAL";

/** What planning needs to know of a call. */
export interface FlowCall {
  /** The caller's name for it; calls without one cannot be referred to. */
  readonly id?: string | undefined;
  readonly input: unknown;
}

interface PlannedCall {
  readonly template: InputTemplate;
  /** Positions of the calls it refers to, each once. */
  readonly dependsOn: readonly number[];
}

export interface Plan {
  /** By position of the call. */
  readonly calls: readonly PlannedCall[];
  /** Positions, each after those it depends on; in the given order when sequential. */
  readonly order: readonly number[];
}

/**
 * `VALIDATION_ERROR` naming call and path: ids used twice, references to nothing, to themselves, in circles or (in
 * sequence) to later calls, bad JMESPath, chains over {@link MAX_CHAIN}. `inputField` is how the door spells the input.
 */
export function planCalls(calls: readonly FlowCall[], mode: FlowMode, inputField: string): Plan {
  const problems: Problem[] = [];
  const positions = positionsOf(calls, problems);
  let references = 0;
  const planned = calls.map((call, index): PlannedCall => {
    const place = ["calls", index, inputField];
    const template = readTemplate(call.input, (path, problem, expected) =>
      problems.push({ path: [...place, ...path], problem: inCall(call, problem), expected }),
    );
    references += template.references.length;
    const dependsOn = new Set<number>();
    for (const { from, path } of template.references) {
      const source = positions.get(from);
      const fault = faultOf(source, index, mode);
      if (fault === undefined && source !== undefined) dependsOn.add(source);
      else {
        const problem = inCall(call, `'${from.slice(0, 80)}' ${fault}`);
        problems.push({ path: [...place, ...path], problem, expected: expectedIds(positions, index, mode) });
      }
    }
    return { template, dependsOn: [...dependsOn] };
  });
  if (references > MAX_REFERENCES) {
    problems.push({ path: "calls", problem: `hold ${references} references`, expected: `at most ${MAX_REFERENCES}` });
  }
  const order = mode === "SEQUENTIAL" ? calls.map((_, index) => index) : sorted(planned);
  if (order === undefined) problems.push(circle(planned, calls));
  else if (problems.length === 0) checkChains(planned, order, problems);
  if (problems.length > 0 || order === undefined) {
    throw validationError(
      "The list of calls",
      problems,
      "Nothing was run. Correct these references and send the calls again.",
    );
  }
  return { calls: planned, order };
}

function positionsOf(calls: readonly FlowCall[], problems: Problem[]): ReadonlyMap<string, number> {
  const positions = new Map<string, number>();
  for (const [index, { id }] of calls.entries()) {
    if (id === undefined) continue;
    const path = ["calls", index, "id"];
    if (id === "" || id.length > MAX_ID_LENGTH) {
      problems.push({ path, problem: "is empty or too long", expected: `1 to ${MAX_ID_LENGTH} characters` });
    } else if (positions.has(id)) {
      problems.push({ path, problem: `'${id}' is used twice`, expected: "an id of its own for each call" });
    } else positions.set(id, index);
  }
  return positions;
}

function faultOf(source: number | undefined, index: number, mode: FlowMode): string | undefined {
  if (source === undefined) return "is not the id of a call in this request";
  if (source === index) return "is this call itself";
  if (mode === "SEQUENTIAL" && source > index) return "is a later call";
  return undefined;
}

function inCall({ id }: FlowCall, problem: string): string {
  return id === undefined ? problem : `${problem} (in call '${id.slice(0, 80)}')`;
}

function expectedIds(positions: ReadonlyMap<string, number>, index: number, mode: FlowMode): string {
  const ids = [...positions].filter(([, at]) => (mode === "SEQUENTIAL" ? at < index : at !== index)).slice(0, 10);
  return ids.length === 0
    ? "another call with an id"
    : `one of ${ids.map(([id]) => `'${id.slice(0, 80)}'`).join(", ")}`;
}

/** Kahn's algorithm; `undefined` when there is a circle. */
function sorted(planned: readonly PlannedCall[]): number[] | undefined {
  const waiting = planned.map(({ dependsOn }) => dependsOn.length);
  const followers = planned.map((): number[] => []);
  for (const [index, { dependsOn }] of planned.entries())
    for (const source of dependsOn) followers[source]!.push(index);
  const order = [...planned.keys()].filter((index) => waiting[index] === 0);
  for (const index of order) {
    for (const follower of followers[index]!) {
      waiting[follower]! -= 1;
      if (waiting[follower] === 0) order.push(follower);
    }
  }
  return order.length === planned.length ? order : undefined;
}

/** Names one circle: walking from source to source among the calls that are left over must come back to one of them. */
function circle(planned: readonly PlannedCall[], calls: readonly FlowCall[]): Problem {
  const free = new Set<number>();
  for (let grown = true; grown;) {
    grown = false;
    for (const [index, { dependsOn }] of planned.entries()) {
      if (free.has(index) || !dependsOn.every((source) => free.has(source))) continue;
      free.add(index);
      grown = true;
    }
  }
  const walk: number[] = [];
  let at = planned.findIndex((_, index) => !free.has(index));
  while (!walk.includes(at)) {
    walk.push(at);
    at = planned[at]!.dependsOn.find((source) => !free.has(source))!;
  }
  const names = [...walk.slice(walk.indexOf(at)), at].map((index) => calls[index]!.id?.slice(0, 80) ?? String(index));
  return {
    path: ["calls", at],
    problem: `wait for each other in a circle: ${names.join(" → ")}`,
    expected: "references without circles",
  };
}

function checkChains(planned: readonly PlannedCall[], order: readonly number[], problems: Problem[]): void {
  const depth = planned.map(() => 0);
  for (const index of order) {
    for (const source of planned[index]!.dependsOn) depth[index] = Math.max(depth[index]!, depth[source]! + 1);
  }
  const deepest = Math.max(0, ...depth);
  if (deepest <= MAX_CHAIN) return;
  problems.push({
    path: ["calls", depth.indexOf(deepest)],
    problem: `ends a chain of ${deepest} references`,
    expected: `at most ${MAX_CHAIN}`,
  });
}
