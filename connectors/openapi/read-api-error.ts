/** Reads what a server says of its failure where it stands in a list, which many APIs make of it. */
import { failureKindOf, type HttpResponse, type ServerFailure } from "../../src/index.ts";
import { listOf, own, ownText } from "./plain-data.ts";

/** The status decides what kind of failure it is; statuses with a rule of their own are left to it. */
export function readApiError(answer: HttpResponse): ServerFailure | undefined {
  const { status } = answer;
  if (status < 400 || status === 408 || status === 425 || !/^\s*\{/.test(answer.text)) return undefined;
  const said = sentence(answer.text);
  if (said === undefined) return undefined;
  return { kind: failureKindOf(status), message: `The server answered ${status}: ${said}.` };
}

function sentence(text: string): string | undefined {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return undefined;
  }
  // What stands in one of these places is read already, and better.
  if (["detail", "message", "error_description", "error", "title"].some((name) => own(body, name) !== undefined))
    return undefined;
  const [first] = [...listOf(own(body, "errors")), ...listOf(own(body, "errorMessages"))];
  const said =
    typeof first === "string"
      ? first
      : ["detail", "message", "title", "error", "description"].map((name) => ownText(first, name)).find(Boolean);
  return said?.slice(0, 300).replace(/[\s.]+$/, "") || undefined;
}
