/** Holds answers of the REST door against the OpenAPI document that the gateway publishes. */
import { Ajv2020 } from "ajv/dist/2020.js";
import { openApiDocument } from "../../src/http/rest/openapi.ts";
import { routes } from "../../src/http/rest/routes.ts";
import type { HttpAnswer } from "../support/start-gateway.ts";

interface Operation {
  readonly responses: Record<string, { content?: Record<string, { schema: object }> }>;
}

const document = openApiDocument(routes) as { paths: Record<string, Record<string, Operation>>; components: object };
const ajv = new Ajv2020({ strict: false, validateFormats: false });
ajv.addSchema({ $id: "openapi:", components: document.components });
const patterns = Object.entries(document.paths).map(([path, operations]) => ({
  operations,
  pattern: new RegExp(`^${path.replaceAll(".", "\\.").replaceAll(/\{\w+\}/g, "[^/]+")}$`),
}));

/** Throws when the status or the body is not what the document says of that route. Paths without a route are passed over. */
export function holdAgainstOpenApi(method: string, path: string, answer: HttpAnswer): void {
  const bare = path.split("?", 1)[0]!;
  const found = patterns.find(({ pattern }) => pattern.test(bare))?.operations[method.toLowerCase()];
  if (!found) return;
  const response = found.responses[answer.status] ?? found.responses[`${String(answer.status)[0]}XX`];
  if (!response) throw new Error(`${method} ${bare} answered ${answer.status}, which the document does not know`);
  const schema = response.content?.["application/json"]?.schema;
  if (!schema) return;
  const validate = ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"openapi:#/')) as object);
  if (!validate(answer.body)) {
    throw new Error(
      `${method} ${bare} ${answer.status} is not as documented: ${ajv.errorsText(validate.errors)}\n${answer.text}`,
    );
  }
}
