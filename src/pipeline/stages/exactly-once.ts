/** Stage: a write with a `request_id` happens once, whoever repeats it; every write tells when its outcome is not known. */
import { hash } from "node:crypto";
import { callerKey } from "../../auth/caller.ts";
import { CatalogueError, toCatalogueError } from "../../errors/catalogue-error.ts";
import { validationError } from "../../errors/validation-error.ts";
import type { Begun, CallRecords, Claim } from "../../state/call-records.ts";
import { canonicalJson } from "../../state/canonical-json.ts";
import type { StateStore } from "../../state/state-store.ts";
import type { Execution, Stage, Step } from "../execution.ts";
import { outcomeOf, outcomeOfError, replay } from "../outcome.ts";
import { mayHaveActed, tellUnknownOutcome } from "../unknown-outcome.ts";

/** What a call may take beyond its server's `timeout_ms`, with a wide margin. */
const LEASE_MARGIN_MS = 10_000;
const ASK_AGAIN_MS = 1000;

/**
 * The first outcome is kept for 24 h for each caller and replayed, errors too unless the write certainly did not happen.
 * `REQUEST_IN_PROGRESS` while it runs, `VALIDATION_ERROR` for the same id with another call, `MCP_CONNECTION_ERROR` with
 * `details.outcome: "unknown"` when its gateway died, and the same with 503 while no record can be kept.
 */
export function exactlyOnce(state: Pick<StateStore, "records">): Stage {
  return (next) => (execution) => {
    const { tool } = execution.target();
    if (tool.effect === "read") return next(execution);
    if (tool.idempotent) execution.idempotencyKey = execution.id;
    return execution.call.requestId === undefined ? attempt(next, execution) : once(next, execution, state.records);
  };
}

async function once(next: Step, execution: Execution, records: CallRecords): Promise<unknown> {
  const claim = claimOf(execution);
  const begun = await records.begin(claim);
  if (begun.status === "done") {
    execution.replayed = true;
    return replay(begun.outcome);
  }
  if (begun.status !== "claimed") throw refusal(begun, execution);
  // A caller that lost its connection asks again with the same id: the outcome is to be there then.
  execution.isDetached = true;
  if (execution.idempotencyKey !== undefined) execution.idempotencyKey = claim.key;
  let output: unknown;
  try {
    output = (await attempt(next, execution)) ?? null;
  } catch (thrown) {
    const error = toCatalogueError(thrown);
    await (mayHaveActed(error) ? records.finish(claim, outcomeOfError(error)) : records.release(claim));
    throw error;
  }
  await records.finish(claim, outcomeOf(output));
  return output;
}

async function attempt(next: Step, execution: Execution): Promise<unknown> {
  try {
    return await next(execution);
  } catch (thrown) {
    const { server, tool } = execution.target();
    const { requestId } = execution.call;
    throw tellUnknownOutcome(toCatalogueError(thrown), { serverId: server.id, tool, requestId });
  }
}

/** The arguments as the caller sent them: a default that an operator changes meanwhile makes no other call of it. */
function claimOf({ id, call, server, tool }: Execution): Claim {
  return {
    key: hash("sha256", `${callerKey(call.caller)}\n${call.requestId}`, "base64url"),
    fingerprint: hash("sha256", canonicalJson([server!.id, tool!.name, call.input ?? {}]), "base64url"),
    owner: id,
    leaseMs: server!.settings.timeoutMs + LEASE_MARGIN_MS,
  };
}

function refusal(begun: Exclude<Begun, { status: "claimed" | "done" }>, execution: Execution): CatalogueError {
  const { tool, server } = execution.target();
  switch (begun.status) {
    case "running":
      return new CatalogueError("REQUEST_IN_PROGRESS", "A call with this request_id is still running.", {
        retryAfterMs: ASK_AGAIN_MS,
        acted: "no",
      });
    case "other_arguments":
      return validationError(
        "The request",
        [
          {
            path: "request_id",
            problem: "was used for another call in the last 24 hours",
            expected: "the same server, tool and arguments as then, or a new request_id",
          },
        ],
        "Use a new request_id for a new call; repeat an old one only with the very same arguments.",
      );
    case "abandoned": {
      const message = `The gateway that ran ${tool.name} with this request_id stopped before the outcome was recorded.`;
      const unknown = new CatalogueError("MCP_CONNECTION_ERROR", message, { acted: "unknown" });
      return tellUnknownOutcome(unknown, { serverId: server.id, tool, requestId: execution.call.requestId });
    }
    case "unavailable":
      return new CatalogueError(
        "MCP_CONNECTION_ERROR",
        `${begun.reason}, so ${tool.name} could not be promised to happen exactly once. It was not begun.`,
        {
          status: 503,
          acted: "no",
          retryable: true,
          retryAfterMs: ASK_AGAIN_MS,
          suggestion:
            "Send it again later with the same request_id. Without a request_id it runs at once, but unguarded.",
        },
      );
  }
}
