/** The kinds of value that configuration keys hold: secret references, addresses, counts, milliseconds, globs. */
import { z } from "zod";
import { parseSecretReference, REFERENCE_FORMS } from "../secrets/secret-reference.ts";

/**
 * A check that says both what is wrong and what was expected.
 *
 * @param check returns the problem, if there is one
 * @param keywords what the JSON Schema for editors says of such a text
 */
export function text(
  check: (value: string) => string | undefined,
  expected: string,
  keywords: { readonly pattern?: string; readonly format?: string } = {},
): z.ZodString {
  // What a missing or mistyped value should have been is said in the same words.
  const checked = z.string({ error: expected }).superRefine((value, context) => {
    const problem = check(value);
    if (problem !== undefined) context.addIssue({ code: "custom", message: problem, params: { expected } });
  });
  return checked.meta(keywords);
}

export const nonEmpty = text((value) => (value.trim() === "" ? "is empty" : undefined), "text");

/** Names a secret; see the secret reference forms. */
export const secretRef = text((value) => {
  const parsed = parseSecretReference(value);
  return parsed.ok ? undefined : parsed.problem;
}, REFERENCE_FORMS);

/** An absolute http or https address without credentials. */
export const httpUrl = text(
  (value) => {
    const url = URL.canParse(value) ? new URL(value) : undefined;
    if (url === undefined) return "is not an address";
    if (url.protocol !== "http:" && url.protocol !== "https:") return "is not an http or https address";
    if (url.username !== "" || url.password !== "") return "holds a credential; put it into authentication";
    return undefined;
  },
  "an address such as https://api.example.com",
  { format: "uri" },
);

/** `*` stands for any characters, `?` for one. */
export const glob = text(
  (value) => (/^\S+$/.test(value) ? undefined : "is not a glob"),
  "a name, with * for any characters and ? for one",
);

/** RFC 9110 section 5.1. */
export const headerName = text(
  (value) => (/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(value) ? undefined : "is not a header name"),
  "a header name such as X-API-Key",
);

export const count = z.int().min(1);
export const milliseconds = z
  .int()
  .min(1)
  .max(24 * 60 * 60 * 1000);
export const effect = z.enum(["read", "write", "destructive"]);
export const anyObject = z.record(z.string(), z.unknown());
