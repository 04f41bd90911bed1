/** Reads the error that Slack hides in a 200: `{"ok": false, "error": "<code>"}`. */
import { failureKindOf, z, type HttpResponse, type ServerFailure } from "../../src/index.ts";
import { slackErrors } from "./slack-errors.ts";

const Refusal = z.object({
  ok: z.literal(false),
  error: z.string().catch("unspecified"),
  needed: z.string().optional().catch(undefined),
  provided: z.string().optional().catch(undefined),
  response_metadata: z
    .object({ messages: z.array(z.string()) })
    .optional()
    .catch(undefined),
});

/**
 * `undefined` for an answer that is no refusal, or no JSON (a proxy's or an outage's HTML page): the status decides
 * then, and a 200 that cannot be read becomes `DATA_TRANSFORMATION_ERROR`.
 *
 * @see https://docs.slack.dev/apis/web-api/#responses
 */
export function readSlackError(answer: HttpResponse): ServerFailure | undefined {
  // Messages can be long and errors are rare: the body is only parsed here when it can be a refusal.
  if (!/"ok"\s*:\s*false/.test(answer.text)) return undefined;
  const refusal = refusalIn(answer.text);
  if (!refusal) return undefined;
  const { error: code, needed, provided } = refusal;
  const said = refusal.response_metadata?.messages.join("; ").slice(0, 300);
  const facts = {
    slack_error: code.slice(0, 100),
    // Slack counts each method apart; `rate_limited` is about one channel.
    ...(code === "ratelimited" && { scope: "method" }),
    ...(code === "rate_limited" && { scope: "channel" }),
    ...(needed !== undefined && { needed }),
    ...(provided !== undefined && { provided }),
    ...(said && { slack_says: said }),
  };
  const known = slackErrors.get(code);
  if (!known) {
    const quoted = `Slack refused the call: ${JSON.stringify(facts.slack_error)}${said ? ` (${said})` : ""}.`;
    // What a code stands for that nobody has described, and whether Slack acted before it, is not known.
    return {
      kind: answer.status >= 400 ? failureKindOf(answer.status) : "wrong_request",
      message: quoted,
      details: facts,
      acted: "unknown",
    };
  }
  const { kind, problem, next } = known;
  const scopes = needed === undefined ? "" : ` Needed: ${needed}; provided: ${provided ?? "unknown"}.`;
  const words = said ? ` Slack says: ${said}.` : "";
  return {
    kind,
    message: `${problem}${scopes}${words} ${next} (Slack: ${code})`,
    details: facts,
    suggestion: next,
  };
}

function refusalIn(text: string): z.output<typeof Refusal> | undefined {
  try {
    return Refusal.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
