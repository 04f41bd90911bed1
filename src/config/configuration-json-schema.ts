/** The JSON Schema of the configuration file, for editors: derived from the schemas that validate. */
import { z } from "zod";
import type { Connector } from "../connector/connector.ts";
import type { JsonSchema } from "../connector/json-schema.ts";
import { authenticationMethods } from "./authentication-document.ts";
import { closed, SERVER_TYPES, type Connectors } from "./check-server.ts";
import { gatewayDocument } from "./gateway-document.ts";
import { isObject } from "../is-object.ts";
import { OLDER_AUTHENTICATION_FIELDS } from "./older-spellings.ts";
import { serverDocument } from "./server-document.ts";

/**
 * Draft 2020-12. `server_specific_config` is described for each type that has a connector.
 *
 * @example
 * configurationJsonSchema(connectors); // { $schema: "https://json-schema.org/draft/2020-12/schema", … }
 */
export function configurationJsonSchema(connectors: Connectors): JsonSchema {
  const servers = { type: "array", items: { $ref: "#/$defs/server" }, description: "The servers behind the gateway." };
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "Toolgraph configuration",
    anyOf: [
      {
        type: "object",
        properties: {
          $schema: { type: "string", description: "This schema, for editors." },
          servers,
          gateway: { $ref: "#/$defs/gateway" },
        },
        required: ["servers"],
        additionalProperties: false,
      },
      servers,
    ],
    $defs: { server: serverSchema(connectors), gateway: schemaOf(gatewayDocument) },
  };
}

/** The JSON Schema of one zod schema as it is written (defaults not yet filled in), without its own `$schema`. */
export function schemaOf(schema: z.ZodType): Record<string, unknown> {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  return rest;
}

/** A server's schema with the older spellings, and with each connector's own part where its type is named. */
function serverSchema(connectors: Connectors): JsonSchema {
  const base = schemaOf(serverDocument);
  const properties = base.properties as Record<string, JsonSchema>;
  const types = [...new Set([...SERVER_TYPES, ...connectors.keys()])];
  return {
    ...base,
    properties: {
      ...properties,
      type: { ...properties.type, enum: types },
      enabled: { type: "boolean", deprecated: true, description: "Older spelling of isEnabled." },
      auth_details: {
        oneOf: Object.values(authenticationMethods).map((method) => olderSpelling(schemaOf(method))),
        deprecated: true,
        description: "Older spelling of authentication.",
      },
    },
    allOf: [...connectors.values()].map((connector) => ({
      if: { properties: { type: { const: connector.type } }, required: ["type"] },
      // oxlint-disable-next-line unicorn/no-thenable -- `then` is a keyword of JSON Schema
      then: {
        properties: {
          server_specific_config: configSchema(connector),
          authentication: { properties: { method: { enum: connector.authentication } } },
        },
      },
    })),
  };
}

/** A connector's own schema; wherever it takes text, a `{ ref }` to a secret may stand as well. */
function configSchema(connector: Connector): JsonSchema {
  const schema = orReference(schemaOf(closed(connector.config))) as JsonSchema;
  // Local references of an embedded schema are read against its own root only when it has an id.
  return schema.$defs === undefined ? schema : { $id: `urn:toolgraph:config:${connector.type}`, ...schema };
}

function orReference(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(orReference);
  if (!isObject(schema)) return schema;
  // A text of a set form cannot be checked before its secret is known, so it takes no reference.
  if (
    schema.type === "string" &&
    schema.format === undefined &&
    schema.pattern === undefined &&
    schema.enum === undefined
  )
    return { anyOf: [schema, REFERENCE], description: schema.description };
  return Object.fromEntries(
    // Names of properties are text and nothing else; defaults and the like are data, not schemas.
    Object.entries(schema).map(([key, part]) => [key, DATA_KEYWORDS.has(key) ? part : orReference(part)]),
  );
}

const DATA_KEYWORDS = new Set(["propertyNames", "default", "const", "enum", "examples"]);
const REFERENCE = {
  type: "object",
  properties: { ref: { type: "string", description: "Secret reference, for example env:NAME." } },
  required: ["ref"],
  additionalProperties: false,
};

const OLDER_NAMES = new Map(Object.entries(OLDER_AUTHENTICATION_FIELDS).map(([older, present]) => [present, older]));

function olderSpelling(schema: Record<string, unknown>): JsonSchema {
  const older = (name: string) => OLDER_NAMES.get(name) ?? name;
  return {
    ...schema,
    properties: Object.fromEntries(
      Object.entries(schema.properties as Record<string, unknown>).map(([name, field]) => [older(name), field]),
    ),
    required: (schema.required as string[]).map(older),
  };
}
