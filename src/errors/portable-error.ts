/** A catalogue error as text, for another process: what was learnt at one replica can be told to callers of the others. */
import { z } from "zod";
import { catalogue, type ErrorCode } from "./catalogue.ts";
import { CatalogueError } from "./catalogue-error.ts";

const isCode = (code: string): code is ErrorCode => Object.hasOwn(catalogue, code);

const Portable = z.object({
  code: z.string().refine(isCode),
  message: z.string(),
  details: z.unknown().optional(),
  retryable: z.boolean(),
  retryAfterMs: z.number().optional(),
  suggestion: z.string(),
  serverStatusCode: z.number().optional(),
  serverErrorDetails: z.unknown().optional(),
  status: z.number(),
  acted: z.enum(["no", "yes", "unknown"]),
});

/** Without its cause, which is for the log of the process it happened in. */
export function textOfError(error: CatalogueError): string {
  const { code, message, details, retryAfterMs, suggestion, serverStatusCode, serverErrorDetails, status, acted } =
    error;
  return JSON.stringify({
    code,
    message,
    details,
    retryable: error.isRetryable(),
    retryAfterMs,
    suggestion,
    serverStatusCode,
    serverErrorDetails,
    status,
    acted,
  });
}

/** `undefined` for a text that is none: replicas may be of different versions. */
export function errorOfText(text: string): CatalogueError | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return undefined;
  }
  const portable = Portable.safeParse(parsed);
  if (!portable.success) return undefined;
  const { code, message, retryAfterMs, serverStatusCode, ...rest } = portable.data;
  return new CatalogueError(code, message, {
    ...rest,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...(serverStatusCode !== undefined && { serverStatusCode }),
  });
}
