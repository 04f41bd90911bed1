/** The tasks, each done four ways on the same servers. */
import { Tally } from "./tally.ts";
import { definitionOf } from "./direct.ts";
import type { World } from "./world.ts";

/** The four ways a task is done. */
export const WAYS = [
  "direct, all tools listed",
  "direct, tools by search",
  "Toolgraph GraphQL",
  "Toolgraph REST + select",
] as const;

interface Call {
  readonly name: string;
  readonly input: Record<string, unknown>;
}

export interface Task {
  readonly name: string;
  /** What an agent would look for, one need a tool. */
  readonly needs: readonly string[];
  /** Everything that stands in the list when all tools are listed. */
  listed(world: World): readonly Record<string, unknown>[];
  /** Each inner list is one round trip: calls that do not wait for each other. */
  direct(world: World): readonly (readonly Call[])[];
  run(world: World, call: Call): Promise<unknown>;
  /** Operations, a round trip each. */
  graphql(world: World): readonly string[];
  /** Bodies, a round trip each. */
  rest(world: World): readonly Record<string, unknown>[];
}

const keys = ["EX-1", "EX-2", "EX-3", "EX-4", "EX-5"];
const own = (world: World) => [
  ...world.memory.definitions,
  ...world.files.definitions,
  ...world.everything.definitions,
  ...world.rawJira.definitions,
];
const jiraGet = (key: string): Call => ({ name: "jira_get", input: { path: `/rest/api/3/issue/${key}` } });
const runJira = (world: World, { input }: Call) =>
  Promise.resolve(JSON.stringify(world.rawJira.issue(String(input.path).split("/").at(-1)!)));
const ada = { entities: [{ name: "Ada", entityType: "person", observations: ["works on the release", "likes tea"] }] };

export const tasks: readonly Task[] = [
  {
    name: "Five Jira issues by key: summary and status",
    needs: ["get the details of Jira issues"],
    listed: own,
    direct: () => [keys.map(jiraGet)],
    run: runJira,
    graphql: () => [
      `{ jira { ${keys.map((key, index) => `i${index}: getIssueDetails(issueKey: "${key}") { key summary status }`).join(" ")} } }`,
    ],
    rest: () => [
      {
        server_id: "jira",
        tool_name: "get_issues",
        tool_input: { issue_keys: keys },
        select: "issues[].{key: key, summary: summary, status: status}",
      },
    ],
  },
  {
    name: "One Jira issue, all that each way gives (Jira's own answer; the connector's trimmed one)",
    needs: ["get the details of a Jira issue"],
    listed: own,
    direct: () => [[jiraGet("EX-1")]],
    run: runJira,
    graphql: () => [`{ jira { getIssueDetails(issueKey: "EX-1") { raw } } }`],
    rest: () => [{ server_id: "jira", tool_name: "get_issue_details", tool_input: { issue_key: "EX-1" } }],
  },
  {
    name: "List a folder, then read two of its files",
    needs: ["list the files of a directory", "read a text file"],
    listed: own,
    direct: () => [
      [{ name: "list_directory", input: { path: "." } }],
      [
        { name: "read_text_file", input: { path: "team.json" } },
        { name: "read_text_file", input: { path: "notes/release.md" } },
      ],
    ],
    run: (world, { name, input }) => world.files.call(name, input),
    graphql: () => [
      `{ files { listDirectory(path: ".") { content } } }`,
      `{ files { team: readTextFile(path: "team.json") { content } notes: readTextFile(path: "notes/release.md") { content } } }`,
    ],
    rest: () => [
      { server_id: "files", tool_name: "list_directory", tool_input: { path: "." }, select: "content" },
      { server_id: "files", tool_name: "read_text_file", tool_input: { path: "team.json" }, select: "content" },
      { server_id: "files", tool_name: "read_text_file", tool_input: { path: "notes/release.md" }, select: "content" },
    ],
  },
  {
    name: "Write an entity, then read it back",
    needs: ["create entities in the knowledge graph", "open nodes of the knowledge graph by name"],
    listed: own,
    direct: () => [[{ name: "create_entities", input: ada }], [{ name: "open_nodes", input: { names: ["Ada"] } }]],
    run: (world, { name, input }) => world.memory.call(name, input),
    graphql: () => [
      `mutation { memory { createEntities(entities: [{ name: "Ada", entityType: "person", observations: ["works on the release", "likes tea"] }]) { entities { name } } } }`,
      `{ memory { openNodes(names: ["Ada"]) { entities { name observations } } } }`,
    ],
    rest: () => [
      { server_id: "memory", tool_name: "create_entities", tool_input: ada, select: "entities[].name" },
      {
        server_id: "memory",
        tool_name: "open_nodes",
        tool_input: { names: ["Ada"] },
        select: "entities[].{name: name, observations: observations}",
      },
    ],
  },
  {
    name: "Post to Slack, then read the channel's last messages (direct: the Web API's own answers)",
    needs: ["post a message to a channel", "read the messages of a channel"],
    listed: (world) => [...own(world), ...world.rawSlack.definitions],
    direct: (world) => [
      [{ name: "send_message", input: { channel: world.slackChannel, text: "The release is out." } }],
      [{ name: "read_channel", input: { channel: world.slackChannel, limit: 10 } }],
    ],
    run: (world, { name, input }) =>
      world.rawSlack.call(name === "send_message" ? "chat.postMessage" : "conversations.history", {
        channel: String(input.channel),
        ...(name === "send_message" ? { text: String(input.text) } : { limit: "10" }),
      }),
    graphql: (world) => [
      `mutation { slack { sendMessage(channel: "${world.slackChannel}", text: "The release is out.") { ts } } }`,
      `{ slack { readChannel(channel: "${world.slackChannel}", limit: 10) { messages { author text } } } }`,
    ],
    rest: (world) => [
      {
        server_id: "slack",
        tool_name: "send_message",
        tool_input: { channel: world.slackChannel, text: "The release is out." },
        select: "ts",
      },
      {
        server_id: "slack",
        tool_name: "read_channel",
        tool_input: { channel: world.slackChannel, limit: 10 },
        select: "messages[].{author: author, text: text}",
      },
    ],
  },
  {
    name: "Add two numbers, with that one tool listed from the start",
    needs: ["sum of two numbers"],
    listed: (world) => world.everything.definitions.filter(({ name }) => name === "get-sum"),
    direct: () => [[{ name: "get-sum", input: { a: 2, b: 3 } }]],
    run: (world, { name, input }) => world.everything.call(name, input),
    graphql: () => [`{ everything { getSum(a: 2, b: 3) { text } } }`],
    rest: () => [{ server_id: "everything", tool_name: "get-sum", tool_input: { a: 2, b: 3 }, select: "text" }],
  },
  {
    name: "Add two numbers (one small tool, one small answer)",
    needs: ["sum of two numbers"],
    listed: (world) => world.everything.definitions,
    direct: () => [[{ name: "get-sum", input: { a: 2, b: 3 } }]],
    run: (world, { name, input }) => world.everything.call(name, input),
    graphql: () => [`{ everything { getSum(a: 2, b: 3) { text } } }`],
    rest: () => [{ server_id: "everything", tool_name: "get-sum", tool_input: { a: 2, b: 3 }, select: "text" }],
  },
  {
    name: "Find the right tool among 527 and call it",
    needs: ["convert the address of a place into geographic coordinates"],
    listed: (world) => world.catalogue.map(definitionOf),
    direct: () => [[{ name: "geocode_address", input: { address: "Forbidden City, Beijing" } }]],
    run: (_world, { input }) => Promise.resolve(JSON.stringify(input)),
    graphql: () => [`{ catalogue { geocodeAddress(address: "Forbidden City, Beijing") { raw } } }`],
    rest: () => [
      { server_id: "catalogue", tool_name: "geocode_address", tool_input: { address: "Forbidden City, Beijing" } },
    ],
  },
];

const SEARCH_TOOL = {
  name: "search_tools",
  description: "Finds tools by what they do.",
  inputSchema: { type: "object", properties: { query: { type: "string" } }, required: ["query"] },
};
const GRAPHQL_TOOL = {
  name: "run_graphql",
  description: "Runs a GraphQL operation. A tool's signature tells its field, arguments and result.",
  inputSchema: { type: "object", properties: { query: { type: "string" } }, required: ["query"] },
};
const CALL_TOOL = {
  name: "call_tool",
  description: "Runs a tool. `select` is a JMESPath expression applied to its output.",
  inputSchema: {
    type: "object",
    properties: {
      server_id: { type: "string" },
      tool_name: { type: "string" },
      tool_input: { type: "object" },
      select: { type: "string" },
    },
    required: ["server_id", "tool_name", "tool_input"],
  },
};

/** Does one task all four ways. */
export async function perform(world: World, task: Task): Promise<Record<(typeof WAYS)[number], Tally["row"]>> {
  const [listed, searched, graphql, rest] = WAYS.map(() => new Tally()) as [Tally, Tally, Tally, Tally];
  listed.define(...task.listed(world));
  searched.define(SEARCH_TOOL);
  for (const need of task.needs) {
    // Five definitions a need, as client-side tool search gives them.
    searched.define(...(await world.tools(need, 5)).map(definitionOf));
    searched.exchange([{ query: need }], []);
  }
  for (const calls of task.direct(world)) {
    const results = await Promise.all(calls.map((call) => task.run(world, call)));
    listed.exchange(calls, results);
    searched.exchange(calls, results);
  }
  graphql.define(SEARCH_TOOL, GRAPHQL_TOOL);
  const searches = task.needs.map(
    (need, index) => `n${index}: searchTools(query: ${JSON.stringify(need)}, first: 3) { tool { signature } }`,
  );
  graphql.exchange([`{ ${searches.join(" ")} }`], []);
  graphql.define((await world.graphql(`{ ${searches.join(" ")} }`)).data);
  for (const query of task.graphql(world)) graphql.exchange([{ query }], [(await world.graphql(query)).data]);
  rest.define(SEARCH_TOOL, CALL_TOOL);
  for (const need of task.needs) {
    rest.define(...(await world.tools(need, 3)).map((tool) => ({ server_id: tool.server_id, ...definitionOf(tool) })));
    rest.exchange([{ query: need }], []);
  }
  for (const body of task.rest(world)) rest.exchange([body], [await world.rest(body)]);
  return { [WAYS[0]]: listed.row, [WAYS[1]]: searched.row, [WAYS[2]]: graphql.row, [WAYS[3]]: rest.row };
}
