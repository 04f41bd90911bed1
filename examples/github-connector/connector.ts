/** The GitHub server type: address, credentials, and how GitHub's errors and limits are read. */
import { defineConnector, z, type HttpResponse, type ServerFailure } from "../../src/index.ts";

export const github = defineConnector({
  type: "github",
  title: "GitHub",
  summary: "List and open issues of GitHub repositories.",
  sources: ["https://docs.github.com/en/rest/issues/issues"],
  config: z.object({
    defaultRepository: z.string().optional().describe("Repository of calls that name none, for example octocat/hello."),
  }),
  authentication: ["bearer_token", "pat", "none"],
  baseUrl: () => "https://api.github.com",
  http: {
    headers: { accept: "application/vnd.github+json", "x-github-api-version": "2022-11-28", "user-agent": "toolgraph" },
    readError,
    retryAfterMs,
  },
});

const GithubError = z.object({
  message: z.string(),
  errors: z.array(z.object({ field: z.string().optional(), code: z.string().optional() })).optional(),
});

/** Only what the status does not say: everything else is read by its status. */
function readError(answer: HttpResponse): ServerFailure | undefined {
  if (isRateLimit(answer)) return { kind: "rate_limited", message: "GitHub's limit for this credential is used up." };
  if (answer.status !== 422) return undefined;
  const { message, errors = [] } = answer.as(GithubError);
  return {
    kind: "wrong_request",
    message: `GitHub refuses the request: ${message}.`,
    details: errors.map(({ field, code }) => ({ path: field ?? "", problem: code ?? "is not valid" })),
    suggestion: "Correct the fields listed in details and send the call again.",
  };
}

/** GitHub tells the second at which the limit starts anew. */
function retryAfterMs(answer: HttpResponse): number | undefined {
  if (!isRateLimit(answer)) return undefined;
  return Math.max(0, Number(answer.headers["x-ratelimit-reset"]) * 1000 - Date.now());
}

function isRateLimit({ status, headers }: HttpResponse): boolean {
  return (status === 403 || status === 429) && headers["x-ratelimit-remaining"] === "0";
}
