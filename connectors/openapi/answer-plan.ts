/** Reads what an operation answers when it succeeds: the form of its JSON, and what to ask the server for. */
import type { ApiDocument } from "./api-document.ts";
import { kindOf } from "./body-plan.ts";
import type { Operation } from "./operations.ts";
import { oldMediaTypes } from "./parameter-plan.ts";
import { entriesOf, own } from "./plain-data.ts";

export interface AnswerPlan {
  /** Schemas of the successful JSON answers; none: the answer's form is not known. */
  readonly schemas: readonly unknown[];
  /** `Accept` of the request. */
  readonly accept: string;
}

export function answerPlan(document: ApiDocument, operation: Operation): AnswerPlan {
  if (operation.method === "HEAD") return { schemas: [], accept: "*/*" };
  const media = successes(document, operation).flatMap((response) =>
    mediaOf(document, operation, response).sort((a, b) => (a.type < b.type ? -1 : 1)),
  );
  const json = media.filter(({ type, schema }) => kindOf(type).kind === "json" && isSchema(schema));
  const types = [...new Set((json.length > 0 ? json : media).map(({ type }) => type))].filter((type) =>
    /^[\w.+*/-]+$/.test(type),
  );
  // Whatever else the server has is better than a refusal.
  const accept = [
    ...types.slice(0, 5).filter((type) => type !== "*/*"),
    types.length === 0 ? "application/json" : "",
    "*/*;q=0.5",
  ];
  return { schemas: json.map(({ schema }) => schema), accept: accept.filter(Boolean).join(", ") };
}

/** Answers with a 2xx status; where none is described, the answer for every status that is not. */
function successes(document: ApiDocument, operation: Operation): unknown[] {
  const responses = entriesOf(own(operation.node, "responses"));
  const good = responses.filter(([status]) => /^2(\d\d|XX)$/i.test(status)).sort(([a], [b]) => (a < b ? -1 : 1));
  const chosen = good.length > 0 ? good : responses.filter(([status]) => status === "default");
  return chosen.map(([, response]) => document.follow(response));
}

function mediaOf(document: ApiDocument, operation: Operation, response: unknown): { type: string; schema: unknown }[] {
  if (document.version !== "2.0") {
    return entriesOf(own(response, "content")).map(([type, media]) => ({ type, schema: own(media, "schema") }));
  }
  const produces = oldMediaTypes(document, operation, "produces");
  const types = produces.length > 0 ? produces : ["application/json"];
  return types.map((type) => ({ type, schema: own(response, "schema") }));
}

/** A JSON media type with an empty schema says nothing that a caller could use. */
function isSchema(schema: unknown): boolean {
  return entriesOf(schema).some(([name]) => name !== "description" && name !== "title");
}
