/** The graph of one permission view: the static part and a namespace for each type or server whose tools are visible. */
import {
  GraphQLID,
  GraphQLObjectType,
  type GraphQLFieldConfigMap,
  type GraphQLNamedType,
  type GraphQLSchema,
} from "graphql";
import type { Tool } from "../src/connector/tool.ts";
import type { GraphqlContext, ToolTexts } from "../src/http/graphql/graphql-context.ts";
import type { ViewGraph } from "../src/http/graphql/view-graph.ts";
import type { ServerEntry } from "../src/registry/server-entry.ts";
import type { View } from "../src/registry/view.ts";
import { TimeSlice } from "../src/time-slice.ts";
import { chooseServer, NamespaceSource } from "../resolvers/choose-server.ts";
import { LazyNamespace } from "./lazy-namespace.ts";
import { isUnread, LazySchema, typesOf } from "./lazy-schema.ts";
import { namespaceKey, namespaceNames } from "./namespace-names.ts";
import { sameNamespaces, type NamespaceFacts } from "./same-namespaces.ts";
import { staticSchema } from "./static-schema.ts";
import { exampleOf, sdlOf, signatureOf } from "./translate/index.ts";

type Fields = GraphQLFieldConfigMap<unknown, GraphqlContext>;

const staticFields = (root: "Query" | "Mutation"): Fields =>
  (staticSchema.getType(root) as GraphQLObjectType<unknown, GraphqlContext>).toConfig().fields;
const reserved = [...Object.keys(staticFields("Query")), ...Object.keys(staticFields("Mutation"))];

/** So few parts are made at once; more of them take turns with other requests. */
const FEW = 4;

/** Cheap whatever the number of tools: a tool's field and types are made when an operation first names them. */
export async function buildViewGraph(view: View): Promise<ViewGraph> {
  const slice = new TimeSlice();
  const facts = namespaceFacts(view);
  const namespaces: LazyNamespace[] = [];
  const query: Fields = { ...staticFields("Query") };
  const mutation: Fields = { ...staticFields("Mutation") };
  if (!view.isOperator) delete mutation.resetCircuit;
  for (const { name, servers, isType } of facts) {
    if (slice.isOver) await slice.pause();
    const namespace = await LazyNamespace.open(view, name, servers, isType, slice);
    namespaces.push(namespace);
    const { queryType, mutationType } = namespace;
    if (queryType) query[name.field] = namespaceField(namespace, queryType);
    if (mutationType) mutation[name.field] = namespaceField(namespace, mutationType);
  }
  const subscription = staticSchema.getSubscriptionType();
  const schema = new LazySchema(
    {
      query: new GraphQLObjectType({ name: "Query", fields: query }),
      mutation: new GraphQLObjectType({ name: "Mutation", fields: mutation }),
      ...(subscription && { subscription }),
      // Each tool was built alone and the static part is tested; validating 10,000 tools again would cost every view 0.1 s.
      assumeValid: true,
    },
    (typeName) => {
      for (const namespace of namespaces) namespace.readFieldsOf(typeName);
    },
  );
  const staticTypes = Object.values(schema.getTypeMap());
  for (const namespace of namespaces) await namespace.addFields(schema, slice);
  const namespaceOf = new Map<GraphQLNamedType, LazyNamespace>(
    namespaces.flatMap((namespace) => namespace.types.map((type) => [type, namespace] as const)),
  );
  return {
    schema,
    texts: textsOf(namespaces),
    size: namespaces.reduce((sum, { size }) => sum + size, 0),
    fits: (next) => sameNamespaces(facts, namespaceFacts(next)),
    make: (names) => {
      const due = unreadOf(namespaces, schema, names);
      if (due.length > FEW) return inTurns(due);
      for (const read of due) read();
      return undefined;
    },
    complete: () => {
      for (const { types } of namespaces) for (const type of types) void Object.values(type.getFields());
    },
    fieldsOf: (type) => namespaceOf.get(type)?.fieldsOf(type as GraphQLObjectType),
    *types() {
      const seen = new Set<string>();
      for (const type of staticTypes) {
        seen.add(type.name);
        yield type;
      }
      for (const namespace of namespaces) {
        for (const parent of namespace.types) {
          for (const field of namespace.fieldsOf(parent)) {
            for (const type of typesOf(field)) {
              if (seen.has(type.name)) continue;
              seen.add(type.name);
              yield type;
            }
          }
        }
      }
    },
  };
}

/** The whole schema of a view, every tool in it made: for printing. */
export async function completeSchema(view: View): Promise<GraphQLSchema> {
  const graph = await buildViewGraph(view);
  graph.complete();
  return graph.schema;
}

function namespaceFacts(view: View): NamespaceFacts[] {
  const names = namespaceNames(view.generation, reserved);
  return [...Map.groupBy(view.servers, namespaceKey)].flatMap(([key, servers]) => {
    const name = names.get(key);
    const tools = servers.map((server) => view.graphTools(server));
    return name ? [{ name, servers, tools, isType: key.startsWith("type:") }] : [];
  });
}

/** What would have to be made for an operation that uses these names. */
function unreadOf(
  namespaces: readonly LazyNamespace[],
  schema: LazySchema,
  names: { readonly fields: ReadonlySet<string>; readonly types: ReadonlySet<string> },
): (() => unknown)[] {
  const due: (() => unknown)[] = [];
  for (const namespace of namespaces) {
    if (!names.fields.has(namespace.name.field)) continue;
    for (const type of namespace.types) {
      for (const field of names.fields) if (isUnread(type, field)) due.push(...namespace.firstUse(type, field));
    }
  }
  const known = schema.getTypeMap();
  for (const type of names.types) if (!Object.hasOwn(known, type)) due.push(() => schema.getType(type));
  return due;
}

async function inTurns(work: readonly (() => unknown)[]): Promise<void> {
  const slice = new TimeSlice();
  for (const step of work) {
    if (slice.isOver) await slice.pause();
    step();
  }
}

function namespaceField(namespace: LazyNamespace, type: GraphQLObjectType): Fields[string] {
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

function textsOf(namespaces: readonly LazyNamespace[]): ToolTexts {
  const byServer = new Map<string, LazyNamespace>();
  for (const namespace of namespaces) for (const server of namespace.servers) byServer.set(server.id, namespace);
  const found = (server: ServerEntry, { name }: Tool) => {
    const namespace = byServer.get(server.id);
    const tool = namespace?.tool(name);
    if (!namespace || !tool) return undefined;
    const { field, prefix } = namespace.name;
    return {
      tool: namespace.translation(tool),
      // With several servers of a type the operation has to say which.
      namespaceField: namespace.servers.length > 1 ? `${field}(server: ${JSON.stringify(server.id)})` : field,
      typeName: `${prefix}${tool.effect === "read" ? "Queries" : "Mutations"}`,
      fieldName: namespace.fieldName(tool),
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
    sdl: (server, tool) => {
      const place = found(server, tool);
      return place ? sdlOf(place.tool, place.typeName, place.fieldName) : "";
    },
    diagnostics: (server, tool) => found(server, tool)?.tool.diagnostics ?? [],
  };
}
