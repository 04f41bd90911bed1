/** A Slack that answers with the examples of Slack's own reference and holds every request against its arguments. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { sharedFolder } from "../../support/shared-data.ts";
import { startUpstream, type ReceivedRequest, type Upstream } from "../../support/upstream.ts";

interface Argument {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly maximum?: number;
}

export interface MethodReference {
  readonly http_method: string;
  readonly args: { readonly required: readonly string[]; readonly properties: Readonly<Record<string, Argument>> };
  readonly errors: Readonly<Record<string, { readonly desc: string }>>;
  readonly examples: Readonly<Record<string, { readonly example: Record<string, unknown> }>>;
}

const shared = sharedFolder();
export const referenceFolder =
  shared === undefined ? undefined : join(shared, "contracts", "slack", "slack-api-ref-2026-08");

/** What Slack's reference says of one method. */
export function referenceOf(method: string): MethodReference | undefined {
  if (referenceFolder === undefined || !/^[a-zA-Z0-9.]+$/.test(method)) return undefined;
  const file = `${method}.json`;
  if (!readdirSync(referenceFolder).includes(file)) return undefined;
  return JSON.parse(readFileSync(join(referenceFolder, file), "utf8")) as MethodReference;
}

const PEOPLE: Readonly<Record<string, string>> = {
  U123ABC456: "spengler",
  U222BBB222: "glinda",
  U061F7AUR: "spengler",
};

export interface DocumentedSlack extends Upstream {
  /** Where a request did not fit the reference. Empty when all is well. */
  readonly violations: string[];
  /** Methods called, in order. */
  called(): string[];
  /** Arguments of the calls of one method. */
  formsOf(method: string): Record<string, string>[];
}

/**
 * @example
 * await using upstream = await startDocumentedSlack();
 * await using server = await openServer(slack, { baseUrl: upstream.url });
 */
export async function startDocumentedSlack(): Promise<DocumentedSlack> {
  const violations: string[] = [];
  const upstream = await startUpstream((request) => {
    const method = request.path.slice(1);
    const reference = referenceOf(method);
    if (!reference) {
      violations.push(`${method} is not in the reference`);
      return { json: { ok: false, error: "unknown_method" } };
    }
    violations.push(...violationsOf(method, reference, request));
    return { json: answerOf(method, reference, new URLSearchParams(request.body)) };
  });
  return {
    ...upstream,
    violations,
    called: () => upstream.requests.map((request) => request.path.slice(1)),
    formsOf: (method) =>
      upstream.requests
        .filter((request) => request.path === `/${method}`)
        .map((request) => Object.fromEntries(new URLSearchParams(request.body))),
  };
}

function violationsOf(method: string, reference: MethodReference, request: ReceivedRequest): string[] {
  const form = new URLSearchParams(request.body);
  const found: string[] = [];
  const expect = (holds: boolean, problem: string) => {
    if (!holds) found.push(`${method}: ${problem}`);
  };
  expect(request.method === "POST", "is not a POST, which every method takes");
  expect(request.headers["content-type"] === "application/x-www-form-urlencoded", "is not form-encoded");
  expect(/^Bearer xox[bp]-/.test(request.headers.authorization ?? ""), "has no token in the Authorization header");
  expect(request.query.size === 0, "has query parameters");
  for (const name of reference.args.required) {
    expect(name === "token" || form.has(name), `misses ${name}`);
  }
  for (const [name, value] of form) {
    const argument = reference.args.properties[name];
    expect(argument !== undefined, `has an undocumented argument ${name}`);
    expect(form.getAll(name).length === 1, `repeats ${name}`);
    if (argument?.type === "integer" || argument?.type === "number")
      expect(/^\d+$/.test(value), `${name} is no number`);
    if (argument?.type === "boolean") expect(/^(true|false)$/.test(value), `${name} is no boolean`);
    if (argument?.enum) expect(argument.enum.includes(value), `${name} is none of ${argument.enum.join(", ")}`);
    if (argument?.maximum !== undefined) expect(Number(value) <= argument.maximum, `${name} is too large`);
  }
  return found;
}

/** The reference's example, with as much life as paging and names need. */
function answerOf(method: string, reference: MethodReference, form: URLSearchParams): unknown {
  const answer = structuredClone(reference.examples.success!.example);
  const name = PEOPLE[form.get("user") ?? ""];
  if (method === "users.info" && name !== undefined) {
    return { ok: true, user: { id: form.get("user"), name, profile: { display_name: name } } };
  }
  for (const list of ["messages", "channels", "members"]) {
    const items = answer[list];
    if (!Array.isArray(items)) continue;
    answer[list] = form.has("cursor") ? [] : items.slice(0, Number(form.get("limit") ?? 100));
    if (form.has("cursor")) answer.response_metadata = { next_cursor: "" };
  }
  return answer;
}
