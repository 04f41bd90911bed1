/** The configuration reference as Markdown: every key with its type, default and meaning, from the schemas that validate. */
import type { JsonSchema } from "../connector/json-schema.ts";
import { authenticationMethods } from "./authentication-document.ts";
import { closed, type Connectors } from "./check-server.ts";
import { schemaOf } from "./configuration-json-schema.ts";
import { gatewayDocument } from "./gateway-document.ts";
import { OLDER_AUTHENTICATION_FIELDS } from "./older-spellings.ts";
import { serverDocument } from "./server-document.ts";

/** @param connectors adds what each server type takes in `server_specific_config` */
export function configurationReference(connectors: Connectors = new Map()): string {
  return [
    "# Configuration reference",
    "",
    "Generated from the schemas that check the configuration; do not edit.",
    "",
    "The gateway reads `--config FILE`, else the file that `TOOLGRAPH_CONFIG` names, else `./toolgraph.yaml`, else the",
    "bundled demo. The file is YAML or JSON: an object with `servers` and perhaps `gateway`, or a bare list of servers.",
    "",
    "A secret reference names where a secret is kept: `env:NAME`, `file:/path`, `vault:path#field`, `aws-sm:id#field`,",
    "`azure-kv:name`, `gcp-sm:name`, or a bare key looked up in `gateway.secrets.default`. Inside `server_specific_config`",
    'a value may be written as `{ ref: "env:NAME" }`.',
    "",
    "## A server",
    "",
    ...table(schemaOf(serverDocument)),
    "",
    "## `authentication`",
    "",
    ...Object.entries(authenticationMethods).flatMap(([method, document]) => [
      `### \`${method}\``,
      "",
      ...table(schemaOf(document)),
      "",
    ]),
    "The older spelling `auth_details` has the same methods; its fields are",
    `${Object.entries(OLDER_AUTHENTICATION_FIELDS)
      .map(([older, present]) => `\`${older}\` (\`${present}\`)`)
      .join(", ")}.`,
    "",
    ...[...connectors.values()].flatMap((connector) => [
      `## \`server_specific_config\` of \`${connector.type}\``,
      "",
      `${connector.summary} Authentication: ${connector.authentication.map((method) => `\`${method}\``).join(", ")}.`,
      "",
      ...table(schemaOf(closed(connector.config))),
      "",
    ]),
    "## `gateway`",
    "",
    ...table(schemaOf(gatewayDocument)),
    "",
  ].join("\n");
}

function table(schema: JsonSchema): string[] {
  const rows = rowsOf(schema, "");
  if (rows.length === 0) return ["No keys."];
  return ["| key | type | default | meaning |", "|---|---|---|---|", ...rows];
}

function rowsOf(schema: JsonSchema, prefix: string): string[] {
  const required = new Set((schema.required ?? []) as string[]);
  return Object.entries((schema.properties ?? {}) as Record<string, JsonSchema>).flatMap(([name, field]) => {
    const key = `${prefix}${name}`;
    const row = `| \`${key}\` | ${typeOf(field)} | ${defaultOf(field, required.has(name))} | ${cell(field.description)} |`;
    if (field.properties) return [row, ...rowsOf(field, `${key}.`)];
    const items = (field.items ?? field.additionalProperties) as JsonSchema | undefined;
    if (typeof items === "object" && items.properties) {
      return [row, ...rowsOf(items, field.items ? `${key}[].` : `${key}.*.`)];
    }
    return [row];
  });
}

function typeOf(field: JsonSchema): string {
  return [...new Set(typesOf(field))].join(", ");
}

function typesOf(field: JsonSchema): string[] {
  if (Array.isArray(field.enum)) return field.enum.map((value) => `\`${String(value)}\``);
  if (field.const !== undefined) return [`\`${JSON.stringify(field.const)}\``];
  if (field.type === "array") return [`list of ${typeOf((field.items ?? {}) as JsonSchema)}`];
  if (field.type === "object") return ["mapping"];
  const forms = (field.anyOf ?? field.oneOf) as readonly JsonSchema[] | undefined;
  // The forms of `authentication` have tables of their own.
  if (forms) return forms.some(({ properties }) => properties) ? ["see below"] : forms.flatMap(typesOf);
  return [typeof field.type === "string" ? field.type : "any"];
}

function defaultOf(field: JsonSchema, isRequired: boolean): string {
  if (isRequired) return "required";
  const value = JSON.stringify(field.default);
  return value === undefined || value === "{}" || value === "[]" ? "" : `\`${value}\``;
}

function cell(text: unknown): string {
  return typeof text === "string" ? text.replaceAll("|", "\\|").replaceAll(/\s+/g, " ") : "";
}
