/** Checks what a connector sends against the OpenAPI description that says what its vendor takes. */
import { OpenAPIBackend, type Document } from "openapi-backend";
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import type { ReceivedRequest } from "../../support/upstream.ts";

export interface Contract {
  /** Every fault of the request, in words; empty when the vendor would take it. */
  readonly faultsOf: (request: ReceivedRequest) => string[];
}

/** `amend` adds what the description lacks but the vendor documents; paths are taken without the server's base path. */
export async function loadContract(file: string, amend: (document: Document) => void = () => {}): Promise<Contract> {
  const document = parse(readFileSync(file, "utf8")) as Document;
  amend(document);
  const api = new OpenAPIBackend({ definition: document, quick: true, ajvOpts: { strict: false }, coerceTypes: true });
  await api.init();
  return {
    faultsOf({ method, path, query, headers, body }) {
      const request = {
        method,
        path,
        query: Object.fromEntries(query),
        headers: headers as Record<string, string>,
        ...(body !== "" && { body: JSON.parse(body) as unknown }),
      };
      const operation = api.matchOperation(request);
      if (!operation?.operationId) return [`no operation ${method} ${path}`];
      const { errors } = api.validateRequest(request, operation);
      return (errors ?? []).map(({ instancePath, message, params }) =>
        [instancePath, message, JSON.stringify(params)].join(" "),
      );
    },
  };
}
