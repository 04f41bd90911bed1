/** An upstream answer read whole, to a cap, with ways to read it as JSON or to quote it in an error. */
import type { z } from "zod";
import type { HttpResponse } from "../connector/http-client.ts";
import { CatalogueError } from "../errors/catalogue-error.ts";
import type { RawAnswer } from "./exchange.ts";
import { textOf } from "./response-text.ts";
import { withoutCredential } from "./without-credential.ts";

const EXCERPT_CHARACTERS = 2_000;
/** Longer than any credential, so that none is cut in two before it is looked for. */
const EXCERPT_MARGIN = 16_000;

export class ReadResponse implements HttpResponse {
  readonly status: number;
  readonly text: string;
  readonly #rawHeaders: RawAnswer["headers"];
  readonly #credential: Readonly<Record<string, string>>;
  #headers: Record<string, string> | undefined;

  private constructor(
    status: number,
    headers: RawAnswer["headers"],
    text: string,
    credential: Readonly<Record<string, string>>,
  ) {
    this.status = status;
    this.#rawHeaders = headers;
    this.text = text;
    this.#credential = credential;
  }

  /** Reads the answer's text, decoded to at most `maxBytes`. The `credential` that was sent is never quoted in an error. */
  static of(
    answer: RawAnswer,
    maxBytes: number,
    credential: Readonly<Record<string, string>> = {},
  ): ReadResponse | Promise<ReadResponse> {
    const { statusCode, headers } = answer;
    const text = textOf(answer.body, answer, maxBytes);
    // Awaited only where a coding has to be undone: most answers come plain.
    if (typeof text === "string") return new ReadResponse(statusCode, headers, text, credential);
    return text.then((decoded) => new ReadResponse(statusCode, headers, decoded, credential));
  }

  /** The same answer as it may be quoted in an error: without the credential, should the server have repeated it. */
  quotable(): ReadResponse {
    if (Object.keys(this.#credential).length === 0) return this;
    return new ReadResponse(this.status, this.#rawHeaders, this.#textWithoutCredential(), {});
  }

  #textWithoutCredential(): string {
    let text = this.text;
    try {
      // JSON may write any character of the credential as an escape, so it is looked for in the strings themselves.
      const unescaped: unknown = JSON.parse(text, (_, value: unknown) =>
        typeof value === "string" ? withoutCredential(value, this.#credential) : value,
      );
      text = JSON.stringify(unescaped);
    } catch {
      // Not JSON: looked through as text.
    }
    return withoutCredential(text, this.#credential);
  }

  get headers(): Readonly<Record<string, string>> {
    return (this.#headers ??= Object.fromEntries(
      Object.entries(this.#rawHeaders).map(([name, value]) => [
        name,
        Array.isArray(value) ? value.join(", ") : (value ?? ""),
      ]),
    ));
  }

  json(): unknown {
    try {
      return JSON.parse(this.text);
    } catch {
      // Without its cause: that quotes the text as it came.
      const html = /^\s*</.test(this.text);
      throw new CatalogueError(
        "DATA_TRANSFORMATION_ERROR",
        `The server answered ${this.status} with ${html ? "an HTML page" : "text that is not JSON"} where JSON was expected.`,
        { serverStatusCode: this.status, serverErrorDetails: this.excerpt() },
      );
    }
  }

  as<S extends z.ZodType>(schema: S): z.output<S> {
    const result = schema.safeParse(this.json());
    if (result.success) return result.data;
    throw new CatalogueError(
      "DATA_TRANSFORMATION_ERROR",
      "The server's answer does not have the form its API documents.",
      {
        serverStatusCode: this.status,
        details: result.error.issues
          .slice(0, 10)
          .map((issue) => ({ path: issue.path.map(String).join("."), problem: issue.message })),
      },
    );
  }

  /** The body for an error report: as data when it is small JSON, else its beginning as text. */
  excerpt(): unknown {
    const text = withoutCredential(this.text.slice(0, EXCERPT_CHARACTERS + EXCERPT_MARGIN), this.#credential);
    if (text === "") return undefined;
    if (text.length <= EXCERPT_CHARACTERS && /^\s*[[{]/.test(text)) {
      try {
        return JSON.parse(text);
      } catch {
        // Not JSON after all: quoted as text below.
      }
    }
    return text.length > EXCERPT_CHARACTERS ? `${text.slice(0, EXCERPT_CHARACTERS)}…` : text;
  }

  /** The sentence the server gave, without its full stop, if its body has one in a usual place (RFC 9457 `detail`, `message`, `error`). */
  reason(): string {
    const body = this.excerpt();
    if (typeof body !== "object" || body === null) return "";
    const found = sentenceIn(body as Record<string, unknown>);
    return found === undefined ? "" : `: ${found.replace(/[\s.]+$/, "")}`;
  }
}

function sentenceIn(body: Record<string, unknown>): string | undefined {
  for (const key of ["detail", "message", "error_description", "error", "title"]) {
    const value = body[key];
    if (typeof value === "string" && value !== "") return value.slice(0, 300);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      const inner = sentenceIn(value as Record<string, unknown>);
      if (inner !== undefined) return inner;
    }
  }
  return undefined;
}
