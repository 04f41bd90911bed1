/** Reads the body of a tool call: what it may hold is told once, by its schema; the usual form is taken without asking it. */
import type { z } from "zod";
import { validationError } from "../../errors/validation-error.ts";
import { isObject } from "../../is-object.ts";
import { zodProblems } from "../../validation/zod-problems.ts";
import { ChatRequestBody } from "./rest-schemas.ts";

export type Chat = z.output<typeof ChatRequestBody>;
/** With its server known, wherever it was named. */
export type ChatCall = Chat & { readonly server_id: string };

/** `VALIDATION_ERROR` with every fault found. */
export function readChat(body: unknown): Chat {
  const plain = plainChat(body);
  if (plain) return plain;
  const parsed = ChatRequestBody.safeParse(body);
  if (parsed.success) return parsed.data;
  throw validationError("The request", zodProblems(parsed.error));
}

/** Server, tool and input, and nothing else: what most calls are. */
function plainChat(body: unknown): Chat | undefined {
  if (!isObject(body)) return undefined;
  const { server_id, tool_name, tool_input } = body;
  for (const key in body) {
    if (key !== "server_id" && key !== "tool_name" && key !== "tool_input") return undefined;
  }
  if (!isText(server_id, 64) || !isText(tool_name, 256)) return undefined;
  // The schema leaves a key of this name out of its copy.
  if (!isObject(tool_input) || Object.hasOwn(tool_input, "__proto__")) return undefined;
  return { server_id, tool_name, tool_input, include_original_request: false };
}

function isText(value: unknown, most: number): value is string {
  return typeof value === "string" && value.length > 0 && value.length <= most;
}
