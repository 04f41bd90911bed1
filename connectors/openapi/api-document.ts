/** One OpenAPI or Swagger document with look-ups that stay inside it: nothing is ever fetched. */
import { createHash } from "node:crypto";
import { isObject, own, type Json } from "./plain-data.ts";

export type ApiVersion = "2.0" | "3.0" | "3.1";

const MOST_HOPS = 50;

export class ApiDocument {
  readonly root: Json;
  readonly version: ApiVersion;
  readonly #keys = new Map<string, string>();
  readonly #pointers = new Map<string, string>();

  /** Throws `TypeError`, in words for an operator, when it is no such document. */
  constructor(root: unknown) {
    if (!isObject(root)) throw new TypeError("The document is not an object.");
    this.root = root;
    this.version = versionOf(root);
  }

  /** Where a `$ref` leads, `undefined` when that is nowhere or in another document. */
  resolve(reference: unknown): unknown {
    if (typeof reference !== "string") return undefined;
    const segments = segmentsOf(reference);
    let value: unknown = segments && this.root;
    for (const segment of segments ?? []) {
      if (Array.isArray(value)) value = /^\d{1,9}$/.test(segment) ? (value[Number(segment)] as unknown) : undefined;
      else value = own(value, segment);
    }
    return value;
  }

  /** An object, or what its chain of references leads to; `undefined` where that is none. */
  follow(value: unknown): Json | undefined {
    let current = value;
    for (let hops = 0; hops < MOST_HOPS; hops++) {
      if (!isObject(current)) return undefined;
      if (typeof own(current, "$ref") !== "string") return current;
      current = this.resolve(current.$ref);
    }
    return undefined;
  }

  /** The key that the target of a reference has among the definitions of a tool's schema: its own name where that is safe. */
  keyOf(reference: string): string {
    const pointer = (segmentsOf(reference) ?? []).join("\0");
    const known = this.#keys.get(pointer);
    if (known !== undefined) return known;
    const folder = this.version === "2.0" ? "definitions\0" : "components\0schemas\0";
    const name = pointer.startsWith(folder) ? pointer.slice(folder.length) : pointer;
    const safe = name.replaceAll(/[^A-Za-z0-9_.-]+/g, "_");
    const isPlain = safe === name && name !== "" && !name.startsWith("__") && name.length <= 100;
    let key = isPlain ? name : `${safe.slice(-100)}_${shortHash(pointer)}`;
    while (this.#pointers.has(key)) key += "_";
    this.#keys.set(pointer, key);
    this.#pointers.set(key, pointer);
    return key;
  }
}

/** Eight hexadecimal digits that depend on the text alone. */
export function shortHash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 8);
}

function versionOf(root: Json): ApiVersion {
  // YAML reads `swagger: 2.0` as a number.
  const [openapi, swagger] = ["openapi", "swagger"].map((name) => {
    const version = own(root, name);
    return typeof version === "string" || typeof version === "number" ? `${version}` : "";
  }) as [string, string];
  if (/^3\.0\b/.test(openapi)) return "3.0";
  if (/^3\.[1-9]/.test(openapi)) return "3.1";
  if (/^2(\.0)?$/.test(swagger)) return "2.0";
  throw new TypeError("The document does not say that it is OpenAPI 3.0, 3.1 or Swagger 2.0.");
}

/** RFC 6901 section 6: a JSON pointer as a URI fragment. */
function segmentsOf(reference: string): string[] | undefined {
  if (reference === "#") return [];
  if (!reference.startsWith("#/")) return undefined;
  return reference
    .slice(2)
    .split("/")
    .map((segment) => decoded(segment).replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** Many documents write names with `%` or other characters as they are. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
