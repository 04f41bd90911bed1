/** Brings one tool definition of a server into the form the protocol asks for, so that a bad one never hides the others. */

export type Json = Record<string, unknown>;

export interface RepairedTool {
  /** Absent when nothing usable was left. */
  readonly tool?: Json & { readonly name: string };
  /** What was wrong, for an operator. */
  readonly notes: readonly string[];
}

const HINTS = ["readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint"] as const;

/**
 * Keeps what is well-formed and says what was left out. The JSON Schemas stay as sent, except for their root.
 *
 * @example
 * repairTool({ name: "t", inputSchema: { properties: {} } }, false);
 * // { tool: { name: "t", inputSchema: { properties: {}, type: "object" } }, notes: ["input schema: …"] }
 */
export function repairTool(raw: unknown, isModern: boolean): RepairedTool {
  if (!isObject(raw) || typeof raw.name !== "string" || raw.name === "") return { notes: ["it has no name"] };
  const notes: string[] = [];
  const tool: Json & { name: string } = {
    name: raw.name,
    inputSchema: objectSchema(raw.inputSchema, notes),
  };
  for (const key of ["title", "description"] as const) {
    if (typeof raw[key] === "string") tool[key] = raw[key];
    else if (raw[key] !== undefined && raw[key] !== null) notes.push(`${key} is not a text and was left out`);
  }
  const output = raw.outputSchema;
  if (isObject(output) && (isModern || output.type === "object") && hasSoundRoot(output)) tool.outputSchema = output;
  else if (output !== undefined && output !== null) {
    notes.push("output schema is not an object schema and was left out; results come untyped");
  }
  if (isObject(raw.annotations)) tool.annotations = annotationsOf(raw.annotations, notes);
  else if (raw.annotations !== undefined && raw.annotations !== null) notes.push("annotations were left out");
  if (isObject(raw._meta)) tool._meta = raw._meta;
  if (isObject(raw.execution) && raw.execution.taskSupport === "required") {
    notes.push("the tool runs only as a task, which the gateway does not offer: calls will fail");
  }
  return { tool, notes };
}

function objectSchema(schema: unknown, notes: string[]): Json {
  if (!isObject(schema)) {
    notes.push("input schema is missing: input is passed on unchecked");
    return { type: "object" };
  }
  const repaired = { ...schema };
  if (schema.type !== "object") {
    const fits = schema.type === undefined || (Array.isArray(schema.type) && schema.type.includes("object"));
    if (!fits) {
      notes.push("input schema is not of type object: input is passed on unchecked");
      return { type: "object" };
    }
    notes.push("input schema did not say that it is of type object");
    repaired.type = "object";
  }
  if (schema.properties !== undefined && !isObject(schema.properties)) {
    notes.push("input schema: properties were left out, they are not an object");
    delete repaired.properties;
  }
  if (schema.required !== undefined && !isTextList(schema.required)) {
    notes.push("input schema: required was left out, it is not a list of names");
    delete repaired.required;
  }
  if (schema.$schema !== undefined && typeof schema.$schema !== "string") delete repaired.$schema;
  return repaired;
}

function hasSoundRoot(schema: Json): boolean {
  return (
    (schema.properties === undefined || isObject(schema.properties)) &&
    (schema.required === undefined || isTextList(schema.required)) &&
    (schema.$schema === undefined || typeof schema.$schema === "string")
  );
}

function annotationsOf(annotations: Json, notes: string[]): Json {
  const kept: Json = { ...annotations };
  for (const key of Object.keys(annotations)) {
    const isHint = (HINTS as readonly string[]).includes(key);
    if ((isHint && typeof kept[key] !== "boolean") || (key === "title" && typeof kept[key] !== "string")) {
      notes.push(`annotation ${key} was left out`);
      delete kept[key];
    }
  }
  return kept;
}

export function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isTextList(value: unknown): boolean {
  return Array.isArray(value) && value.every((each) => typeof each === "string");
}
