/** Path, query and body of an outgoing request, built so that no value can change where it goes. */
import type { HttpRequestOptions, QueryValue } from "../connector/http-client.ts";
import { CatalogueError } from "../errors/catalogue-error.ts";

/** Segments that servers read as "here" and "up", also percent-encoded. */
const CLIMBING = /(^|\/)(\.|%2e){1,2}(\/|$)/i;
/** Nothing but the characters of an address: what is no ASCII has to come percent-encoded. */
const ADDRESS = /^\/(?!\/)[!-"$-[\]-~]*$/;

/** Joins the base path, a path and query parameters. An absolute URL or a climbing path is a defect of the connector. */
export function pathOf(
  basePath: string,
  path: string,
  query?: Readonly<Record<string, QueryValue>>,
  credential?: Readonly<Record<string, string>>,
): string {
  if (!ADDRESS.test(path) || CLIMBING.test(path.split("?", 1)[0]!)) {
    throw new CatalogueError("DATA_TRANSFORMATION_ERROR", "An argument cannot be used in the server's address.", {
      status: 400,
      acted: "no",
      suggestion: "Use a plain id without slashes or dots in its place.",
    });
  }
  const joined = `${basePath}${path}`;
  if (query === undefined && credential === undefined) return joined;
  const search = new URLSearchParams();
  for (const source of [query, credential]) {
    for (const [name, value] of Object.entries(source ?? {})) {
      if (value === undefined || value === null) continue;
      for (const item of Array.isArray(value) ? value : [value]) search.append(name, String(item));
    }
  }
  const text = search.toString();
  return text === "" ? joined : `${joined}${joined.includes("?") ? "&" : "?"}${text}`;
}

/** The body and its media type. */
export function bodyOf(options: HttpRequestOptions): { body?: string | Uint8Array; contentType?: string } {
  if (options.json !== undefined) return { body: JSON.stringify(options.json), contentType: "application/json" };
  if (options.form !== undefined) {
    const form = new URLSearchParams();
    for (const [name, value] of Object.entries(options.form)) {
      if (value === undefined || value === null) continue;
      form.append(name, typeof value === "string" ? value : JSON.stringify(value));
    }
    return { body: form.toString(), contentType: "application/x-www-form-urlencoded" };
  }
  return options.body === undefined ? {} : { body: options.body };
}
