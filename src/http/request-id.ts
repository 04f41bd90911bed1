/** `X-Request-ID`: taken over when it is fit for headers and logs, else made. */
import { randomUUID } from "node:crypto";

/** Visible ASCII, so that it can be sent upstream and printed as it is. */
const ACCEPTABLE = /^[\x21-\x7e]{1,128}$/;

export function requestIdOf(header: string | undefined): string {
  return header !== undefined && ACCEPTABLE.test(header) ? header : randomUUID();
}
