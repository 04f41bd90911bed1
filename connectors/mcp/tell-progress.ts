/** Hands on what a server says of how far a call is; what is not of the right form is left out. */
import type { CallContext } from "../../src/index.ts";

export function tellProgress(
  context: CallContext,
  { progress, total, message }: { readonly progress?: unknown; readonly total?: unknown; readonly message?: unknown },
): void {
  if (typeof progress !== "number") return;
  context.reportProgress({
    progress,
    ...(typeof total === "number" && { total }),
    ...(typeof message === "string" && { message }),
  });
}
