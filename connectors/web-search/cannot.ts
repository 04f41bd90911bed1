/** Refuses an argument that the configured provider has no way to honour, rather than dropping it silently. */
import { CatalogueError } from "../../src/index.ts";
import type { Search } from "./provider.ts";

/**
 * `VALIDATION_ERROR` naming the argument and what to do instead. Nothing was sent.
 *
 * @example throw cannot("page", "Brave gives at most 10 pages", "a page from 1 to 10");
 */
export function cannot(argument: keyof Search, problem: string, expected: string): CatalogueError {
  return new CatalogueError("VALIDATION_ERROR", `${problem}: send ${expected}.`, {
    details: [{ path: argument, problem, expected }],
    acted: "no",
  });
}
