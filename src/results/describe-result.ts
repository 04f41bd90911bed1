/** What a caller gets in place of a result that is too large: how large, what is in it, and how to read it in parts. */
import { isObject } from "../is-object.ts";
import { RESULT_TTL_MS, type StoredResult } from "./result-store.ts";

const PREVIEW_CHARACTERS = 1_000;
const MAX_OUTLINED = 30;

/** The marker, as data: the same on every door. */
export interface TruncatedOutput {
  readonly truncated: true;
  /** `null` when the result is too large to be kept. */
  readonly result_id: string | null;
  readonly bytes: number;
  readonly estimated_tokens: number;
  readonly limit: { readonly bytes: number; readonly tokens?: number };
  readonly expires_in_seconds: number | null;
  /** The value's parts by name, with kinds and sizes. */
  readonly outline: unknown;
  /** The beginning of its JSON text. */
  readonly preview: string;
  readonly how_to_get_the_rest: string;
}

/** About four characters of JSON make a token; good enough to decide by, and far cheaper than counting. */
export function estimatedTokens(json: string): number {
  return Math.ceil(json.length / 4);
}

export function describeTruncated(
  output: unknown,
  json: string,
  bytes: number,
  limit: TruncatedOutput["limit"],
  kept: StoredResult | undefined,
): TruncatedOutput {
  return {
    truncated: true,
    result_id: kept?.id ?? null,
    bytes,
    estimated_tokens: estimatedTokens(json),
    limit,
    expires_in_seconds: kept ? RESULT_TTL_MS / 1000 : null,
    outline: outlineOf(output),
    preview: json.slice(0, PREVIEW_CHARACTERS),
    how_to_get_the_rest: kept
      ? `Select what you need: GraphQL { result(id: "${kept.id}", select: "<JMESPath>", search: "<text>", offset: 0, limit: 50) { output total nextOffset } } ` +
        `or GET /api/v1/mcp/results/${kept.id}?select=<JMESPath>&search=<text>&offset=0&limit=50. Do not repeat the call.`
      : "It is too large to be kept. Ask the tool for less: a smaller page, fewer fields, or a select expression.",
  };
}

/** One level deep: `{issues: "array of 500", more: "boolean"}`. */
function outlineOf(value: unknown): unknown {
  if (Array.isArray(value)) {
    const [first] = value as unknown[];
    return { array_of: value.length, first_item: isObject(first) ? outlineOf(first) : kindOf(first) };
  }
  if (!isObject(value)) return kindOf(value);
  const keys = Object.keys(value);
  const outlined = keys.slice(0, MAX_OUTLINED).map((key) => [key.slice(0, 80), kindOf(value[key])] as const);
  const more = keys.length > MAX_OUTLINED ? [["…", `${keys.length - MAX_OUTLINED} more`] as const] : [];
  return Object.fromEntries([...outlined, ...more]);
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return "null";
  if (Array.isArray(value)) return `array of ${value.length}`;
  if (typeof value === "string") return `text of ${value.length} characters`;
  if (typeof value === "object") return `object of ${Object.keys(value).length}`;
  return typeof value;
}
