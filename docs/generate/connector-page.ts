/** The page of one connector, from its definition: what it takes, and each of its tools as REST and GraphQL know it. */
import { format } from "oxfmt";
import formatting from "../../.oxfmtrc.json" with { type: "json" };
import type { Connector } from "../../src/connector/connector.ts";
import type { Effect, Tool, ToolExample } from "../../src/connector/tool.ts";
import { graphNames, pascalCase, exampleOf, signatureOf, translateTool } from "../../schema/translate/index.ts";
import { NOTICE } from "./notice.ts";
import { schemaTable } from "./schema-table.ts";

const EFFECTS = {
  read: "Read: a Query field; may be repeated and run in parallel.",
  write: "Write: a Mutation field; sent again only when the server certainly did not act.",
  destructive: "Destructive: a Mutation field that removes or replaces something.",
} as const satisfies Record<Effect, string>;

/** `connectors/<type>.md` is its file. */
export async function connectorPage(connector: Connector): Promise<string> {
  const { type, tools, aliases } = connector;
  return [
    `# ${connector.title} (\`${type}\`)`,
    "",
    NOTICE,
    "",
    connector.summary,
    "",
    `Configuration: [\`server_specific_config\` of \`${type}\`](../configuration.md#server_specific_config-of-${type}).`,
    `Authentication: ${connector.authentication.map((method) => `[\`${method}\`](../configuration.md#${method})`).join(", ")}.`,
    "How to get the credentials is in [servers.md](../../servers.md).",
    "",
    ...(tools ? await toolsPart(connector, tools) : [DISCOVERED, ""]),
    ...(aliases
      ? ["## Other names", "", ...Object.entries(aliases).map(([alias, tool]) => `- \`${alias}\` is \`${tool}\``), ""]
      : []),
    "## Errors",
    "",
    "Failures have the codes of [errors.md](../errors.md). What the server itself said is in `message`,",
    "`mcp_server_status_code` and `mcp_server_error_details`.",
    "",
    ...(connector.sources.length > 0
      ? ["## Sources", "", ...connector.sources.map((source) => `- <${source}>`), ""]
      : []),
  ].join("\n");
}

const DISCOVERED =
  "Its tools are found when a server is opened. Each server is a namespace of the graph, named after its id. A running gateway " +
  "lists the tools with their signatures: `toolgraph tools`, the GraphQL field `tools`, or `GET /api/v1/mcp/tools`.";

async function toolsPart({ type }: Connector, tools: readonly Tool[]): Promise<string[]> {
  const parts = await Promise.all(tools.map((tool) => toolPart(type, tool)));
  return [
    "| tool | effect | what it does |",
    "|---|---|---|",
    ...tools.map(
      ({ name, effect, description }) => `| [\`${name}\`](#${name}) | ${effect} | ${summaryOf(description)} |`,
    ),
    "",
    ...parts.flat(),
  ];
}

async function toolPart(type: string, tool: Tool): Promise<string[]> {
  const namespace = graphNames([type]).get(type)!;
  const translated = translateTool(tool, { prefix: pascalCase(namespace) });
  const examples = await Promise.all(
    tool.examples.map((example) => examplePart(tool, example, exampleOf(translated, namespace, [example]))),
  );
  return [
    `## ${tool.name}`,
    "",
    tool.description,
    "",
    EFFECTS[tool.effect],
    "",
    "```text",
    signatureOf(translated, namespace),
    "```",
    "",
    "Input:",
    "",
    ...schemaTable(tool.inputSchema),
    "",
    "Output:",
    "",
    ...schemaTable(tool.outputSchema ?? {}),
    "",
    ...examples.flat(),
  ];
}

async function examplePart(tool: Tool, example: ToolExample, operation: string): Promise<string[]> {
  const { printWidth } = formatting;
  const { code } = await format("example.graphql", operation, { printWidth });
  const { input, output } = example;
  return [
    ...exampleHeading(example),
    "```json",
    JSON.stringify({ tool_name: tool.name, tool_input: input }, undefined, 2),
    "```",
    "",
    "```graphql",
    code.trimEnd(),
    "```",
    "",
    ...(output === undefined ? [] : ["gives", "", "```json", JSON.stringify(output, undefined, 2), "```", ""]),
  ];
}

function exampleHeading({ title }: ToolExample): string[] {
  return [`Example${title === undefined ? "" : `: ${title.charAt(0).toLowerCase()}${title.slice(1)}`}`, ""];
}

/** The first sentence. */
function summaryOf(description: string): string {
  return (/^.*?[.!?](?= |$)/s.exec(description)?.[0] ?? description).replaceAll("|", "\\|");
}
