/** Finds the folder of test data that is kept outside the repository: vendors' contracts, recordings, corpora. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";

const REPOSITORY = fileURLToPath(new URL("../..", import.meta.url));

/**
 * The folder: `TOOLGRAPH_SHARED` if set, else `../shared` beside the repository if it exists, else `undefined`.
 * With `TOOLGRAPH_REQUIRE_ALL=1` an absent folder is an error, so that a full run cannot pass by skipping.
 *
 * @example
 * const shared = sharedFolder();
 * describe.skipIf(!shared)("against the vendor's contract (needs TOOLGRAPH_SHARED)", () => { … });
 */
export function sharedFolder(): string | undefined {
  const named = process.env.TOOLGRAPH_SHARED;
  const folder = named === undefined || named === "" ? resolve(REPOSITORY, "../shared") : resolve(named);
  const isThere = existsSync(folder);
  if (!isThere && process.env.TOOLGRAPH_REQUIRE_ALL === "1") {
    throw new Error("The folder of shared test data is absent: set TOOLGRAPH_SHARED to it.");
  }
  return isThere || (named !== undefined && named !== "") ? folder : undefined;
}
