/** `GET /api/v1/mcp/results/{result_id}`: a page of a result that was too large to hand over at once. */
import type { z } from "zod";
import { validationError } from "../../errors/validation-error.ts";
import type { Admission } from "../../gateway.ts";
import { readResult } from "../../results/read-result.ts";
import type { ResultStore } from "../../results/result-store.ts";
import { zodProblems } from "../../validation/zod-problems.ts";
import { ResultQueryParameters, type ResultBody } from "./rest-schemas.ts";

/** `VALIDATION_ERROR`; with status 404 for a result that is unknown, expired or another caller's. */
export async function oneResult(
  store: ResultStore,
  admission: Admission,
  id: string,
  query: URLSearchParams,
): Promise<z.input<typeof ResultBody>> {
  const parsed = ResultQueryParameters.safeParse(Object.fromEntries(query));
  if (!parsed.success) throw validationError("The query", zodProblems(parsed.error));
  const page = await readResult(store, admission, { id, ...parsed.data });
  return {
    result_id: page.id,
    server_id: page.serverId,
    tool_name: page.toolName,
    kind: page.kind,
    output: page.output,
    total: page.total,
    offset: page.offset,
    next_offset: page.nextOffset,
    expires_at: page.expiresAt,
  };
}
