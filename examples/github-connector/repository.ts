/** The repository a call is about: its own argument, or the server's default. */
import { CatalogueError, z } from "../../src/index.ts";

export const Repository = z
  .string()
  .regex(/^[\w.-]+\/[\w.-]+$/, "must be owner/name")
  .optional()
  .describe("owner/name; the server's default when left out.");

export function repositoryPath(given: string | undefined, config: { defaultRepository?: string | undefined }): string {
  const repository = given ?? config.defaultRepository;
  if (repository !== undefined) return `/repos/${repository}`;
  throw new CatalogueError("VALIDATION_ERROR", "This server has no default repository.", {
    details: [{ path: "repository", problem: "is required", expected: "owner/name" }],
    acted: "no",
  });
}
