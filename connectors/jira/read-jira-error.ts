/** Reads Jira's errors into what an agent can act on: which fields are wrong, what is missing, how long to wait. */
import type { HttpResponse } from "../../src/index.ts";
import { failureKindOf, type ServerFailure } from "../../src/index.ts";
import { errorTextOf, type JiraErrorText } from "./jira-error-text.ts";
import { rateLimitOf } from "./rate-limit.ts";

const REMOVED =
  "This endpoint was removed by Atlassian. An operator has to update the gateway or the server's apiVersion; repeating the call will not help.";

export function readJiraError(answer: HttpResponse): ServerFailure | undefined {
  if (answer.status < 400) return undefined;
  if (answer.status === 429) return rateLimitOf(answer, errorTextOf(answer.text));
  const text = errorTextOf(answer.text);
  const suggestion = suggestionFor(answer.status, text);
  return {
    kind: failureKindOf(answer.status),
    message: `${subjectOf(answer.status)}${text.sentence === "" ? "." : `: ${text.sentence}`}`,
    ...(text.details && { details: text.details }),
    ...(suggestion !== undefined && { suggestion }),
  };
}

/** The wait a rate-limited answer asks for where only Jira's own headers tell it: `Beta-RateLimit: "…";r=0;t=1200` (seconds). */
export function jiraRetryAfterMs(answer: HttpResponse): number | undefined {
  if (answer.status !== 429 || answer.headers["retry-after"] !== undefined) return undefined;
  const seconds = /;\s*t=(\d{1,7})/.exec(answer.headers["beta-ratelimit"] ?? "")?.[1];
  return seconds === undefined ? undefined : Number(seconds) * 1000;
}

function subjectOf(status: number): string {
  switch (status) {
    case 401:
      return "Jira refuses the credential of this server";
    case 403:
      return "The account of this server may not do that in Jira";
    case 404:
      return "Jira has nothing there, or the account of this server may not see it";
    case 409:
      return "The issue was changed at the same time";
    case 410:
      return "Jira has removed this endpoint";
    case 413:
      return "That is more than Jira takes in one request";
    default:
      return status >= 500 ? `Jira failed (${status})` : `Jira refuses the request (${status})`;
  }
}

function suggestionFor(status: number, text: JiraErrorText): string | undefined {
  switch (status) {
    case 400:
    case 422:
      if (/Atlassian Document|Comment body is not valid/i.test(text.sentence)) {
        return 'Give formatted text of a custom field as {"markdown": "…"}; it is converted for Jira.';
      }
      if (/unbounded/i.test(text.sentence)) return "Add a restriction to the JQL, for example project = ABC.";
      return text.details?.fields ? "Correct the fields listed in details and send the call again." : undefined;
    case 401:
      return /scope/i.test(text.sentence)
        ? "An operator has to give this server's token the missing scopes (read:jira-work, write:jira-work)."
        : "An operator has to renew this server's credential. OAuth and scoped API tokens also need cloudId in server_specific_config.";
    case 404:
      return "Check the key or id, for example with search_issues. If everything seems to be missing, the server's credential may have expired.";
    case 409:
      return "Read the issue again with get_issue_details, then decide whether the change is still wanted.";
    case 410:
      return REMOVED;
    case 413:
      return "Send less: shorten the text or split the work.";
    default:
      return undefined;
  }
}
