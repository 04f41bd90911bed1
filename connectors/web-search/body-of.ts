/** Reads an answer's body for its error, when it has the form that the provider's errors have. */
import type { HttpResponse, z } from "../../src/index.ts";

/** The body, or `undefined` when it is no JSON or of another form. Never throws. */
export function bodyOf<S extends z.ZodType>(answer: HttpResponse, schema: S): z.output<S> | undefined {
  try {
    return schema.safeParse(JSON.parse(answer.text)).data;
  } catch {
    return undefined;
  }
}
