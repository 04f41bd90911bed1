/** Tool `find_user`: people of the workspace by name, handle, email address or id. */
import { CatalogueError, z, type HttpClient } from "../../../src/index.ts";
import { collectPages } from "../collect-pages.ts";
import { slack } from "../connector.ts";
import { Cursor } from "../fields.ts";
import { UserAnswer, UsersAnswer, type SlackUser } from "../slack-answers.ts";
import { displayNameOf } from "../user-directory.ts";

const PAGE_SIZE = 200;

const UserOutput = z.object({
  id: z.string().describe("<@id> in a text mentions this person; as channel it addresses a direct message."),
  name: z.string().describe("The name Slack shows."),
  handle: z.string().optional(),
  real_name: z.string().optional(),
  email: z.string().optional(),
  title: z.string().optional(),
  timezone: z.string().optional().describe("IANA name, for example Europe/Berlin."),
  is_bot: z.boolean().optional().describe("Present for bots."),
  is_deactivated: z.boolean().optional().describe("Present for people who have left."),
});

/**
 * @see https://docs.slack.dev/reference/methods/users.list
 * @see https://docs.slack.dev/reference/methods/users.lookupByEmail
 */
export const findUser = slack.tool({
  name: "find_user",
  title: "Find a Slack user",
  summary: "Find people of the Slack workspace by name, handle, email address or user id.",
  useWhen: "you need a person's user id to mention or message them, or want to know who an id is.",
  insteadUse: { "find a channel": "list_channels", "find what somebody wrote": "search_messages" },
  effect: "read",
  cacheTtlMs: 300_000,
  input: z.object({
    query: z
      .string()
      .max(200)
      .regex(/\S/, "must hold a name, an email address or a user id")
      .describe("Part of a name or handle, a whole email address (quickest), or a user id such as U2U85N1RV."),
    limit: z.int().min(1).max(100).default(10).describe("Most people to return."),
    cursor: Cursor.optional(),
  }),
  output: z.object({
    users: z.array(UserOutput),
    next_cursor: z.string().optional().describe("Present when people remain to be looked through."),
  }),
  examples: [
    {
      title: "By email address",
      input: { query: "spengler@ghostbusters.example.com" },
      output: {
        users: [
          {
            id: "W012A3CDE",
            name: "spengler",
            handle: "spengler",
            real_name: "Egon Spengler",
            email: "spengler@ghostbusters.example.com",
            timezone: "America/Los_Angeles",
          },
        ],
      },
    },
    { title: "By a part of the name", input: { query: "glinda", limit: 5 } },
  ],
  run: async ({ input, http, shared }) => {
    const query = input.query.trim().replace(/^@/, "");
    const { items, nextCursor } = (await exactUser(query, http)) ?? (await usersByName(query, input, http));
    shared.users.remember(items);
    return { users: items.map(userOutput), ...(nextCursor !== undefined && { next_cursor: nextCursor }) };
  },
});

/** One call for an email address or an id; `undefined` for a name. Nobody found is an empty list, not an error. */
async function exactUser(
  query: string,
  http: HttpClient,
): Promise<{ items: SlackUser[]; nextCursor?: undefined } | undefined> {
  const email = /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(query);
  const id = /^[UW](?=[A-Z0-9]*\d)[A-Z0-9]{5,20}$/.test(query);
  if (!email && !id) return undefined;
  try {
    const answer = email
      ? await http.post("/users.lookupByEmail", { form: { email: query } })
      : await http.post("/users.info", { form: { user: query } });
    return { items: [answer.as(UserAnswer).user] };
  } catch (error) {
    if (error instanceof CatalogueError && error.status === 404 && error.serverStatusCode === 200) return { items: [] };
    throw error;
  }
}

function usersByName(query: string, page: { limit: number; cursor?: string | undefined }, http: HttpClient) {
  const wanted = query.toLowerCase();
  return collectPages<SlackUser>({
    limit: page.limit,
    cursor: page.cursor,
    matches: (user) =>
      [user.name, user.real_name, user.profile?.display_name, user.profile?.real_name].some((name) =>
        name?.toLowerCase().includes(wanted),
      ),
    readPage: async (cursor) => {
      const answer = (await http.post("/users.list", { form: { limit: PAGE_SIZE, cursor } })).as(UsersAnswer);
      return { items: answer.members, nextCursor: answer.response_metadata?.next_cursor || undefined };
    },
  });
}

function userOutput(user: SlackUser): z.input<typeof UserOutput> {
  const realName = user.profile?.real_name || user.real_name;
  return {
    id: user.id,
    name: displayNameOf(user),
    ...(user.name && { handle: user.name }),
    ...(realName && { real_name: realName }),
    ...(user.profile?.email && { email: user.profile.email }),
    ...(user.profile?.title && { title: user.profile.title }),
    ...(user.tz && { timezone: user.tz }),
    ...(user.is_bot && { is_bot: true }),
    ...(user.deleted && { is_deactivated: true }),
  };
}
