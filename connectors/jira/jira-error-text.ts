/** Finds what Jira says in an error body, in each of the forms its services use. */

const MAX_SENTENCES = 20;
const MAX_CHARACTERS = 500;

export interface JiraErrorText {
  /** All that was said, in one line; "" when nothing was. */
  readonly sentence: string;
  readonly details?: {
    readonly messages?: readonly string[];
    /** Field → what is wrong with it. */
    readonly fields?: Readonly<Record<string, string>>;
  };
}

/**
 * Reads `{errorMessages, errors}` of Jira itself and `{code, message}` of Atlassian's gateway in front of it.
 *
 * @example
 * errorTextOf('{"errorMessages":[],"errors":{"summary":"is required"}}').sentence; // "summary: is required"
 */
export function errorTextOf(body: string): JiraErrorText {
  const data = parsed(body);
  const messages = [...textsIn(data.errorMessages), ...textsIn([data.message, data.error_description])];
  const fields: [string, string][] = [];
  if (Array.isArray(data.errors)) {
    for (const error of data.errors) messages.push(...textsIn([titleOf(error)]));
  } else if (typeof data.errors === "object" && data.errors !== null) {
    for (const [field, problem] of Object.entries(data.errors).slice(0, MAX_SENTENCES)) {
      fields.push([field, short(typeof problem === "string" ? problem : JSON.stringify(problem))]);
    }
  }
  const sentences = [...messages, ...fields.map(([field, problem]) => `${field}: ${problem}`)];
  if (sentences.length === 0) return { sentence: "" };
  return {
    sentence: sentences.join("; "),
    details: {
      ...(messages.length > 0 && { messages }),
      ...(fields.length > 0 && { fields: Object.fromEntries(fields) }),
    },
  };
}

function parsed(body: string): Record<string, unknown> {
  try {
    const data: unknown = JSON.parse(body);
    return typeof data === "object" && data !== null ? (data as Record<string, unknown>) : {};
  } catch {
    // An HTML page of a proxy says nothing an agent could use.
    return {};
  }
}

function titleOf(error: unknown): unknown {
  if (typeof error !== "object" || error === null) return error;
  const { detail, title, message } = error as Record<string, unknown>;
  return detail ?? message ?? title;
}

function textsIn(values: unknown): string[] {
  if (!Array.isArray(values)) return [];
  const texts = values.filter((value): value is string => typeof value === "string" && value.trim() !== "");
  return texts.slice(0, MAX_SENTENCES).map(short);
}

function short(text: string): string {
  return text.length > MAX_CHARACTERS ? `${text.slice(0, MAX_CHARACTERS)}…` : text;
}
