/** The syntax of secret references: which store a secret is in and what it is called there. */

/** Stores a reference can name; `default` is the one of `gateway.secrets.default`. */
export type SecretStoreName = "env" | "file" | "vault" | "aws-sm" | "azure-kv" | "gcp-sm" | "default";

export interface SecretReference {
  readonly store: SecretStoreName;
  readonly name: string;
  /** What follows `#`: one field of a secret that holds several. */
  readonly field?: string;
}

const FORMS: Record<Exclude<SecretStoreName, "default">, { readonly pattern: RegExp; readonly form: string }> = {
  env: { pattern: /^(?<name>[A-Za-z_][A-Za-z0-9_]*)$/, form: "env:NAME" },
  file: { pattern: /^(?<name>[^\0\r\n]+)$/, form: "file:/path" },
  vault: { pattern: /^(?<name>[^#\s]+)#(?<field>[^#\s]+)$/, form: "vault:path#field" },
  "aws-sm": { pattern: /^(?<name>[^#\s]+)(?:#(?<field>[^#\s]+))?$/, form: "aws-sm:id#field" },
  "azure-kv": { pattern: /^(?<name>[A-Za-z0-9-]{1,127})$/, form: "azure-kv:name" },
  "gcp-sm": { pattern: /^(?<name>[A-Za-z0-9_/-]+)$/, form: "gcp-sm:name" },
};

/** What a fault says was expected of a reference. */
export const REFERENCE_FORMS = `a secret reference (${Object.values(FORMS)
  .map(({ form }) => form)
  .join(", ")}, or a bare key)`;

const BARE_KEY = /^[A-Za-z_][A-Za-z0-9_.-]{0,127}$/;

/** Beginnings of real credentials: somebody pasted the secret where its name belongs. */
const LOOKS_LIKE_A_SECRET = /^(xox[a-z]-|xapp-|gh[opsu]_|github_pat_|glpat-|sk-|tvly-|ATATT|eyJ|AKIA|AIza)/;

/**
 * Reads a reference. The problem never quotes the text, which may be a secret that somebody pasted.
 *
 * @example
 * parseSecretReference("vault:kv/jira#client_secret"); // { ok: true, reference: { store: "vault", name: "kv/jira", field: "client_secret" } }
 */
export function parseSecretReference(
  text: string,
): { readonly ok: true; readonly reference: SecretReference } | { readonly ok: false; readonly problem: string } {
  if (LOOKS_LIKE_A_SECRET.test(text)) {
    return { ok: false, problem: "looks like a secret itself; it has to name the place where the secret is kept" };
  }
  const colon = text.indexOf(":");
  if (colon === -1) {
    if (BARE_KEY.test(text)) return { ok: true, reference: { store: "default", name: text } };
    return { ok: false, problem: "is not a secret reference" };
  }
  const store = text.slice(0, colon);
  if (!Object.hasOwn(FORMS, store)) return { ok: false, problem: "names no known secret store" };
  const { pattern, form } = FORMS[store as keyof typeof FORMS];
  const groups = pattern.exec(text.slice(colon + 1))?.groups;
  if (groups === undefined) return { ok: false, problem: `is not of the form ${form}` };
  const { name = "", field } = groups;
  return {
    ok: true,
    reference: { store: store as SecretStoreName, name, ...(field !== undefined && { field }) },
  };
}
