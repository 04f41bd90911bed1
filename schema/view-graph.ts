/** The graph of one permission view: the static part and a namespace for each type or server whose tools are visible. */
import {
  GraphQLID,
  GraphQLObjectType,
  GraphQLSchema,
  type GraphQLFieldConfigMap,
  type GraphQLFieldResolver,
} from "graphql";
import type { Tool } from "../src/connector/tool.ts";
import type { GraphqlContext, ToolTexts } from "../src/http/graphql/graphql-context.ts";
import type { ViewGraph } from "../src/http/graphql/view-engine.ts";
import type { ServerEntry } from "../src/registry/server-entry.ts";
import type { View } from "../src/registry/view.ts";
import { chooseServer, NamespaceSource } from "../resolvers/choose-server.ts";
import { typedToolResolver } from "../resolvers/run-typed-tool.ts";
import { namespaceNames, type NamespaceName } from "./namespace-names.ts";
import { staticSchema } from "./static-schema.ts";
import {
  buildNamespace,
  exampleOf,
  requestIdArgument,
  signatureOf,
  type Namespace,
  type TranslatedTool,
} from "./translate/index.ts";
import { translated } from "./translated.ts";

interface ViewNamespace {
  readonly name: NamespaceName;
  /** Visible servers of it: one for a discovered server, any number for a type. */
  readonly servers: readonly ServerEntry[];
  readonly isType: boolean;
  readonly tools: ReadonlyMap<string, TranslatedTool>;
  readonly built: Namespace;
}

type Fields = GraphQLFieldConfigMap<unknown, GraphqlContext>;

const staticFields = (root: "Query" | "Mutation"): Fields =>
  (staticSchema.getType(root) as GraphQLObjectType<unknown, GraphqlContext>).toConfig().fields;
const reserved = [...Object.keys(staticFields("Query")), ...Object.keys(staticFields("Mutation"))];

export function buildViewGraph(view: View): ViewGraph {
  const namespaces = namespacesOf(view);
  const query: Fields = { ...staticFields("Query") };
  const mutation: Fields = { ...staticFields("Mutation") };
  for (const namespace of namespaces) {
    const { name, built } = namespace;
    if (built.queryFields) query[name.field] = namespaceField(namespace, built.queryFields);
    if (built.mutationFields) mutation[name.field] = namespaceField(namespace, built.mutationFields);
  }
  const schema = new GraphQLSchema({
    query: new GraphQLObjectType({ name: "Query", fields: query }),
    mutation: new GraphQLObjectType({ name: "Mutation", fields: mutation }),
    // Each tool was built alone and the static part is tested; validating 10,000 tools again would cost every view 0.1 s.
    assumeValid: true,
  });
  return { schema, texts: textsOf(namespaces) };
}

function namespacesOf(view: View): ViewNamespace[] {
  const names = namespaceNames(view.generation, reserved);
  const groups = new Map<string, ServerEntry[]>();
  for (const server of view.servers) {
    const key = server.runtime.connector?.namespace === "type" ? `type:${server.type}` : `server:${server.id}`;
    groups.set(key, [...(groups.get(key) ?? []), server]);
  }
  return [...groups].flatMap(([key, servers]) => {
    const name = names.get(key);
    return name ? [namespaceOf(view, name, servers, key.startsWith("type:"))] : [];
  });
}

function namespaceOf(view: View, name: NamespaceName, servers: readonly ServerEntry[], isType: boolean): ViewNamespace {
  const tools = new Map<string, TranslatedTool>();
  for (const server of servers) {
    for (const tool of view.tools(server))
      if (!tools.has(tool.name)) tools.set(tool.name, translated(tool, name.prefix, isType));
  }
  const built = buildNamespace({
    queryTypeName: `${name.prefix}Queries`,
    mutationTypeName: `${name.prefix}Mutations`,
    tools: [...tools.values()],
    resolve: (toolName) => {
      const tool = tools.get(toolName);
      if (!tool) throw new Error("invariant: a namespace resolves its own tools");
      const options = {
        toolName,
        effect: tool.effect,
        requestIdArgument: requestIdArgument(tool),
        toInput: tool.toInput.bind(tool),
      };
      return typedToolResolver(options) as GraphQLFieldResolver<unknown, unknown>;
    },
  });
  return { name, servers, isType, tools, built };
}

function namespaceField(namespace: ViewNamespace, type: GraphQLObjectType): Fields[string] {
  const [first] = namespace.servers;
  const description = namespace.isType
    ? `Tools of ${first?.runtime.connector?.title ?? namespace.name.field}.`
    : `Tools of ${first?.name ?? namespace.name.field}.`;
  if (!namespace.isType) return { type, description, resolve: () => new NamespaceSource(first!.id) };
  return {
    type,
    description,
    args: { server: { type: GraphQLID, description: "Which server; may be left out when there is only one." } },
    resolve: (_root, args: { server?: string | null }) =>
      new NamespaceSource(chooseServer(namespace.servers, args.server ?? undefined)),
  };
}

function textsOf(namespaces: readonly ViewNamespace[]): ToolTexts {
  const byServer = new Map<string, ViewNamespace>();
  for (const namespace of namespaces) for (const server of namespace.servers) byServer.set(server.id, namespace);
  const found = (server: ServerEntry, tool: Tool) => {
    const namespace = byServer.get(server.id);
    const translatedTool = namespace?.tools.get(tool.name);
    if (!namespace || !translatedTool) return undefined;
    const { field } = namespace.name;
    return {
      tool: translatedTool,
      // With several servers of a type the operation has to say which.
      namespaceField: namespace.servers.length > 1 ? `${field}(server: ${JSON.stringify(server.id)})` : field,
      fieldName: namespace.built.fieldNames.get(tool.name),
    };
  };
  return {
    signature: (server, tool) => {
      const place = found(server, tool);
      return place ? signatureOf(place.tool, place.namespaceField, place.fieldName) : "";
    },
    example: (server, tool) => {
      const place = found(server, tool);
      return place ? exampleOf(place.tool, place.namespaceField, tool.examples, place.fieldName) : "";
    },
    diagnostics: (server, tool) => found(server, tool)?.tool.diagnostics ?? [],
  };
}
