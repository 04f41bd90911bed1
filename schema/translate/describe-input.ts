/** Says in an input's description what its GraphQL type cannot: allowed values, the default, and why it is JSON. */
import { longestDescription, mostListedValues } from "./limits.ts";
import type { Reading } from "./shape.ts";

/**
 * `values` are those that the type does not show itself.
 *
 * @example
 * // "Order of the results. One of: \"-created\", \"created\". Default: \"created\"."
 */
export function describeInput(reading: Reading, values: readonly unknown[]): string | undefined {
  const { shape, description } = reading;
  const parts: string[] = [];
  if (description) parts.push(description.slice(0, longestDescription));
  if (values.length > 0) parts.push(`${shape.kind === "list" ? "Each one" : "One"} of: ${listed(values)}.`);
  if (shape.kind === "json") parts.push(`Any JSON: it ${shape.reason}.`);
  if ("default" in reading) parts.push(`Default: ${text(reading.default)}.`);
  return parts.length > 0 ? parts.join(" ") : undefined;
}

function listed(values: readonly unknown[]): string {
  const shown = values.slice(0, mostListedValues).map(text).join(", ");
  return values.length > mostListedValues ? `${shown} and ${values.length - mostListedValues} more` : shown;
}

/** JSON text, shortened; a value that has none is described. */
function text(value: unknown): string {
  const json = typeof value === "string" && value.length > 200 ? JSON.stringify(value.slice(0, 200)) : stringify(value);
  return json.length > 200 ? `${json.slice(0, 200)}…` : json;
}

function stringify(value: unknown): string {
  try {
    return JSON.stringify(value) ?? "nothing";
  } catch {
    return "a value that is not JSON";
  }
}
