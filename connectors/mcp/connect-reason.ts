/** Says in one sentence why a server cannot be connected, for its status; the log holds the detail. */
import { SdkError, SdkErrorCode } from "@modelcontextprotocol/client";
import { CatalogueError } from "../../src/index.ts";
import { callError } from "./call-error.ts";
import { StdioTransport } from "./stdio-transport.ts";
import type { HttpTransport } from "./http-transport.ts";
import type { Target } from "./target.ts";

const never = new AbortController().signal;

/** Names the configured command, never its arguments or environment: callers can read a server's status. */
export function connectReason(
  error: unknown,
  transport: StdioTransport | HttpTransport,
  target: Target,
  timeoutMs: number,
): string {
  if (transport instanceof StdioTransport && target.kind === "process") {
    const { code, syscall } = error as { code?: unknown; syscall?: unknown };
    if (typeof syscall === "string" && syscall.startsWith("spawn")) {
      return code === "ENOENT"
        ? "The server's command, or its working folder, does not exist."
        : `The server's command cannot be started (${String(code)}).`;
    }
    if (error instanceof SdkError && error.code === SdkErrorCode.RequestTimeout) {
      return `The server's process did not answer within ${timeoutMs} ms.`;
    }
    if (transport.ended !== undefined) {
      return `The server's process ${transport.ended} before it was ready; the log has what it wrote.`;
    }
    return "The server's process does not speak MCP as it should; the log has the detail.";
  }
  const explained = callError(error, "", never, timeoutMs);
  return explained instanceof CatalogueError ? explained.message : "The server cannot be reached.";
}
