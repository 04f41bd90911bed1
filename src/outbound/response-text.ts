/** The text of an answer's body, whatever content coding and character set the server chose. */
import { promisify } from "node:util";
import { brotliDecompress, gunzip, inflate, zstdDecompress } from "node:zlib";

import { CatalogueError } from "../errors/catalogue-error.ts";
import type { RawAnswer } from "./exchange.ts";

/** A request without `Accept-Encoding` leaves the choice of a coding to the server (RFC 9110 section 12.5.3). */
const DECODERS = new Map<string, (body: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>>([
  ["gzip", promisify(gunzip)],
  ["x-gzip", promisify(gunzip)],
  ["deflate", promisify(inflate)],
  ["br", promisify(brotliDecompress)],
  ["zstd", promisify(zstdDecompress)],
]);

/** `DATA_TRANSFORMATION_ERROR` (502) for an answer over its limit. */
export function tooLong(maxBytes: number, status: number): CatalogueError {
  return new CatalogueError("DATA_TRANSFORMATION_ERROR", `The server's answer is over ${maxBytes} bytes.`, {
    details: { limit_bytes: maxBytes },
    serverStatusCode: status,
    suggestion: "Ask for less: fewer items, fewer fields, or a smaller page.",
  });
}

/** Decodes to at most `maxBytes`; beyond that, or when the coding is not what it claims, `DATA_TRANSFORMATION_ERROR`. */
export function textOf(
  body: Buffer,
  { headers, statusCode }: Pick<RawAnswer, "headers" | "statusCode">,
  maxBytes: number,
): string | Promise<string> {
  const charset = charsetOf(headers["content-type"]);
  const coding = headers["content-encoding"];
  if (coding === undefined || coding === "identity" || body.length === 0) return inCharset(body, charset);
  return decode(body, coding.toLowerCase(), maxBytes, statusCode).then((plain) => inCharset(plain, charset));
}

/** The character set that a media type names, unless it is UTF-8, which nearly everybody uses. */
function charsetOf(type: string | string[] | undefined): string | undefined {
  if (typeof type !== "string" || !type.includes("charset=")) return undefined;
  const charset = /charset="?([\w-]+)/.exec(type)?.[1]?.toLowerCase();
  return charset === "utf-8" || charset === "utf8" ? undefined : charset;
}

function inCharset(body: Buffer, charset: string | undefined): string {
  if (charset !== undefined) {
    try {
      return new TextDecoder(charset).decode(body);
    } catch {
      // A character set that nobody knows is read as UTF-8.
    }
  }
  const text = body.toString("utf8");
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

async function decode(body: Buffer, coding: string, maxBytes: number, status: number): Promise<Buffer> {
  const decoder = DECODERS.get(coding);
  try {
    if (!decoder) throw new RangeError(`unknown content coding ${coding}`);
    return await decoder(body, { maxOutputLength: maxBytes });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE") throw tooLong(maxBytes, status);
    throw new CatalogueError("DATA_TRANSFORMATION_ERROR", "The server's answer is not in the coding that it claims.", {
      serverStatusCode: status,
      cause,
    });
  }
}
