/** An OAuth 2 credential: takes access tokens from the state that replicas share, or fetches them (RFC 6749) for all of them. */
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import type { Authorizer } from "../connector/connector.ts";
import { CatalogueError } from "../errors/catalogue-error.ts";
import { errorOfText, textOfError } from "../errors/portable-error.ts";
import { Secret } from "../secrets/secret.ts";
import type { SharedToken, SharedTokens, TokenBegun } from "../state/shared-tokens.ts";
import { fingerprint } from "./authorizer.ts";
import { requestToken, type ClientAuthentication, type TokenAnswer } from "./request-token.ts";
import { TokenSeal } from "./token-seal.ts";

export interface OAuthCredentialOptions {
  readonly method: "oauth2" | "oauth2_client_credentials";
  readonly tokenUrl: string;
  readonly clientId: Secret;
  readonly clientSecret: Secret;
  readonly scopes: readonly string[];
  /** Used until the token endpoint gives another one; without it the grant is `client_credentials`. */
  readonly refreshToken?: Secret;
  /** Used until it is refused. */
  readonly accessToken?: Secret;
  /** Longest a token request may take, milliseconds; with a refresh token 10 s at least. */
  readonly timeoutMs: number;
  readonly tokens: SharedTokens;
}

/** What is sealed and shared. */
const Sealed = z.object({
  accessToken: z.string(),
  /** The refresh token to use next, where the endpoint has given one. */
  refreshToken: z.string().optional(),
  /** How long the token lives on after it is to be renewed, milliseconds. */
  spareMs: z.number(),
  /** It was fetched because the server refused the one before. */
  isReplacement: z.boolean(),
});

interface HeldToken {
  readonly fence: number;
  readonly authorization: string;
  /** Milliseconds since 1970. */
  readonly renewAt: number;
  readonly expiresAt: number;
  /** Milliseconds since 1970 of a token that replaced a refused one. */
  readonly replacedAt?: number;
}

type Turn = Extract<TokenBegun, { status: "turn" }>;

const RENEW_BEFORE_MS = 60_000;
/** A token refused this soon after it replaced another is not the problem; fetching more would only hammer the endpoint. */
const REPLACEMENT_TRUST_MS = 60_000;
/** How long a refusal by the token endpoint is repeated without asking it again. */
const REFUSAL_MEMORY_MS = 10_000;
/** How often it is looked whether another replica has fetched. */
const ASK_AGAIN_MS = 50;
/** How soon a renewal that failed is tried again while the token still lives. */
const RETRY_MS = 5_000;
/** Of tokens whose endpoint does not say how long they live; a refusal by the server ends them, too. */
const UNTOLD_LIFE_MS = 365 * 24 * 60 * 60 * 1000;
/** How long a refresh token is kept that nobody used. */
const REFRESH_LIFE_MS = 180 * 24 * 60 * 60 * 1000;
/** Least time for the answer to a refresh token: calls may be in a hurry, but with a lost answer the next token is lost. */
const EXCHANGE_MS = 10_000;
/** A replica that dies while it fetches: others wait no longer than this. Two fetches at once do no harm here. */
const CLIENT_LEASE_MS = 5_000;
/** Beyond the token requests themselves. */
const LEASE_MARGIN_MS = 5_000;

export class OAuthCredential implements Authorizer {
  readonly method: OAuthCredentialOptions["method"];
  readonly credentialId: string;
  readonly #options: OAuthCredentialOptions;
  readonly #seal: TokenSeal;
  readonly #timeoutMs: number;
  readonly #leaseMs: number;
  #held: HeldToken | undefined;
  /** The turn of the last token that was held: only later ones are taken over. */
  #fence = 0;
  /** The last one held was refused, and which it was. */
  #refused: number | undefined;
  #renewal: Promise<HeldToken> | undefined;
  #clientAuthentication: ClientAuthentication | undefined;
  /** A refresh token may be good for one use, until it is seen that this endpoint's are not. */
  #isForOneUse = true;

  constructor(options: OAuthCredentialOptions) {
    this.#options = options;
    this.method = options.method;
    // The configured refresh token stands for the user; its successors stand for the same one.
    const identity = [options.tokenUrl, options.clientId.reveal(), options.refreshToken?.reveal(), ...options.scopes];
    this.credentialId = fingerprint(JSON.stringify(identity));
    this.#seal = new TokenSeal(options.clientSecret, this.credentialId);
    this.#timeoutMs = options.refreshToken ? Math.max(options.timeoutMs, EXCHANGE_MS) : options.timeoutMs;
    // One request in the header's way, one in the form's. A refresh token that can be used once is not tried by another
    // replica before the first has certainly given up.
    const leaseMs = 2 * this.#timeoutMs + LEASE_MARGIN_MS;
    this.#leaseMs = options.refreshToken ? leaseMs : Math.min(leaseMs, CLIENT_LEASE_MS);
    if (options.accessToken) {
      const authorization = bearer(options.accessToken.reveal());
      this.#held = { fence: 0, authorization, renewAt: Infinity, expiresAt: Infinity };
    }
  }

  /** Throws `MCP_AUTHENTICATION_FAILURE` when the token endpoint refuses, `MCP_CONNECTION_ERROR` when it cannot be reached. */
  headers(): Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>> {
    const latest = this.#options.tokens.latest(this.#seal.id);
    if (latest && latest.fence > this.#fence && Date.now() < latest.renewAt) this.#take(latest);
    const held = this.#held;
    if (held && Date.now() < held.renewAt) return { authorization: held.authorization };
    return this.#renew().then(({ authorization }) => ({ authorization }));
  }

  /**
   * @param sent the headers that were refused, where the caller still has them: a call that was sent with an older token
   * than the one held now may simply be repeated.
   */
  async refused(sent?: Readonly<Record<string, string>>): Promise<boolean> {
    const held = this.#held;
    if (held === undefined) return true;
    if (sent?.authorization !== undefined && sent.authorization !== held.authorization) return true;
    if (held.replacedAt !== undefined && Date.now() - held.replacedAt < REPLACEMENT_TRUST_MS) return false;
    this.#held = undefined;
    this.#refused = held.fence;
    return true;
  }

  #renew(): Promise<HeldToken> {
    return (this.#renewal ??= this.#fetch().finally(() => {
      this.#renewal = undefined;
    }));
  }

  /** From the shared state if there is one, else by this process when it is its turn. */
  async #fetch(): Promise<HeldToken> {
    const { tokens } = this.#options;
    const { id } = this.#seal;
    let refused = this.#refused;
    let awaited: number | undefined;
    for (;;) {
      const begun = await tokens.begin({ id, leaseMs: this.#leaseMs, refused, awaited });
      if (begun.status === "kept") {
        const held = this.#take(begun.token);
        if (held) return held;
        refused = begun.token.fence;
      } else if (begun.status === "taken") {
        awaited = begun.fence;
        await delay(ASK_AGAIN_MS, undefined, { ref: false });
      } else {
        const outcome = begun.status === "turn" ? await this.#use(begun) : failureOf(begun.failure);
        if (!(outcome instanceof CatalogueError)) return outcome;
        const held = this.#held;
        if (!held || Date.now() >= held.expiresAt) throw outcome;
        return (this.#held = { ...held, renewAt: Math.min(Date.now() + RETRY_MS, held.expiresAt) });
      }
    }
  }

  async #use(turn: Turn): Promise<HeldToken | CatalogueError> {
    const { tokens } = this.#options;
    const outcome = await this.#exchange(turn);
    if (outcome instanceof CatalogueError) {
      const repeatMs = outcome.code === "MCP_AUTHENTICATION_FAILURE" ? REFUSAL_MEMORY_MS : 0;
      await tokens.fail(this.#seal.id, turn.fence, textOfError(outcome), repeatMs);
      return outcome;
    }
    const { answer, refreshToken } = outcome;
    const lifeMs = answer.expires_in === undefined ? UNTOLD_LIFE_MS : answer.expires_in * 1000;
    const spareMs = Math.min(RENEW_BEFORE_MS, lifeMs / 10);
    const sealed = this.#seal.close({
      accessToken: answer.access_token,
      refreshToken,
      spareMs,
      isReplacement: this.#refused !== undefined,
    } satisfies z.input<typeof Sealed>);
    const token: SharedToken = { fence: turn.fence, sealed, renewAt: Date.now() + lifeMs - spareMs };
    await tokens.finish(this.#seal.id, token, refreshToken === undefined ? lifeMs : Math.max(lifeMs, REFRESH_LIFE_MS));
    return this.#take(token)!;
  }

  async #exchange({ latest, isAlone }: Turn): Promise<{ answer: TokenAnswer; refreshToken?: string } | CatalogueError> {
    const configured = this.#options.refreshToken;
    const rotated = latest && this.#open(latest)?.refreshToken;
    // The other replicas cannot be asked whether one of them has used it already: endpoints take that for a theft.
    if (isAlone && configured && (rotated !== undefined || this.#isForOneUse)) return oneTimeToken();
    const outcome = await requestToken({
      ...this.#options,
      timeoutMs: this.#timeoutMs,
      refreshToken: rotated === undefined ? configured : new Secret(rotated),
      clientAuthentication: this.#clientAuthentication,
    });
    if (!outcome.ok) return outcome.error;
    this.#clientAuthentication = outcome.clientAuthentication;
    const next = outcome.answer.refresh_token ?? rotated;
    const isAnother = configured !== undefined && next !== configured.reveal();
    return { answer: outcome.answer, ...(isAnother && next !== undefined && { refreshToken: next }) };
  }

  #open({ sealed }: SharedToken): z.output<typeof Sealed> | undefined {
    return Sealed.safeParse(this.#seal.open(sealed)).data;
  }

  /** `undefined` when it cannot be opened. */
  #take(token: SharedToken): HeldToken | undefined {
    const opened = this.#open(token);
    this.#fence = token.fence;
    if (!opened) return undefined;
    this.#refused = undefined;
    this.#isForOneUse = opened.refreshToken !== undefined;
    return (this.#held = {
      fence: token.fence,
      authorization: bearer(opened.accessToken),
      renewAt: token.renewAt,
      expiresAt: token.renewAt + opened.spareMs,
      ...(opened.isReplacement && { replacedAt: Date.now() }),
    });
  }
}

function failureOf(text: string): CatalogueError {
  const message = "Another replica of the gateway could not fetch an access token.";
  return errorOfText(text) ?? new CatalogueError("MCP_CONNECTION_ERROR", message, { acted: "no" });
}

function oneTimeToken(): CatalogueError {
  const message =
    "No access token could be fetched: the state that replicas share cannot be reached, and with it the refresh token.";
  return new CatalogueError("MCP_CONNECTION_ERROR", message, {
    acted: "no",
    status: 503,
    retryable: true,
    retryAfterMs: RETRY_MS,
    suggestion: "Try again later; the call was not sent.",
  });
}

function bearer(token: string): string {
  return `Bearer ${token}`;
}
