/** What a connector is to the gateway: how servers of one type are configured, opened, and which tools they offer. */
import type { Logger } from "pino";
import type { z } from "zod";
import type { HttpResponse } from "./http-client.ts";
import type { ServerFailure } from "./server-failure.ts";
import type { Tool } from "./tool.ts";

/** Ways a server can be told who the gateway is; the fields each needs are in the configuration reference. */
export type AuthenticationMethod =
  | "oauth2"
  | "oauth2_client_credentials"
  | "api_key"
  | "basic_auth"
  | "bearer_token"
  | "pat"
  | "none";

/** Where an API key goes when the configuration does not say. */
export type ApiKeyPlace =
  | { readonly headerName: string; readonly prefix?: string }
  | { readonly queryParamName: string };

/** Puts the server's credential on outgoing requests. */
export interface Authorizer {
  readonly method: AuthenticationMethod;
  /** Identifies the credential without revealing it; part of cache keys. */
  readonly credentialId: string;
  /** Headers to add. Asynchronous only when a token has to be fetched. Throws `CONFIGURATION_ERROR` or `MCP_AUTHENTICATION_FAILURE`. */
  headers(): Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>;
  /** Query parameters to add, for keys that travel in the address. */
  readonly query?: Readonly<Record<string, string>>;
  /** Told which credential headers the server refused; true when another try makes sense, since there is a fresh one. */
  refused?(sent?: Readonly<Record<string, string>>): Promise<boolean>;
}

/** Health of one configured server. */
export type ServerStatus = "READY" | "STARTING" | "DEGRADED" | "DISABLED";

/** What a connector gets to open one configured server. */
export interface ServerContext<C = unknown> {
  readonly id: string;
  readonly name: string;
  /** `server_specific_config`, checked by the connector's `config` schema. */
  readonly config: C;
  /** `custom_parameters` of the server, as configured. */
  readonly customParameters: Readonly<Record<string, unknown>>;
  /** `base_url` of the server, or what the connector derives from its config; absent for servers without one. */
  readonly baseUrl?: string;
  readonly authorizer: Authorizer;
  /** Longest a call may take, milliseconds. */
  readonly timeoutMs: number;
  /** Folder of the configuration file, for relative paths. */
  readonly baseFolder: string;
  readonly log: Logger;
  /** To be called when the tools of the server changed; the gateway reads `session.tools` again. */
  toolsChanged(): void;
  /** To be called when the server's health changed, with the reason when it is not READY. */
  statusChanged(status: "READY" | "STARTING" | "DEGRADED", reason?: string): void;
}

/** One opened server. */
export interface ServerSession {
  /** The tools as they are now. */
  readonly tools: readonly Tool[];
  /** Where its HTTP requests go, for a server that learns it while it opens; configured addresses win. */
  readonly baseUrl?: string | undefined;
  close(): Promise<void>;
}

/** How the HTTP answers of a connector's servers are read; `C` is the server's checked `server_specific_config`. */
export interface HttpBehaviour<C = unknown> {
  /** Headers of every request, for example `accept`. */
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * Reads the vendor's error out of an answer of any status; `undefined` leaves it to the status.
   * Needed where errors hide in a 200 or the body says more than the status.
   */
  readError?(answer: HttpResponse, config: C): ServerFailure | undefined;
  /** Milliseconds to wait by the vendor's own headers, besides the standard ones. */
  retryAfterMs?(answer: HttpResponse, config: C): number | undefined;
}

export interface Connector {
  /** The `type` of servers in the configuration, for example `slack`. */
  readonly type: string;
  readonly title: string;
  readonly summary: string;
  /** Vendor pages that the connector was written from. */
  readonly sources: readonly string[];
  /** Graph namespace: one for the type (built-in tools), or one for each server (tools found at run time). */
  readonly namespace: "type" | "server";
  readonly config: z.ZodType;
  readonly authentication: readonly AuthenticationMethod[];
  apiKeyPlace?(config: unknown): ApiKeyPlace;
  /** Base URL by configuration when `base_url` is absent. */
  baseUrl?(config: unknown): string | undefined;
  readonly http?: HttpBehaviour;
  /** Other names its tools answer to, on every server of the type: alias → tool. A server's `tool_mapping` wins. */
  readonly aliases?: Readonly<Record<string, string>>;
  /** The tools of a connector whose tools do not depend on the server; absent when they are found at run time. */
  readonly tools?: readonly Tool[];
  /** Opens a server. May throw catalogue errors: the server is then DEGRADED with that reason. */
  open(server: ServerContext): Promise<ServerSession>;
}
