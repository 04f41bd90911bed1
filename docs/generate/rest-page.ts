/** The page of the REST routes, from the OpenAPI document that the gateway itself serves. */
import type { JsonSchema } from "../../src/connector/json-schema.ts";
import { openApiDocument } from "../../src/http/rest/openapi.ts";
import { routes } from "../../src/http/rest/routes.ts";
import { NOTICE } from "./notice.ts";
import { schemaTable, typeText } from "./schema-table.ts";

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly description?: string;
  readonly schema: JsonSchema;
}

type Content = { readonly content?: { readonly "application/json"?: { readonly schema: JsonSchema } } };

interface Operation {
  readonly summary: string;
  readonly security?: readonly unknown[];
  readonly parameters: readonly Parameter[];
  readonly requestBody?: Content;
  readonly responses: Readonly<Record<string, Content & { readonly description: string }>>;
}

interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, JsonSchema>> };
}

export function restDocument(): Record<string, unknown> {
  return openApiDocument(routes);
}

export function restPage(): string {
  const { paths, components } = restDocument() as unknown as OpenApi;
  return [
    "# REST",
    "",
    NOTICE,
    "",
    "The same as [openapi.json](openapi.json), which a running gateway serves at `GET /api/v1/openapi.json`. Send a",
    "credential as `Authorization: Bearer <token>` or `X-API-Key: <key>`. Every answer has the header `X-Request-ID`.",
    "Failures have the form [ChatFailure](#chatfailure); the codes are in [errors.md](errors.md).",
    "",
    ...Object.entries(paths).flatMap(([path, operations]) =>
      Object.entries(operations).flatMap(([method, operation]) => operationPart(method, path, operation)),
    ),
    "## Shapes",
    "",
    ...Object.entries(components.schemas).flatMap(([name, schema]) => [
      `### ${name}`,
      "",
      ...(typeof schema.description === "string" ? [schema.description, ""] : []),
      ...schemaTable(schema),
      "",
    ]),
  ].join("\n");
}

function operationPart(method: string, path: string, operation: Operation): string[] {
  const body = schemaIn(operation.requestBody);
  return [
    `## ${method.toUpperCase()} ${path}`,
    "",
    `${operation.summary}${operation.security?.length === 0 ? " Needs no credential." : ""}`,
    "",
    ...parametersPart(operation.parameters),
    ...(body ? [`Body: ${textOr(body.description, typeText(body))}`, ""] : []),
    ...Object.entries(operation.responses).map(([status, response]) => {
      const schema = schemaIn(response);
      return `- ${status}: ${response.description}${schema ? ` ${typeText(schema)}` : ""}`;
    }),
    "",
  ];
}

function parametersPart(parameters: readonly Parameter[]): string[] {
  if (parameters.length === 0) return [];
  return [
    "| parameter | in | type | | meaning |",
    "|---|---|---|---|---|",
    ...parameters.map(({ name, in: place, schema, description }) => {
      const meaning = textOr(description ?? schema.description, "");
      const initial = schema.default === undefined ? "" : `default \`${JSON.stringify(schema.default)}\``;
      return `| \`${name}\` | ${place} | ${typeText(schema)} | ${initial} | ${meaning} |`;
    }),
    "",
  ];
}

function schemaIn(holder: Content | undefined): JsonSchema | undefined {
  return holder?.content?.["application/json"]?.schema;
}

function textOr(value: unknown, otherwise: string): string {
  return typeof value === "string" ? value : otherwise;
}
