/** Says in the gateway's own codes why a call to an MCP server failed. */
import {
  InsufficientScopeError,
  ProtocolError,
  SdkError,
  SdkErrorCode,
  SdkHttpError,
  UnauthorizedError,
  type CallToolResult,
} from "@modelcontextprotocol/client";
import { CatalogueError, connectionError, failureKindOf, serverFailure } from "../../src/index.ts";
import { STREAM_BROKE } from "./http-transport.ts";

const MESSAGE_CHARACTERS = 500;
const DETAIL_CHARACTERS = 2_000;
/** The tool wants to ask the user, or to send the user to a page. */
const NEEDS_CAPABILITY = -32_021;
const NEEDS_VISIT = -32_042;
const TOO_LARGE = "UND_ERR_RES_EXCEEDED_MAX_SIZE";
const UNKNOWN_TOOL = /\b(unknown tool|tool\b.*\b(not found|does not exist|not available))/i;

/** The failure that a tool reports of itself. It may have acted before it failed. */
export function toolError(tool: string, result: CallToolResult): CatalogueError {
  const text = (result.content ?? []).flatMap((item) => (item.type === "text" ? [item.text] : [])).join("\n");
  // Servers of the first SDK report what is a protocol error in the text of a result.
  if (/^MCP error -32602\b/.test(text) && UNKNOWN_TOOL.test(text)) return unknownTool(tool);
  return serverFailure(
    {
      kind: "wrong_request",
      message:
        text === "" ? "The tool failed without saying why." : `The tool failed: ${cut(text, MESSAGE_CHARACTERS)}`,
      acted: "unknown",
    },
    { status: 200, body: result.structuredContent ?? cut(text, DETAIL_CHARACTERS) },
  );
}

/** What the SDK or the network threw during a call. `timeoutMs` is the call's own limit. */
export function callError(thrown: unknown, tool: string, signal: AbortSignal, timeoutMs: number): CatalogueError {
  const known = causeOf(thrown, CatalogueError);
  if (known) return known;
  if (signal.aborted) {
    return isTimeout(signal.reason) ? timedOut(undefined, thrown) : connectionError(thrown, signal);
  }
  if (thrown instanceof UnauthorizedError) return httpError(401, "", thrown);
  if (thrown instanceof InsufficientScopeError) return httpError(403, "", thrown);
  if (thrown instanceof SdkHttpError) return httpError(thrown.status, thrown.data.text, thrown);
  if (thrown instanceof ProtocolError) return protocolError(thrown, tool);
  if (thrown instanceof SdkError) {
    const isWrapper = thrown.code === SdkErrorCode.EraNegotiationFailed && thrown.cause !== undefined;
    return isWrapper ? callError(thrown.cause, tool, signal, timeoutMs) : sdkError(thrown, timeoutMs);
  }
  if (thrown instanceof Error && thrown.message === "Not connected") return notConnected(thrown);
  if (thrown instanceof Error && isUnreadable(thrown)) return unreadable(thrown);
  return connectionError(thrown);
}

/** Nothing was sent: there is no connection at the moment. */
export function notConnected(cause?: unknown): CatalogueError {
  return new CatalogueError("MCP_CONNECTION_ERROR", "The server is not connected at the moment; nothing was sent.", {
    acted: "no",
    suggestion: "Try again in a few seconds; the gateway is connecting to the server again.",
    cause,
  });
}

/** The first error of that class in the chain of causes. */
function causeOf<E>(thrown: unknown, kind: abstract new (...args: never[]) => E): E | undefined {
  for (let error = thrown; typeof error === "object" && error !== null; error = (error as Error).cause) {
    if (error instanceof kind) return error;
    const { data } = error as { data?: { cause?: unknown } };
    if (data?.cause instanceof kind) return data.cause;
  }
  return undefined;
}

function httpError(status: number, text: unknown, cause: unknown): CatalogueError {
  const kind = failureKindOf(status);
  const message =
    kind === "credential_refused"
      ? `The server refuses the gateway's credential (${status}).`
      : `The server answered ${status}.`;
  const body = typeof text === "string" && text !== "" ? cut(text, DETAIL_CHARACTERS) : undefined;
  const failure = serverFailure({ kind, message }, { status, ...(body !== undefined && { body }) });
  failure.cause = cause;
  return failure;
}

function protocolError(error: ProtocolError, tool: string): CatalogueError {
  if (error.code === STREAM_BROKE) return connectionError(error);
  if (error.code === NEEDS_CAPABILITY || error.code === NEEDS_VISIT) return needsPerson(error);
  const isInvalid = error.code === -32_602;
  if (isInvalid && UNKNOWN_TOOL.test(error.message)) return unknownTool(tool, error);
  const isRefusal = isInvalid || error.code === -32_600 || error.code === -32_601 || error.code === -32_700;
  const failure = serverFailure(
    {
      kind: isRefusal ? "wrong_request" : "server",
      // Some servers also report a result of their own that they find wrong in this way.
      acted: "unknown",
      message: `The server ${isRefusal ? "refuses the call" : "failed"}: ${cut(error.message, MESSAGE_CHARACTERS)}`,
    },
    { status: 200, body: { code: error.code, message: cut(error.message, DETAIL_CHARACTERS) } },
  );
  failure.cause = error;
  return failure;
}

function sdkError(error: SdkError, timeoutMs: number): CatalogueError {
  switch (error.code) {
    case SdkErrorCode.RequestTimeout:
      return timedOut(timeoutMs, error);
    case SdkErrorCode.NotConnected:
      return notConnected(error);
    case SdkErrorCode.UnsupportedResultType:
    case SdkErrorCode.InputRequiredRoundsExceeded:
      return new CatalogueError(
        "MCP_CLIENT_ERROR",
        "The tool asks a person for input, which this gateway cannot give.",
        {
          suggestion: "Give all of the tool's arguments in the call, or use another tool.",
          cause: error,
        },
      );
    case SdkErrorCode.EraNegotiationFailed:
    case SdkErrorCode.InvalidResult:
    case SdkErrorCode.ClientHttpUnexpectedContent:
      return unreadable(error);
    default:
      return connectionError(error);
  }
}

/** JSON that is none, a message that is none, or more bytes than are read. */
function isUnreadable(thrown: Error): boolean {
  return thrown.name === "SyntaxError" || thrown.name.endsWith("ZodError") || codeOf(thrown) === TOO_LARGE;
}

function codeOf(error: Error): unknown {
  return (error as { code?: unknown }).code;
}

function unreadable(cause: Error): CatalogueError {
  return codeOf(cause) === TOO_LARGE
    ? new CatalogueError("DATA_TRANSFORMATION_ERROR", "The server's answer is larger than what is read.", {
        suggestion: "Ask for less: fewer items, fewer fields, or a smaller page.",
        cause,
      })
    : new CatalogueError("DATA_TRANSFORMATION_ERROR", "The server's answer is not what the protocol defines.", {
        cause,
      });
}

function needsPerson(cause: Error): CatalogueError {
  return new CatalogueError("MCP_CLIENT_ERROR", "The tool asks a person for input, which this gateway cannot give.", {
    suggestion: "Give all of the tool's arguments in the call, or use another tool.",
    cause,
  });
}

function unknownTool(tool: string, cause?: unknown): CatalogueError {
  return new CatalogueError("TOOL_NOT_SUPPORTED", `The server no longer has a tool '${cut(tool, 100)}'.`, {
    acted: "no",
    cause,
  });
}

function timedOut(timeoutMs: number | undefined, cause: unknown): CatalogueError {
  const limit = timeoutMs === undefined ? "in time" : `within ${timeoutMs} ms`;
  return new CatalogueError("MCP_CONNECTION_ERROR", `The server did not answer ${limit}.`, {
    status: 504,
    cause,
  });
}

function isTimeout(reason: unknown): boolean {
  return reason instanceof DOMException && reason.name === "TimeoutError";
}

function cut(text: string, characters: number): string {
  return text.length > characters ? `${text.slice(0, characters)}…` : text;
}
