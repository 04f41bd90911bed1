/** `POST /api/v1/auth/token`: the client-credentials grant for service accounts (RFC 6749 section 4.4). */
import { OAuthError } from "../../auth/oauth-error.ts";
import { CatalogueError } from "../../errors/catalogue-error.ts";
import type { Gateway } from "../../gateway.ts";
import type { DoorRequest, DoorResponse } from "../door-request.ts";
import { parseJson } from "../parse-json.ts";
import { jsonAnswer } from "./answers.ts";

const FORM_LIMIT_BYTES = 16 * 1024;

/** Takes the form of the RFC, or the same fields as JSON. Answers errors in OAuth's own shape, as clients of it expect. */
export async function issueToken(gateway: Gateway, request: DoorRequest, requestId: string): Promise<DoorResponse> {
  const body = await request.body(FORM_LIMIT_BYTES);
  const isJson = request.header("content-type")?.includes("json") === true;
  const form = new URLSearchParams(isJson ? fieldsOf(parseJson(body)) : Buffer.from(body).toString("utf8"));
  try {
    const token = await gateway
      .generation()
      .authenticator.issueToken({ form, authorization: request.header("authorization") });
    // RFC 6749 section 5.1: tokens are not to be cached on the way.
    return jsonAnswer(200, token, requestId, { "cache-control": "no-store", pragma: "no-cache" });
  } catch (error) {
    if (error instanceof OAuthError) return jsonAnswer(error.status, error.body, requestId, error.headers);
    throw error;
  }
}

function fieldsOf(value: unknown): Record<string, string> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new CatalogueError(
      "VALIDATION_ERROR",
      "The body must be an object with grant_type, client_id and client_secret.",
      {
        acted: "no",
      },
    );
  }
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
}
