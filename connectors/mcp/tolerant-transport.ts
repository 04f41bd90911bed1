/** Repairs a server's tool lists and results before the SDK sees them, which rejects a whole list for one bad tool. */
import { isSpecType, type JSONRPCMessage, type Transport } from "@modelcontextprotocol/client";
import type { Logger } from "pino";
import { repairResult } from "./repair-result.ts";
import { repairTool, type Json } from "./repair-tool.ts";

/** Pages that one listing may have: a server whose cursor never ends must not keep the gateway reading. */
const MAX_PAGES = 64;

/** What was repaired in the list that was read last. */
export class ListRepairs {
  readonly #log: Logger;
  #notes = new Map<string, readonly string[]>();
  #pages = 0;

  constructor(log: Logger) {
    this.#log = log;
  }

  /** To be called before a list is read again. */
  restart(): void {
    this.#notes = new Map();
    this.#pages = 0;
  }

  notesOf(tool: string): readonly string[] {
    return this.#notes.get(tool) ?? [];
  }

  repairPage(result: Json & { tools: unknown[] }): Json {
    this.#pages += 1;
    const isModern = "resultType" in result;
    const tools: Json[] = [];
    for (const raw of result.tools) {
      const { tool, notes } = repairTool(raw, isModern);
      if (tool === undefined || !isSpecType.Tool(tool)) {
        this.#log.warn({ tool: tool?.name, problems: notes }, "tool left out: its definition cannot be used");
      } else if (this.#notes.has(tool.name)) {
        this.#log.warn({ tool: tool.name }, "tool left out: another one of the same name was listed before it");
      } else {
        this.#notes.set(tool.name, notes);
        tools.push(tool);
      }
    }
    const { nextCursor, ...rest } = result;
    const goesOn = typeof nextCursor === "string" && this.#pages < MAX_PAGES;
    if (this.#pages >= MAX_PAGES && nextCursor !== undefined) {
      this.#log.warn({ pages: MAX_PAGES }, "the tool list has too many pages; the rest is left out");
    }
    return { ...rest, tools, ...(goesOn && { nextCursor }) };
  }
}

/**
 * Makes `transport` repair tool lists and tool results; all else passes as it is. A result that comes right behind
 * progress waits until the progress was handed out: the SDK defers notifications and would drop them as too late.
 */
export function tolerant<T extends Transport>(transport: T, repairs: ListRepairs): T {
  let handler: Transport["onmessage"];
  let hasProgress = false;
  const repairing: NonNullable<Transport["onmessage"]> = (message, extra) => {
    const repaired = repair(message, repairs) as typeof message;
    if ("method" in message) {
      if (message.method === "notifications/progress" && !hasProgress) {
        hasProgress = true;
        setImmediate(() => (hasProgress = false));
      }
    } else if (hasProgress) {
      setImmediate(() => handler?.(repaired, extra));
      return;
    }
    handler?.(repaired, extra);
  };
  // The SDK reads the handler back to chain it, so it must look unset until it is set.
  Object.defineProperty(transport, "onmessage", {
    get: () => handler && repairing,
    set: (next: Transport["onmessage"]) => {
      handler = next;
    },
  });
  return transport;
}

function repair(message: JSONRPCMessage, repairs: ListRepairs): JSONRPCMessage {
  if (!("result" in message) || typeof message.result !== "object" || message.result === null) return message;
  const result = message.result as Json;
  if (Array.isArray(result.tools)) {
    return { ...message, result: repairs.repairPage(result as Json & { tools: unknown[] }) };
  }
  if ("content" in result || "structuredContent" in result) {
    const repaired = repairResult(result, "resultType" in result);
    return repaired === result ? message : { ...message, result: repaired };
  }
  return message;
}
