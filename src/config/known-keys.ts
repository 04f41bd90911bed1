/** Looks up which keys a schema knows at a path, to say what an unknown key was probably meant to be. */
import { z } from "zod";
import { isObject } from "../is-object.ts";

/** The keys of the object schema found at `path`; of a union, those of every option that `value` may be. */
export function knownKeys(schema: z.ZodType, value: unknown, path: readonly PropertyKey[]): string[] {
  return objectsAt(schema, value, path).flatMap((found) => Object.keys(found.shape));
}

function objectsAt(schema: z.ZodType, value: unknown, path: readonly PropertyKey[]): z.ZodObject[] {
  if (schema instanceof z.ZodUnion) {
    const options = schema.options as z.ZodType[];
    return options
      .filter(
        (option) => !(schema instanceof z.ZodDiscriminatedUnion) || isChosen(option, schema.def.discriminator, value),
      )
      .flatMap((option) => objectsAt(option, value, path));
  }
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodExactOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault
  ) {
    return objectsAt(schema.unwrap() as z.ZodType, value, path);
  }
  const [part, ...rest] = path;
  if (part === undefined) return schema instanceof z.ZodObject ? [schema] : [];
  const inner = schemaOfPart(schema, part);
  const innerValue =
    typeof value === "object" && value !== null ? (value as Record<PropertyKey, unknown>)[part] : undefined;
  return inner ? objectsAt(inner, innerValue, rest) : [];
}

function schemaOfPart(schema: z.ZodType, part: PropertyKey): z.ZodType | undefined {
  if (schema instanceof z.ZodObject) {
    const shape: Record<string, z.ZodType> = schema.shape;
    return typeof part === "string" && Object.hasOwn(shape, part) ? shape[part] : undefined;
  }
  if (schema instanceof z.ZodArray) return schema.element as z.ZodType;
  if (schema instanceof z.ZodRecord) return schema.valueType as z.ZodType;
  return undefined;
}

function isChosen(option: z.ZodType, discriminator: string, value: unknown): boolean {
  if (!(option instanceof z.ZodObject) || !isObject(value)) return true;
  const tag = (option.shape as Record<string, z.ZodType>)[discriminator];
  return tag === undefined || tag.safeParse(value[discriminator]).success;
}
