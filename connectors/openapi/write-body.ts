/** Writes a request's body in its media type: JSON, a form, parts, text or bytes. */
import { CatalogueError, type HttpRequestOptions } from "../../src/index.ts";
import type { BodyPlan } from "./body-plan.ts";
import { isObject, own } from "./plain-data.ts";
import { queryPairs } from "./write-parameter.ts";

type WrittenBody = Pick<HttpRequestOptions, "body"> & { readonly contentType?: string };

/** `binary` are the fields that hold base64 instead of their bytes. Throws `DATA_TRANSFORMATION_ERROR`. */
export async function writeBody(plan: BodyPlan, value: unknown, binary: ReadonlySet<string>): Promise<WrittenBody> {
  switch (plan.kind) {
    case "form":
      return { body: formText(plan, value), contentType: plan.mediaType };
    case "multipart":
      return multipart(plan, value, binary);
    case "text":
      return { body: String(value), contentType: plan.mediaType };
    case "binary":
      return { body: bytesOf(value, "body"), contentType: plan.mediaType };
    default:
      return { body: JSON.stringify(value), contentType: plan.mediaType };
  }
}

/** Lists repeat their name and objects are JSON, unless the document says otherwise. */
function formText(plan: BodyPlan, value: unknown): string {
  const fields = isObject(value) ? Object.entries(value) : [];
  const pairs = fields.flatMap(([name, field]) => {
    const style = plan.fields.get(name) ?? { style: "form", explode: !isObject(field) };
    const isNested = plan.fields.get(name) === undefined && isObject(field);
    return queryPairs({ name, ...style, allowReserved: false, isJson: isNested }, field);
  });
  return pairs.join("&").replaceAll("%20", "+");
}

async function multipart(plan: BodyPlan, value: unknown, binary: ReadonlySet<string>): Promise<WrittenBody> {
  const form = new FormData();
  for (const [name, field] of isObject(value) ? Object.entries(value) : []) {
    for (const item of Array.isArray(field) ? (field as unknown[]) : [field]) {
      const type = plan.parts.get(name);
      if (binary.has(name)) {
        form.append(name, new Blob([bytesOf(item, name)], { type: type ?? "application/octet-stream" }), name);
      } else if (typeof item === "object" && item !== null) {
        form.append(name, new Blob([JSON.stringify(item)], { type: type ?? "application/json" }));
      } else form.append(name, String(item));
    }
  }
  const whole = new Response(form);
  return { body: new Uint8Array(await whole.arrayBuffer()), contentType: whole.headers.get("content-type")! };
}

function bytesOf(value: unknown, name: string): Uint8Array<ArrayBuffer> {
  const text = String(value);
  if (/^[A-Za-z0-9+/_-]*={0,2}$/.test(text.replaceAll(/\s/g, ""))) return Uint8Array.from(Buffer.from(text, "base64"));
  throw new CatalogueError("DATA_TRANSFORMATION_ERROR", `'${name.slice(0, 80)}' is not base64.`, {
    status: 400,
    acted: "no",
    suggestion: "Encode the file's bytes in base64.",
  });
}

/** The fields of a converted body schema that hold base64 instead of their bytes. */
export function binaryFields(schema: unknown): ReadonlySet<string> {
  const properties = own(schema, "properties");
  const isBytes = (field: unknown): boolean =>
    own(field, "contentEncoding") === "base64" && own(field, "format") !== "byte";
  return new Set(
    (isObject(properties) ? Object.entries(properties) : [])
      .filter(([, field]) => isBytes(field) || isBytes(own(field, "items")))
      .map(([name]) => name),
  );
}
