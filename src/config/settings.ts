/** The configuration after it was read, checked and brought to one spelling: what the rest of the gateway works with. */
import type { AuthenticationMethod } from "../connector/connector.ts";
import type { Effect } from "../connector/tool.ts";
import type { JsonSchema } from "../connector/json-schema.ts";

/** `authentication` of a server. Every `…Ref` names a secret, never holds one. */
export interface AuthenticationSettings {
  readonly method: AuthenticationMethod;
  readonly tokenRef?: string;
  readonly usernameRef?: string;
  readonly passwordRef?: string;
  readonly apiKeyRef?: string;
  readonly headerName?: string;
  readonly queryParamName?: string;
  readonly tokenUrl?: string;
  readonly clientIdRef?: string;
  readonly clientSecretRef?: string;
  readonly refreshTokenRef?: string;
  readonly accessTokenRef?: string;
  readonly scopes?: readonly string[];
}

/** What an operator decides about one tool against what its server says. */
export interface ToolOverride {
  readonly effect?: Effect;
  readonly cacheTtlMs?: number;
  readonly isEnabled?: boolean;
}

export interface ServerSettings {
  readonly id: string;
  readonly type: string;
  readonly name: string;
  readonly isEnabled: boolean;
  readonly authentication: AuthenticationSettings;
  readonly baseUrl?: string;
  /** `server_specific_config` after the connector's own check. */
  readonly config: unknown;
  /** alias → tool */
  readonly toolMapping: Readonly<Record<string, string>>;
  /** tool → default input */
  readonly defaultToolConfig: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly toolOverrides: Readonly<Record<string, ToolOverride>>;
  /** Default time to live of this server's reads, milliseconds. */
  readonly cacheTtlMs?: number;
  /** How long after its time to live a result may stand in for a server that fails, milliseconds. */
  readonly staleIfErrorMs?: number;
  readonly retryPolicy: { readonly maxAttempts: number; readonly backoffMs: number };
  readonly rateLimits: {
    readonly requestsPerSecond?: number;
    readonly burstLimit?: number;
    readonly requestsPerMinute?: number;
    readonly concurrentCalls?: number;
  };
  readonly timeoutMs: number;
  readonly circuitBreaker: {
    readonly errorThresholdPercentage: number;
    readonly resetTimeoutMs: number;
    readonly volumeThreshold: number;
  };
  readonly customParameters: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, unknown>>;
}

export interface PolicyRule {
  /** Globs; absent means every one. */
  readonly servers?: readonly string[];
  readonly tools?: readonly string[];
  readonly effects?: readonly Effect[];
  /** The call's input has to fit this schema for the rule to apply. */
  readonly arguments?: JsonSchema;
}

export interface PolicySettings {
  readonly roles: readonly string[];
  readonly allow: readonly PolicyRule[];
  readonly deny: readonly PolicyRule[];
}

export interface AuthSettings {
  readonly apiKeys: readonly { readonly id: string; readonly keyRef: string; readonly roles: readonly string[] }[];
  /** Either `jwksUrl` or `secretRef` (HS256) is set. */
  readonly jwt: readonly {
    readonly issuer: string;
    readonly audience: string;
    readonly jwksUrl?: string;
    readonly secretRef?: string;
    readonly algorithms: readonly string[];
    readonly rolesClaim: string;
  }[];
  readonly authjs?: { readonly secretRefs: readonly string[] };
  readonly serviceAccounts: readonly {
    readonly clientId: string;
    readonly clientSecretRef: string;
    readonly roles: readonly string[];
  }[];
  /** Signs service accounts' tokens, so that replicas accept each other's; random for each process when absent. */
  readonly signingKeyRef?: string;
  readonly anonymous: boolean;
}

export interface LimitSettings {
  readonly bodyBytes: number;
  readonly queryCost: number;
  readonly queryDepth: number;
  readonly queryTokens: number;
  readonly requestsPerSecond: number;
  readonly burstLimit: number;
  readonly concurrentCallsPerCaller: number;
  /** Largest result handed over at once, bytes of JSON; larger ones are kept and read in parts. */
  readonly resultBytes: number;
  /** The same in estimated tokens; not limited when absent. */
  readonly resultTokens?: number;
}

/** A service that speaks the OpenAI embeddings API. */
export interface EmbedderSettings {
  readonly baseUrl: string;
  readonly model: string;
  readonly apiKeyRef?: string;
}

export interface GatewaySettings {
  readonly host: string;
  readonly port: number;
  readonly auth: AuthSettings;
  readonly policies: readonly PolicySettings[];
  readonly limits: LimitSettings;
  /** `memory` or a Redis URL. */
  readonly state: string;
  readonly logging: { readonly level: string; readonly redact: readonly string[] };
  readonly shutdown: { readonly graceMs: number; readonly timeoutMs: number };
  /** Absent: tools are found by words alone. */
  readonly search?: { readonly embedder?: EmbedderSettings };
  readonly secrets: {
    readonly default: string;
    readonly vault?: { readonly address: string; readonly tokenRef: string };
  };
}

export interface Settings {
  readonly servers: readonly ServerSettings[];
  readonly gateway: GatewaySettings;
  /** Where it came from: the file and its folder, or the bundled demo. */
  readonly source: { readonly file: string; readonly folder: string; readonly isDemo: boolean };
}
