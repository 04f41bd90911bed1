/** Reads a kept result in parts: selects, searches, and turns it into pages that fit the caller's limits. */
import { CatalogueError } from "../errors/catalogue-error.ts";
import { validationError } from "../errors/validation-error.ts";
import { callerKey, type Caller } from "../auth/caller.ts";
import type { View } from "../registry/view.ts";
import type { Maybe } from "../state/state-store.ts";
import { searchIn } from "./search-result.ts";
import { SelectProblem } from "./select-budget.ts";
import { compileSelect } from "./select.ts";
import { selectError } from "./select-error.ts";
import type { ResultStore, StoredResult } from "./result-store.ts";

export interface ResultQuery {
  readonly id: string;
  /** JMESPath, applied first. */
  readonly select?: string | undefined;
  /** Text to look for, in any case, in what was selected. */
  readonly search?: string | undefined;
  /** Items of an array, characters of a text. */
  readonly offset?: number | undefined;
  readonly limit?: number | undefined;
}

export interface ResultPage {
  readonly id: string;
  readonly serverId: string;
  readonly toolName: string;
  /**
   * What is paged: the items of an array, the characters of a text, the characters of a value's JSON where it is too
   * large for one page, or nothing (`value`) where it is whole.
   */
  readonly kind: "items" | "text" | "json_text" | "value";
  readonly output: unknown;
  /** Items or characters there are, 1 of a value. */
  readonly total: number;
  readonly offset: number;
  /** Where the next page begins; `null` on the last one. */
  readonly nextOffset: number | null;
  /** When it is forgotten, ISO 8601. */
  readonly expiresAt: string;
}

const DEFAULT_ITEMS = 50;
const ASK_AGAIN_MS = 1_000;
const MAX_ITEMS = 10_000;
/** About what an item costs that is named only. */
const OVERSIZED_LENGTH = 200;

/**
 * One page. `VALIDATION_ERROR` (404) for a result that is unknown, expired, of another caller, or of a tool the caller may
 * no longer use: all look the same. `VALIDATION_ERROR` for a bad `select`, `offset` or `limit`; `MCP_CONNECTION_ERROR`
 * (503) when another replica may have kept it, but the state they share cannot be reached.
 *
 * @example
 * await readResult(store, admission, { id: "r_…", select: "issues[?status=='Open'].key", limit: 100 });
 */
export function readResult(
  store: ResultStore,
  { caller, view }: { readonly caller: Caller; readonly view: View },
  query: ResultQuery,
): Maybe<ResultPage> {
  const found = store.find(query.id, callerKey(caller));
  return found instanceof Promise ? found.then((each) => readFound(each, view, query)) : readFound(found, view, query);
}

function readFound(found: StoredResult | "unavailable" | undefined, view: View, query: ResultQuery): ResultPage {
  if (found === "unavailable") throw unavailable();
  const server = found && view.server(found.serverId);
  if (!found || !server || !view.tool(server, found.toolName)) throw unknownResult(query.id);
  const { offset = 0, limit } = query;
  const problems = [
    ...(Number.isSafeInteger(offset) && offset >= 0 ? [] : [fault("offset", "a whole number from 0")]),
    ...(limit === undefined || (Number.isSafeInteger(limit) && limit >= 1)
      ? []
      : [fault("limit", "a whole number from 1")]),
  ];
  if (problems.length > 0) throw validationError("An argument", problems);
  const { resultBytes, resultTokens } = view.generation.settings.gateway.limits;
  // A page is itself a result: it may be as large as one.
  const pageCharacters = Math.min(resultBytes, resultTokens === undefined ? resultBytes : resultTokens * 4);
  const selected = select(JSON.parse(found.json.toString("utf8")), query.select);
  const value = query.search === undefined || query.search === "" ? selected : searchIn(selected, query.search);
  return { ...pageOf(value, offset, limit, pageCharacters), ...namesOf(found) };
}

function namesOf({ id, serverId, toolName, expiresAt }: StoredResult) {
  return { id, serverId, toolName, expiresAt: new Date(expiresAt).toISOString() };
}

function select(value: unknown, expression: string | undefined): unknown {
  if (expression === undefined || expression === "") return value;
  try {
    return compileSelect(expression).apply(value);
  } catch (error) {
    if (error instanceof SelectProblem) throw selectError(error.message);
    throw error;
  }
}

type Page = Pick<ResultPage, "kind" | "output" | "total" | "offset" | "nextOffset">;

function pageOf(value: unknown, offset: number, limit: number | undefined, characters: number): Page {
  if (Array.isArray(value)) return itemsPage(value, offset, limit ?? DEFAULT_ITEMS, characters);
  // Quotes and escapes take room as well: a page of text is half of what its JSON may be.
  if (typeof value === "string") return textPage("text", value, offset, limit, characters / 2);
  const json = JSON.stringify(value);
  if (json.length > characters || limit !== undefined || offset > 0) {
    return textPage("json_text", json, offset, limit, characters / 2);
  }
  return { kind: "value", output: value, total: 1, offset: 0, nextOffset: null };
}

function itemsPage(items: readonly unknown[], offset: number, limit: number, characters: number): Page {
  const page: unknown[] = [];
  let left = characters;
  for (const item of items.slice(offset, offset + Math.min(limit, MAX_ITEMS))) {
    const length = JSON.stringify(item).length + 1;
    // An item that fills more than a page is named, not shown: selecting it alone pages its text.
    const isOversized = length > characters;
    if (!isOversized && length > left && page.length > 0) break;
    left -= isOversized ? OVERSIZED_LENGTH : length;
    page.push(isOversized ? oversized(length, offset + page.length) : item);
  }
  const next = offset + page.length;
  return { kind: "items", output: page, total: items.length, offset, nextOffset: next < items.length ? next : null };
}

function oversized(length: number, index: number): unknown {
  return {
    truncated: true,
    characters: length,
    how_to_get_it: `Select this item alone: add | [${index}] to select, and page its text by offset and limit.`,
  };
}

function textPage(
  kind: "text" | "json_text",
  text: string,
  offset: number,
  limit: number | undefined,
  characters: number,
): Page {
  const size = Math.max(1, Math.floor(Math.min(limit ?? characters, characters)));
  let end = Math.min(text.length, offset + size);
  // A pair of surrogates is one character and stays together.
  if (end < text.length && end > offset + 1 && isHighSurrogate(text.charCodeAt(end - 1))) end -= 1;
  const output = text.slice(offset, end);
  return { kind, output, total: text.length, offset, nextOffset: end < text.length ? end : null };
}

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}

function fault(path: string, expected: string) {
  return { path, problem: "is not usable", expected };
}

function unavailable(): CatalogueError {
  const message =
    "The result is not at this replica of the gateway, and the state that replicas share cannot be reached.";
  return new CatalogueError("MCP_CONNECTION_ERROR", message, {
    status: 503,
    acted: "no",
    retryable: true,
    retryAfterMs: ASK_AGAIN_MS,
    suggestion: "Ask for the same result again later. Do not repeat the call.",
  });
}

function unknownResult(id: string): CatalogueError {
  return new CatalogueError("VALIDATION_ERROR", "There is no such result, or its time is up.", {
    status: 404,
    acted: "no",
    details: [{ path: "id", problem: "is unknown or expired", expected: "the result_id of a truncated output" }],
    suggestion: id.startsWith("r_")
      ? "If it was a read, call the tool again, with a select expression or a smaller page."
      : "Use the result_id of a truncated output.",
  });
}
