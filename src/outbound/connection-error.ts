/** Turns what a socket, DNS, TLS or an abort throws into `MCP_CONNECTION_ERROR`, saying whether the server can have acted. */
import type { Cancellation } from "../cancellation.ts";
import { CatalogueError, type Acted } from "../errors/catalogue-error.ts";

/** Faults that happen before a byte of the request was sent. */
const BEFORE_SENDING: Record<string, string> = {
  ECONNREFUSED: "The server refuses connections.",
  ENOTFOUND: "The server's name cannot be resolved.",
  EAI_AGAIN: "The server's name cannot be resolved at the moment.",
  EHOSTUNREACH: "The server cannot be reached.",
  ENETUNREACH: "The server cannot be reached.",
  ETIMEDOUT: "The server does not accept connections in time.",
  UND_ERR_CONNECT_TIMEOUT: "The server does not accept connections in time.",
  EMFILE: "The gateway has no free connection.",
};

/** Answers that are no HTTP, or more of it than is read: another try would meet the same. */
const UNREADABLE = /^HPE_|^HTTPParserError$|^UND_ERR_HEADERS_OVERFLOW$/;

/** Never shows the address: the caller knows the server by its id. */
export function connectionError(thrown: unknown, signal?: Cancellation, acted: Acted = "unknown"): CatalogueError {
  if (thrown instanceof CatalogueError) return thrown;
  if (signal?.aborted) {
    if (signal.reason instanceof CatalogueError) return signal.reason;
    return new CatalogueError("MCP_CONNECTION_ERROR", "The call was given up before the server answered.", {
      status: 504,
      acted,
      cause: thrown,
    });
  }
  const code = codeOf(thrown);
  const before = code === undefined ? undefined : BEFORE_SENDING[code];
  if (before !== undefined) {
    return new CatalogueError("MCP_CONNECTION_ERROR", before, { acted: "no", cause: thrown });
  }
  if (code !== undefined && /CERT|TLS|SSL|SELF_SIGNED|ALTNAME/.test(code)) {
    return new CatalogueError("MCP_CONNECTION_ERROR", "The server's TLS certificate or handshake is not acceptable.", {
      acted: "no",
      retryable: false,
      suggestion:
        "An operator has to correct the server's certificate or its base_url; repeating the call will not help.",
      cause: thrown,
    });
  }
  if (code === "UND_ERR_INVALID_ARG") {
    return new CatalogueError("DATA_TRANSFORMATION_ERROR", "An argument cannot be sent in a request to the server.", {
      status: 400,
      acted: "no",
      suggestion: "Leave out line breaks and other control characters.",
      cause: thrown,
    });
  }
  if (code !== undefined && UNREADABLE.test(code)) {
    return new CatalogueError("DATA_TRANSFORMATION_ERROR", "The server's answer is not HTTP that can be read.", {
      suggestion: "An operator should check that base_url names the server's HTTP address.",
      cause: thrown,
    });
  }
  return new CatalogueError("MCP_CONNECTION_ERROR", "The connection to the server broke before it answered.", {
    cause: thrown,
  });
}

function codeOf(thrown: unknown): string | undefined {
  for (let error = thrown; typeof error === "object" && error !== null; error = (error as Error).cause) {
    const { code, errors } = error as { code?: unknown; errors?: unknown };
    if (typeof code === "string") return code;
    if (Array.isArray(errors) && errors.length > 0) return codeOf(errors[0]);
    // The one error of undici that may come without its code.
    if ((error as Error).name === "HTTPParserError") return "HTTPParserError";
  }
  return undefined;
}
