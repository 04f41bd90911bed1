/** Turns what a socket, DNS, TLS or an abort throws into `MCP_CONNECTION_ERROR`, saying whether the server can have acted. */
import { CatalogueError } from "../errors/catalogue-error.ts";

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

/** Never shows the address: the caller knows the server by its id. */
export function connectionError(thrown: unknown, signal?: AbortSignal): CatalogueError {
  if (thrown instanceof CatalogueError) return thrown;
  if (signal?.aborted) {
    if (signal.reason instanceof CatalogueError) return signal.reason;
    return new CatalogueError("MCP_CONNECTION_ERROR", "The call was given up before the server answered.", {
      status: 504,
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
  }
  return undefined;
}
