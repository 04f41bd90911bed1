/** Joins equal-tool reads of one request into one upstream request, however long the stages before take with each of them. */
import DataLoader from "dataloader";
import type { Tool } from "../connector/tool.ts";
import { toCatalogueError, type CatalogueError } from "../errors/catalogue-error.ts";
import type { View } from "../registry/view.ts";
import { canonicalJson } from "../state/canonical-json.ts";
import { Execution, type Step } from "./execution.ts";
import { callerGone } from "./stages/deadline.ts";

/** Longest that reads which are ready wait for their siblings, milliseconds: a stuck stage of one must not hold up all. */
const MAX_WAIT_MS = 100;

/** A read's place in a batch, taken when the call comes in: the batch waits until each place is joined or given up. */
export interface Seat {
  /** Others of its group were there before it. */
  readonly isCompanion: boolean;
  /** Waits for the batch and resolves with this read's own output, or rejects with its own error. */
  join(execution: Execution, next: Step): Promise<unknown>;
  /** The read needs no answer of the server, or gets it elsewhere. Does nothing when it joined. */
  leave(): void;
}

/**
 * The batches of one request: one group for each tool of a server and whatever else its calls depend on.
 *
 * @example
 * const seat = batching.seatFor(execution); // at once, before anything waits
 * const output = await seat.join(execution, next);
 */
export class Batching {
  #groups: Map<Tool, Map<string, Group>> | undefined;
  readonly #maxWaitMs: number;

  constructor(maxWaitMs = MAX_WAIT_MS) {
    this.#maxWaitMs = maxWaitMs;
  }

  /** `undefined` for a tool without a batch form, and for a write. */
  seatFor({ tool, call }: Execution): Seat | undefined {
    if (!tool?.batch || tool.effect !== "read") return undefined;
    const { conversationContext, userPreferences } = call;
    const around = conversationContext || userPreferences ? JSON.stringify([conversationContext, userPreferences]) : "";
    const ofTools = (this.#groups ??= new Map());
    let groups = ofTools.get(tool);
    if (!groups) ofTools.set(tool, (groups = new Map()));
    let group = groups.get(around);
    if (!group) groups.set(around, (group = new Group(tool.batch.maxSize, this.#maxWaitMs)));
    return group.seat();
  }
}

/** Can calls of this tool in one request share one request to its server? */
export function travelsTogether(view: View, serverId: string, toolName: string): boolean {
  const server = view.server(serverId);
  const tool = server && view.tool(server, toolName);
  return tool?.effect === "read" && tool.batch !== undefined;
}

interface Rider {
  readonly execution: Execution;
  readonly next: Step;
}

class Group {
  readonly #loader: DataLoader<Rider, unknown>;
  /** Seats that were taken and neither joined nor left yet. */
  #expected = 0;
  #departures: (() => void)[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(maxBatchSize: number, maxWaitMs: number) {
    this.#loader = new DataLoader(rideTogether, {
      // A later read in the same request may follow a write: it is asked again.
      cache: false,
      maxBatchSize,
      batchScheduleFn: (depart) => {
        this.#departures.push(depart);
        this.#timer ??= setTimeout(() => this.#depart(), maxWaitMs);
      },
    });
  }

  seat(): Seat {
    // Siblings may have joined already, all in one turn, and wait to depart.
    const isCompanion = this.#expected > 0 || this.#departures.length > 0;
    this.#expected += 1;
    let isTaken = true;
    const settle = () => {
      if (!isTaken) return;
      isTaken = false;
      this.#expected -= 1;
      // After whatever this turn still starts: siblings may take their seats in it.
      if (this.#expected === 0) void Promise.resolve().then(() => process.nextTick(() => this.#departIfComplete()));
    };
    return {
      isCompanion,
      join: (execution, next) => {
        const output = this.#loader.load({ execution, next });
        settle();
        return execution.isDetached ? output : untilGone(output, execution);
      },
      leave: settle,
    };
  }

  #departIfComplete(): void {
    if (this.#expected === 0) this.#depart();
  }

  #depart(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const departures = this.#departures;
    this.#departures = [];
    for (const depart of departures) depart();
  }
}

/** Whoever leaves takes nobody else's answer along; what is detached has its own way to leave. */
function untilGone(output: Promise<unknown>, execution: Execution): Promise<unknown> {
  const { signal } = execution.call;
  if (!signal) return output;
  return new Promise((resolve, reject) => {
    const leave = () => {
      execution.giveUp();
      reject(callerGone(signal));
    };
    if (signal.aborted) leave();
    signal.addEventListener("abort", leave, { once: true });
    output.then(resolve, reject).finally(() => signal.removeEventListener("abort", leave));
  });
}

/** DataLoader's batch function: an output or an error for each rider, in their order. Never rejects. */
async function rideTogether(riders: readonly Rider[]): Promise<unknown[]> {
  const [first] = riders;
  if (!first) return [];
  if (riders.length === 1) return [await alone(first)];
  const { inputs, indexOf } = distinct(riders);
  const carrier = carrierOf(riders, inputs);
  try {
    const outputs = await first.next(carrier);
    return carrier.batch
      ? riders.map((_, index) => (outputs as unknown[])[indexOf[index]!])
      : riders.map(() => outputs);
  } catch (thrown) {
    const error = toCatalogueError(thrown);
    if (carrier.batch && mayBeOneOnly(error)) return await Promise.all(riders.map(alone));
    return riders.map(() => error);
  } finally {
    shareOut(carrier, riders);
  }
}

function alone({ execution, next }: Rider): Promise<unknown> {
  return next(execution).catch(toCatalogueError);
}

/**
 * A refusal of the whole batch may be the fault of one input, or of a server that has no such request: each is asked
 * alone then, and only the guilty one fails.
 */
function mayBeOneOnly(error: CatalogueError): boolean {
  return error.code === "MCP_CLIENT_ERROR";
}

function distinct(riders: readonly Rider[]): { inputs: unknown[]; indexOf: number[] } {
  const positions = new Map<unknown, number>();
  const inputs: unknown[] = [];
  const indexOf = riders.map(({ execution: { input } }) => {
    const key = keyOf(input);
    let position = positions.get(key);
    if (position === undefined) {
      position = inputs.push(input) - 1;
      positions.set(key, position);
    }
    return position;
  });
  return { inputs, indexOf };
}

/** What JSON cannot hold is equal only to itself. */
function keyOf(input: unknown): unknown {
  try {
    return canonicalJson(input);
  } catch {
    return input;
  }
}

/** The execution that goes through the remaining stages for all: one breaker call, one deadline, one row of attempts. */
function carrierOf(riders: readonly Rider[], inputs: readonly unknown[]): Execution {
  const executions = riders.map(({ execution }) => execution);
  const [first] = executions as [Execution];
  // No caller's own time or leaving ends what the others wait for.
  const deadlineAt = Math.max(...executions.map(({ call }) => call.deadlineAt ?? Infinity));
  const call = { ...first.call, signal: undefined, deadlineAt: deadlineAt < Infinity ? deadlineAt : undefined };
  const carrier = new Execution(call, first.generation, first.view);
  carrier.server = first.server;
  carrier.tool = first.tool;
  carrier.input = inputs[0];
  if (inputs.length > 1) carrier.batch = inputs;
  carrier.isDetached = true;
  const leave = () => {
    if (!executions.every((other) => other.isAbandoned)) return;
    carrier.isDeserted = true;
    carrier.giveUp();
  };
  for (const each of executions) {
    each.batchSize = riders.length;
    each.leaveBatch = leave;
  }
  return carrier;
}

/** The server was asked once for all: the first call says so, and the bytes are divided. Sums over calls stay true. */
function shareOut(carrier: Execution, riders: readonly Rider[]): void {
  const share = Math.floor(carrier.bytesReceived / riders.length);
  for (const { execution } of riders) execution.bytesReceived += share;
  const first = riders[0]!.execution;
  first.attempts += carrier.attempts;
  first.bytesReceived += carrier.bytesReceived - share * riders.length;
}
