/** The public API for connector authors: what a connector imports, and nothing of the gateway around it. */
export { z } from "zod";
export { catalogue, type ErrorCode } from "./errors/catalogue.ts";
export { CatalogueError, type Acted, type CatalogueErrorOptions } from "./errors/catalogue-error.ts";
export { Secret } from "./secrets/secret.ts";
export { defineConnector, type ConnectorSpec, type ToolCallOf, type ToolSpec } from "./connector/define-connector.ts";
export type { Cancellation } from "./cancellation.ts";
export type {
  ApiKeyPlace,
  AuthenticationMethod,
  Authorizer,
  Connector,
  HttpBehaviour,
  ServerContext,
  ServerSession,
} from "./connector/connector.ts";
export type { HttpClient, HttpRequestOptions, HttpResponse } from "./connector/http-client.ts";
export type { JsonSchema } from "./connector/json-schema.ts";
export { failureKindOf, serverFailure, type FailureKind, type ServerFailure } from "./connector/server-failure.ts";
export type {
  CallContext,
  ConversationContext,
  Effect,
  InputProblem,
  ParsedInput,
  Tool,
  ToolRun,
} from "./connector/tool.ts";
export { compileInput } from "./validation/compile-input.ts";
// For connectors with a transport of their own: the same reading of faults and waits as the HTTP client's.
export { connectionError } from "./outbound/connection-error.ts";
export { retryAfterOf } from "./outbound/retry-after.ts";
