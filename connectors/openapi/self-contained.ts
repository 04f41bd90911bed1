/** Makes a tool's schema whole: everything it refers to stands in its own `$defs`. */
import type { JsonSchema } from "../../src/index.ts";
import type { Part, SchemaConverter } from "./schema-converter.ts";

/**
 * A schema that would hold more is described down to these, nearest first; what is further down is left open. Of 94,466
 * operations of public documents 67 inputs and 961 outputs go beyond: APIs whose every object leads to all others, and
 * whose tools would else be a megabyte each in a list of tools.
 */
const MOST_DEFINITIONS = { input: 400, output: 60 } as const;

export interface Whole {
  readonly schema: JsonSchema;
  readonly notes: readonly string[];
}

export function selfContained(root: Part, converter: SchemaConverter): Whole {
  const definitions = new Map<string, Part["schema"]>();
  const most = MOST_DEFINITIONS[converter.side];
  const notes = new Set(root.notes);
  // Sorted, so that the same ones are kept in whatever order the document names them.
  const waiting = [...root.references].sort(byKey);
  const known = new Set(root.references.keys());
  for (const [key, reference] of waiting) {
    if (definitions.size >= most) {
      definitions.set(key, {});
      continue;
    }
    const part = converter.definition(key, reference);
    definitions.set(key, part.schema);
    for (const note of part.notes) notes.add(note);
    for (const [further, to] of [...part.references].sort(byKey)) {
      if (known.has(further)) continue;
      known.add(further);
      waiting.push([further, to]);
    }
  }
  if (waiting.length > most) notes.add(`what lies beyond ${most} definitions was left open`);
  const schema = typeof root.schema === "boolean" ? {} : root.schema;
  if (definitions.size === 0) return { schema, notes: [...notes] };
  return { schema: { ...schema, $defs: Object.fromEntries(definitions) }, notes: [...notes] };
}

const byKey = ([a]: readonly [string, string], [b]: readonly [string, string]): number => (a < b ? -1 : 1);
