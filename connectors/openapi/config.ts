/** Where an API's document is and which of its operations become tools, read from `server_specific_config`. */
import { z } from "../../src/index.ts";

const patterns = z.array(z.string().min(1)).min(1).optional();

export const config = z.object({
  document: z
    .string()
    .min(1)
    .describe(
      "The OpenAPI 3.0, 3.1 or Swagger 2.0 document, JSON or YAML: a file, relative to the configuration file, or an http(s) address.",
    ),
  include: patterns.describe(
    "Only these operations become tools: names of tools (`list_*`), methods with paths (`GET /users/*`, `* /admin/*`) or tags (`tag:users`). All when absent.",
  ),
  exclude: patterns.describe("These operations do not become tools; written like `include`, and stronger."),
  refreshSeconds: z
    .int()
    .min(0)
    .max(86_400)
    .default(300)
    .describe("How often it is looked whether the document has changed; 0: never."),
});

export type OpenApiConfig = z.output<typeof config>;
