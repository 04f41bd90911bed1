/** Loads the built-in connectors, by the `type` that servers name in the configuration. */
import type { Connector } from "../src/index.ts";
import jira from "./jira/index.ts";
import mcp from "./mcp/index.ts";
import openapi from "./openapi/index.ts";
import slack from "./slack/index.ts";
import webSearch from "./web-search/index.ts";

export const connectors: ReadonlyMap<string, Connector> = new Map(
  [jira, mcp, openapi, slack, webSearch].map((connector) => [connector.type, connector]),
);
