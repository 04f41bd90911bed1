/** The OpenAPI 3.1 document of the REST door, generated from the routes and the schemas that validate them. */
import { z } from "zod";
import { catalogue } from "../../errors/catalogue.ts";
import { VERSION } from "../../version.ts";
import type { Route } from "./routes.ts";

/** Built once: routes do not change at run time. */
let document: Record<string, unknown> | undefined;

export function openApiDocument(routes: readonly Route[]): Record<string, unknown> {
  return (document ??= build(routes));
}

function build(routes: readonly Route[]): Record<string, unknown> {
  const schemas: Record<string, unknown> = {};
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) {
    (paths[route.path] ??= {})[route.method.toLowerCase()] = operationOf(route, schemas);
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Toolgraph",
      version: VERSION,
      description: "One endpoint in front of the tools an AI agent may use. The same tools answer on /graphql.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: "/" }],
    security: [{ bearer: [] }, { apiKey: [] }],
    paths,
    components: {
      schemas,
      securitySchemes: {
        bearer: {
          type: "http",
          scheme: "bearer",
          description: "API key, JWT, session token or service-account token.",
        },
        apiKey: { type: "apiKey", in: "header", name: "X-API-Key" },
      },
    },
  };
}

function operationOf(route: Route, schemas: Record<string, unknown>): Record<string, unknown> {
  const pathParameters = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: "path",
    required: true,
    schema: { type: "string" },
  }));
  const queryParameters = Object.entries(route.query?.shape ?? {}).map(([name, schema]) => ({
    name,
    in: "query",
    schema: schemaOf(schema as z.ZodType, schemas),
  }));
  const headerParameters = Object.entries(route.headers ?? {}).map(([name, description]) => ({
    name,
    in: "header",
    description,
    schema: { type: "string" },
  }));
  return {
    operationId: route.operationId,
    summary: route.summary,
    ...(route.isPublic && { security: [] }),
    parameters: [...pathParameters, ...queryParameters, ...headerParameters],
    ...(route.requestBody && {
      requestBody: {
        required: true,
        content: { "application/json": { schema: schemaOf(route.requestBody, schemas) } },
      },
    }),
    responses: Object.fromEntries(
      Object.entries(route.responses).map(([status, schema]) => [
        status,
        {
          description: descriptionOf(status),
          ...(schema && { content: { "application/json": { schema: schemaOf(schema, schemas) } } }),
        },
      ]),
    ),
  };
}

/** A schema with an id becomes a component and is referred to. */
function schemaOf(schema: z.ZodType, schemas: Record<string, unknown>): Record<string, unknown> {
  const id = z.globalRegistry.get(schema)?.id;
  const whole = z.toJSONSchema(schema, { io: "input" });
  const { $schema: _, id: __, $defs, ...rest } = whole as Record<string, unknown>;
  for (const [name, definition] of Object.entries(($defs ?? {}) as Record<string, Record<string, unknown>>)) {
    const { id: ___, ...inner } = definition;
    schemas[name] ??= pointToComponents(inner);
  }
  if (id === undefined) return pointToComponents(rest) as Record<string, unknown>;
  schemas[id] ??= pointToComponents(rest);
  return { $ref: `#/components/schemas/${id}` };
}

function pointToComponents(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(pointToComponents);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      key === "$ref" && typeof inner === "string"
        ? inner.replace("#/$defs/", "#/components/schemas/")
        : pointToComponents(inner),
    ]),
  );
}

/** A range tells only what no status of its own tells: what is left to say of it is that it is a failure. */
function descriptionOf(status: string): string {
  if (status === "200") return "Success.";
  const codes = Object.entries(catalogue).filter(([, entry]) => String(entry.status) === status);
  return codes.length === 0 ? "Failure; error.code says which." : `Failure: ${codes.map(([code]) => code).join(", ")}.`;
}
