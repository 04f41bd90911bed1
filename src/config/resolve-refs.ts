/** Secret references inside `server_specific_config`, written as `{ ref: "env:NAME" }`: finds and replaces them. */
import { isObject } from "../is-object.ts";
import { parseSecretReference } from "../secrets/secret-reference.ts";
import type { Secret } from "../secrets/secret.ts";

/**
 * Copies `value` with each `{ ref: "…" }` replaced by the secret it names, for a connector that hands it on
 * (the environment of a process, headers). Keep the result out of logs. Throws what `resolveSecret` throws.
 *
 * @example
 * await resolveRefs({ env: { TOKEN: { ref: "env:GITHUB_TOKEN" } } }, secrets.resolve); // { env: { TOKEN: "ghp_…" } }
 */
export async function resolveRefs(
  value: unknown,
  resolveSecret: (reference: string) => Promise<Secret>,
): Promise<unknown> {
  const found = new Map<string, string>();
  replaceRefs(value, (reference) => found.set(reference, ""));
  // One after the other: the first missing secret is the reason that is shown.
  for (const reference of found.keys()) found.set(reference, (await resolveSecret(reference)).reveal());
  return replaceRefs(value, (reference) => found.get(reference));
}

/** Copies `value` with each `{ ref }` replaced by what `replace` makes of the reference. */
export function replaceRefs(value: unknown, replace: (reference: string) => unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => replaceRefs(item, replace));
  if (!isObject(value)) return value;
  const reference = referenceOf(value);
  if (reference !== undefined) return replace(reference);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, replaceRefs(item, replace)]));
}

/** Only an object that holds nothing but a well-formed reference is one: anything else is data that looks alike. */
function referenceOf(value: Record<string, unknown>): string | undefined {
  const { ref, ...others } = value;
  if (typeof ref !== "string" || Object.keys(others).length > 0) return undefined;
  return parseSecretReference(ref).ok ? ref : undefined;
}
