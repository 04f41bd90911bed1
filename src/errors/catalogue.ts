/** Every failure that can reach a caller, each with its stable code: the one list that doors, docs and tests read. */

/** How an entry answers "may I try the same call again?": never, always, or only when the effect allows it. */
export type RetryRule = "no" | "yes" | "if-safe";

export interface CatalogueEntry {
  /** Human-readable family of the error, shown as `type`. */
  readonly type: string;
  /** HTTP status of the REST door, unless the error carries a more exact one. */
  readonly status: number;
  readonly retryable: RetryRule;
  /** When it is raised, for the reference page. */
  readonly raisedWhen: string;
  /** What an agent should do next, unless the error says something more exact. */
  readonly suggestion: string;
  /** The same where it is certain that nothing was done. */
  readonly suggestionIfNotActed?: string;
}

export const catalogue = {
  VALIDATION_ERROR: {
    type: "Validation Error",
    status: 400,
    retryable: "no",
    raisedWhen:
      "The request is malformed, a field is missing or of the wrong type, or the tool's input does not fit its schema. `details` lists path, problem and expected value.",
    suggestion: "Correct the fields listed in details and send the call again.",
  },
  AUTHENTICATION_FAILURE_API: {
    type: "Authentication Error",
    status: 401,
    retryable: "no",
    raisedWhen: "The request carries no credential for the gateway, or a wrong or expired one.",
    suggestion: "Send a valid credential as 'Authorization: Bearer <token>' or 'X-API-Key: <key>'.",
  },
  AUTHORIZATION_ERROR: {
    type: "Authorization Error",
    status: 403,
    retryable: "no",
    raisedWhen: "The caller is known and may see the tool, but policy does not allow it with these arguments.",
    suggestion: "Use other arguments, or ask an operator for the permission; repeating the call will not help.",
  },
  ROUTING_ERROR: {
    type: "Server Not Found",
    status: 404,
    retryable: "no",
    raisedWhen: "No server of that id exists, is enabled, or is visible to this caller. Suggests the nearest ids.",
    suggestion: "List the servers you may use and call again with one of their ids.",
  },
  TOOL_NOT_SUPPORTED: {
    type: "Tool Not Found",
    status: 404,
    retryable: "no",
    raisedWhen: "The server has no tool of that name, or none visible to this caller. Suggests the nearest names.",
    suggestion: "Search the tools and call again with one of their names.",
  },
  PAYLOAD_TOO_LARGE: {
    type: "Validation Error",
    status: 413,
    retryable: "no",
    raisedWhen: "The request body or one argument is over its limit.",
    suggestion: "Send less in one request: split the work or shorten the argument.",
  },
  RATE_LIMIT_EXCEEDED: {
    type: "Rate Limit Exceeded",
    status: 429,
    retryable: "yes",
    raisedWhen: "The gateway's own limit for this caller is used up. Carries `Retry-After`.",
    suggestion: "Wait for the given time, then send the call again.",
  },
  MCP_RATE_LIMIT_EXCEEDED: {
    type: "Rate Limit Exceeded",
    status: 429,
    retryable: "yes",
    raisedWhen:
      "The limit of the server behind the tool is used up: the one configured for it here, or its own 429. Carries `Retry-After`.",
    suggestion: "Wait for the given time, then send the call again; other servers are not affected.",
  },
  CONFIGURATION_ERROR: {
    type: "Configuration Error",
    status: 500,
    retryable: "no",
    raisedWhen: "The server is configured with a missing secret or unusable parameters.",
    suggestion: "An operator has to correct this server's configuration; use another server meanwhile.",
  },
  DATA_TRANSFORMATION_ERROR: {
    type: "Data Transformation Error",
    status: 502,
    retryable: "no",
    raisedWhen: "The input cannot be mapped to what the server takes (400), or its answer cannot be read (502).",
    suggestion: "If the input was refused, change it; otherwise report the server's answer to an operator.",
  },
  MCP_CONNECTION_ERROR: {
    type: "MCP Server Connection Error",
    status: 502,
    retryable: "if-safe",
    raisedWhen:
      "The server could not be reached or did not finish: refused, reset, DNS, TLS, process died (502), or time-out (504).",
    suggestion: "A read may be repeated; after a write, check first whether it took effect.",
    suggestionIfNotActed: "Nothing was done: send the call again in a while, or use another server.",
  },
  MCP_AUTHENTICATION_FAILURE: {
    type: "MCP Server Error",
    status: 502,
    retryable: "no",
    raisedWhen: "The server refuses the credential that the gateway holds for it.",
    suggestion: "An operator has to renew this server's credential; repeating the call will not help.",
  },
  MCP_CLIENT_ERROR: {
    type: "MCP Server Error",
    status: 400,
    retryable: "no",
    raisedWhen:
      "The server says that the request is wrong, not found, forbidden or in conflict. Takes the server's own 4xx status.",
    suggestion: "Read the server's message in the error and change the arguments accordingly.",
  },
  MCP_SERVER_ERROR: {
    type: "MCP Server Error",
    status: 502,
    retryable: "if-safe",
    raisedWhen: "The server failed with a 5xx or says of itself that it failed.",
    suggestion: "A read may be repeated later; after a write, check first whether it took effect.",
  },
  MCP_CIRCUIT_OPEN: {
    type: "MCP Server Connection Error",
    status: 503,
    retryable: "yes",
    raisedWhen: "The server failed too often and calls to it are paused. Carries `Retry-After`.",
    suggestion: "Wait for the given time, or use another server; nothing was sent.",
  },
  REQUEST_IN_PROGRESS: {
    type: "Conflict",
    status: 409,
    retryable: "yes",
    raisedWhen: "A call with the same `request_id` is still running.",
    suggestion: "Wait, then send the same call with the same request_id to get its outcome.",
  },
  API_INTERNAL_ERROR: {
    type: "Internal Server Error",
    status: 500,
    retryable: "no",
    raisedWhen: "A defect of the gateway. The caller gets generic text, the log the full detail.",
    suggestion: "Report the request id to an operator; the log holds the detail.",
  },
} as const satisfies Record<string, CatalogueEntry>;

/** A code of the catalogue. */
export type ErrorCode = keyof typeof catalogue;
