/** Looks up which keys a schema knows at a path, to say what an unknown key was probably meant to be. */
import { z } from "zod";

/** The keys of the object schema found at `path`; of a union, those of every option. */
export function knownKeys(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  return objectsAt(schema, path).flatMap((found) => Object.keys(found.shape));
}

function objectsAt(schema: z.ZodType, path: readonly PropertyKey[]): z.ZodObject[] {
  if (schema instanceof z.ZodUnion) {
    return (schema.options as z.ZodType[]).flatMap((option) => objectsAt(option, path));
  }
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodExactOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault
  ) {
    return objectsAt(schema.unwrap() as z.ZodType, path);
  }
  const [part, ...rest] = path;
  if (schema instanceof z.ZodObject) {
    if (part === undefined) return [schema];
    const shape: Record<string, z.ZodType> = schema.shape;
    const field = typeof part === "string" && Object.hasOwn(shape, part) ? shape[part] : undefined;
    return field ? objectsAt(field, rest) : [];
  }
  if (part === undefined) return [];
  if (schema instanceof z.ZodArray) return objectsAt(schema.element as z.ZodType, rest);
  if (schema instanceof z.ZodRecord) return objectsAt(schema.valueType as z.ZodType, rest);
  return [];
}
