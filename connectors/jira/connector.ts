/** The Jira Cloud server type: address, credentials, configuration and how its errors are read. */
import { defineConnector, z } from "../../src/index.ts";
import { jiraRetryAfterMs, readJiraError } from "./read-jira-error.ts";

export const JiraConfig = z.object({
  instanceUrl: z
    .url({ protocol: /^https?$/, error: "The site's address, for example https://example.atlassian.net." })
    // A user name in it would show up in every link to an issue.
    .regex(/^[^@]*$/, "must not hold a user name or password")
    .describe("Address of the site, for example https://example.atlassian.net; links to issues are made from it."),
  apiVersion: z
    .union([z.enum(["2", "3"]), z.literal(2), z.literal(3)])
    .default("3")
    .describe(
      "Version of the REST API. 3 takes formatted text; 2 is sent descriptions and comments as they are, as wiki text.",
    ),
  cloudId: z
    .string()
    .regex(/^[A-Za-z0-9-]{1,64}$/)
    .optional()
    .describe("Id of the site at api.atlassian.com; OAuth, service accounts and scoped API tokens work only there."),
});

export type JiraConfig = z.output<typeof JiraConfig>;

/**
 * Jira Cloud by its REST API.
 *
 * @example
 * // toolgraph.yaml
 * // - id: jira
 * //   type: jira
 * //   authentication: { method: basic_auth, usernameRef: JIRA_EMAIL, passwordRef: JIRA_API_TOKEN }
 * //   server_specific_config: { instanceUrl: https://example.atlassian.net }
 */
export const jira = defineConnector({
  type: "jira",
  title: "Jira",
  summary: "Search, read, create, comment and move issues of a Jira Cloud site.",
  sources: [
    "https://developer.atlassian.com/cloud/jira/platform/rest/v3/",
    "https://developer.atlassian.com/cloud/jira/platform/rate-limiting/",
    "https://developer.atlassian.com/cloud/jira/platform/apis/document/structure/",
    "https://developer.atlassian.com/changelog/#CHANGE-2046",
  ],
  config: JiraConfig,
  authentication: ["basic_auth", "bearer_token", "pat", "oauth2", "oauth2_client_credentials"],
  baseUrl: ({ instanceUrl, cloudId }) =>
    cloudId === undefined ? instanceUrl : `https://api.atlassian.com/ex/jira/${cloudId}`,
  http: { readError: readJiraError, retryAfterMs: jiraRetryAfterMs },
});

/** Path of the REST API's version that the server is configured for. */
export function apiPath(config: JiraConfig, path: string): string {
  return `/rest/api/${config.apiVersion}${path}`;
}

/** Address of an issue in the browser. */
export function issueUrl(config: JiraConfig, issueKey: string): string {
  return `${config.instanceUrl.replace(/\/+$/, "")}/browse/${encodeURIComponent(issueKey)}`;
}
