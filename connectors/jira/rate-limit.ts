/** Reads Jira's 429: which limit was hit, whom it concerns, and how long to wait. */
import type { HttpResponse, ServerFailure } from "../../src/index.ts";
import type { JiraErrorText } from "./jira-error-text.ts";

/** `RateLimit-Reason` as documented at https://developer.atlassian.com/cloud/jira/platform/rate-limiting/ */
const REASONS: Record<string, { scope: string; suggestion: string }> = {
  "jira-burst-based": {
    scope: "endpoint",
    suggestion: "Too many calls of this kind at once: wait, then go on more slowly. Other tools are not affected.",
  },
  "jira-per-issue-on-write": {
    scope: "issue",
    suggestion: "Too many changes to this one issue: wait before changing it again. Other issues are not affected.",
  },
  "jira-quota-tenant-based": {
    scope: "tenant",
    suggestion:
      "The site's quota for this hour is used up: wait for the given time; every call to this server is affected.",
  },
  "jira-quota-global-based": {
    scope: "app",
    suggestion:
      "The app's quota for this hour is used up: wait for the given time; every call to this server is affected.",
  },
};

/** Every reason is retryable: even a used-up quota comes back within the hour, and the wait says when. */
export function rateLimitOf(answer: HttpResponse, text: JiraErrorText): ServerFailure {
  const { headers } = answer;
  const reason = headers["ratelimit-reason"];
  const known = reason === undefined ? undefined : REASONS[reason];
  const details = {
    reason,
    scope: known?.scope,
    limit: headers["x-ratelimit-limit"],
    remaining: headers["x-ratelimit-remaining"],
    reset: headers["x-ratelimit-reset"],
    quota: headers["beta-ratelimit"],
  };
  return {
    kind: "rate_limited",
    message: `Jira limits the rate of calls${text.sentence === "" ? "." : `: ${text.sentence}`}`,
    details: Object.fromEntries(Object.entries(details).filter(([, value]) => value !== undefined)),
    suggestion: known?.suggestion ?? "Wait for the given time, then send the call again.",
    retryable: true,
  };
}
