/** Any HTTP API with an OpenAPI or Swagger document as a Toolgraph server: each operation is a tool. */
import { defineConnector } from "../../src/index.ts";
import { config } from "./config.ts";
import { OpenApiSession } from "./openapi-session.ts";
import { readApiError } from "./read-api-error.ts";

export default defineConnector({
  type: "openapi",
  title: "OpenAPI",
  summary: "Every operation of an HTTP API that has an OpenAPI or Swagger document.",
  sources: [
    "https://spec.openapis.org/oas/v3.1.1.html",
    "https://spec.openapis.org/oas/v3.0.4.html",
    "https://swagger.io/specification/v2/",
  ],
  config,
  authentication: ["none", "bearer_token", "pat", "api_key", "basic_auth", "oauth2", "oauth2_client_credentials"],
  http: { readError: readApiError },
}).discover((server) => new OpenApiSession(server).open());
