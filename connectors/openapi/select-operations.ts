/** Chooses operations by the patterns of `include` and `exclude`. */
import type { OpenApiConfig } from "./config.ts";
import type { Operation } from "./operations.ts";
import type { NamedOperation } from "./read-tools.ts";

type Matches = (operation: Pick<Operation, "method" | "path" | "tags">, name: string) => boolean;

/**
 * @example
 * const wanted = selectOperations({ include: ["tag:pets", "GET /stores/*"], exclude: ["delete*"] });
 */
export function selectOperations({ include, exclude }: Pick<OpenApiConfig, "include" | "exclude">): Matches {
  const included = include?.map(matcher);
  const excluded = (exclude ?? []).map(matcher);
  return (operation, name) =>
    (included?.some((matches) => matches(operation, name)) ?? true) &&
    !excluded.some((matches) => matches(operation, name));
}

/** The patterns that no operation fits: most likely misspelt. */
export function idlePatterns(patterns: readonly string[], operations: readonly NamedOperation[]): string[] {
  return patterns.filter((pattern) => {
    const matches = matcher(pattern);
    return !operations.some(({ operation, name }) => matches(operation, name));
  });
}

function matcher(pattern: string): Matches {
  if (pattern.startsWith("tag:")) {
    const fits = glob(pattern.slice("tag:".length));
    return ({ tags }) => tags.some((tag) => fits.test(tag));
  }
  const place = /^(\S+)\s+(\S.*)$/.exec(pattern);
  if (place) {
    const [method, path] = [glob(place[1]!.toUpperCase()), glob(place[2]!)];
    return (operation) => method.test(operation.method) && path.test(operation.path);
  }
  const fits = glob(pattern);
  return (_, name) => fits.test(name);
}

/** `*` stands for any text, slashes included. */
function glob(pattern: string): RegExp {
  const parts = pattern.split(/\*+/).map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join(".*")}$`, "su");
}
