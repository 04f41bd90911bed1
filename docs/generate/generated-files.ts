/** Everything that is generated into the repository, in memory: path → content. */
import { format } from "oxfmt";
import formatting from "../../.oxfmtrc.json" with { type: "json" };
import { connectors } from "../../connectors/index.ts";
import { configurationJsonSchema } from "../../src/config/configuration-json-schema.ts";
import type { Connector } from "../../src/connector/connector.ts";
import { configurationReference } from "../../src/config/configuration-reference.ts";
import { connectorPage } from "./connector-page.ts";
import { errorsPage } from "./errors-page.ts";
import { builtInSchema } from "../../schema/print-schema.ts";
import { restDocument, restPage } from "./rest-page.ts";
import { typedDocuments } from "./typed-documents.ts";

/** Paths are relative to the repository. */
export async function generatedFiles(): Promise<ReadonlyMap<string, string>> {
  const schema = await builtInSchema();
  return new Map([
    ["schema/schema.graphql", schema],
    ...(await typedDocuments(schema)),
    ["docs/reference/errors.md", errorsPage()],
    ["docs/reference/rest.md", restPage()],
    ["docs/reference/openapi.json", await json(restDocument())],
    ["docs/reference/configuration.md", configurationReference(connectors)],
    ["docs/reference/configuration.schema.json", await json(configurationJsonSchema(connectors))],
    ...(await Promise.all([...connectors.values()].map(connectorFile))),
  ]);
}

async function connectorFile(connector: Connector): Promise<[string, string]> {
  return [`docs/reference/connectors/${connector.type}.md`, await connectorPage(connector)];
}

/** In the form that `npm run format` gives it. */
async function json(value: unknown): Promise<string> {
  const { printWidth } = formatting;
  return (await format("generated.json", JSON.stringify(value, undefined, 2), { printWidth })).code;
}
