/** A gateway with everything the documentation speaks of: the demo's servers, which work, and each built-in type, which is only typed. */
import { rm } from "node:fs/promises";
import { connectors } from "../../connectors/index.ts";
import { demoDocument } from "../../src/demo/demo-document.ts";
import { startGateway, type StartedGateway } from "../support/start-gateway.ts";

/** Namespaces whose tools would call a vendor. */
export const VENDORS = /\b(jira|slack|webSearch)\b/;

export async function startWithAllServers(): Promise<StartedGateway> {
  const { folder, document } = demoDocument();
  const { servers } = document as { servers: readonly unknown[] };
  const nobody = "http://127.0.0.1:9";
  const gateway = await startGateway({
    connectors,
    env: { TOKEN: "a-token-of-the-tests" },
    servers: [
      ...servers,
      {
        id: "jira",
        type: "jira",
        base_url: nobody,
        authentication: { method: "bearer_token", tokenRef: "TOKEN" },
        server_specific_config: { instanceUrl: nobody },
      },
      { id: "slack", type: "slack", base_url: nobody, authentication: { method: "bearer_token", tokenRef: "TOKEN" } },
      {
        id: "web",
        type: "web_search",
        base_url: nobody,
        authentication: { method: "api_key", apiKeyRef: "TOKEN" },
        server_specific_config: { provider: "brave" },
      },
    ],
  });
  return {
    ...gateway,
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
