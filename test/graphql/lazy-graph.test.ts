/** A graph makes tools when they are named, holds only what its caller may see, and outlives reloads that change nothing of it. */
import { buildSchema, parse, printSchema, type GraphQLObjectType } from "graphql";
import { expect, test } from "vitest";
import { buildViewGraph, completeSchema } from "../../schema/view-graph.ts";
import { documentNames } from "../../src/http/graphql/document-names.ts";
import { ServedViews } from "../../src/http/graphql/served-views.ts";
import type { Admission } from "../../src/gateway.ts";
import { startGateway, type StartedGateway } from "../support/start-gateway.ts";
import { manyTools, SHELF, shelfOf, shelfTool, startShelf } from "./tool-shelf.ts";

function admissionOf({ composed }: StartedGateway, roles = ["developer"]): Admission {
  const generation = composed.registry.current!;
  const caller = { id: "someone", roles, method: "api_key" as const };
  return { generation, caller, view: generation.viewOf(caller), prepaid: { calls: 1 } };
}

test("a tool costs nothing until an operation names it, and then only itself", async () => {
  await using gateway = await startShelf(manyTools(200));
  const graph = await buildViewGraph(admissionOf(gateway).view);
  const made = () => Object.keys(graph.schema.getTypeMap()).filter((name) => /^Shelf_\w+\d$/.test(name));
  expect(made()).toEqual([]);
  await graph.make(documentNames(parse("{ shelf { findThing7 { key } findThing8 { key } } }")));
  expect(made().sort()).toEqual(["Shelf_FindThing7", "Shelf_FindThing8"]);
  graph.complete();
  expect(made()).toHaveLength(200);
});

test("reads are queries, everything else is a mutation, and there is no type for what no tool does", async () => {
  await using mixed = await startShelf([
    shelfTool("get_thing"),
    shelfTool("make_thing", { effect: "write" }),
    shelfTool("drop_thing", { effect: "destructive" }),
  ]);
  const fieldsOf = async (gateway: StartedGateway, name: string) => {
    const type = (await completeSchema(admissionOf(gateway).view)).getType(name);
    return type && Object.keys((type as GraphQLObjectType).getFields());
  };
  expect(await fieldsOf(mixed, "ShelfQueries")).toEqual(["getThing"]);
  expect(await fieldsOf(mixed, "ShelfMutations")).toEqual(["makeThing", "dropThing"]);
  await using reading = await startShelf([shelfTool("get_thing")]);
  await using writing = await startShelf([shelfTool("make_thing", { effect: "write" })]);
  expect(await fieldsOf(reading, "ShelfMutations")).toBeUndefined();
  expect(await fieldsOf(writing, "ShelfQueries")).toBeUndefined();
});

test("tools are kept apart whose names camelCase would merge, in any order", async () => {
  const names = ["create_issue", "createIssue", "create-issue", "create.issue"];
  const typesIn = async (order: readonly string[]) => {
    await using gateway = await startShelf([shelfTool("find_thing"), ...order.map((name) => shelfTool(name))]);
    const type = (await completeSchema(admissionOf(gateway).view)).getType("ShelfQueries") as GraphQLObjectType;
    return new Map(Object.values(type.getFields()).map((field) => [field.extensions.toolName, field]));
  };
  const forward = await typesIn(names);
  const backward = await typesIn(names.toReversed());
  expect(forward.get("find_thing")).toMatchObject({ name: "findThing" });
  expect(String(forward.get("find_thing")!.type)).toBe("Shelf_FindThing");
  expect(forward.get("create_issue")!.name).toBe("create_issue");
  expect(forward.get("createIssue")!.name).toBe("createIssue");
  expect(new Set(names.map((name) => forward.get(name)!.name)).size).toBe(4);
  for (const name of names) {
    expect(String(forward.get(name)!.type)).toMatch(/^Shelf_CreateIssue_t[0-9a-z]{6}$/);
    expect(String(backward.get(name)!.type)).toBe(String(forward.get(name)!.type));
    expect(backward.get(name)!.name).toBe(forward.get(name)!.name);
  }
});

test("views share the types of a tool, and nothing of the namespace around it", async () => {
  await using gateway = await startShelf([shelfTool("find_thing"), shelfTool("make_thing", { effect: "write" })], {
    gateway: {
      policies: [
        { roles: ["developer"], allow: [{}] },
        { roles: ["reader"], allow: [{ effects: ["read"] }] },
      ],
    },
  });
  const schemaOf = (role: string) => completeSchema(admissionOf(gateway, [role]).view);
  const [all, some] = [await schemaOf("developer"), await schemaOf("reader")];
  expect(some.getType("Shelf_FindThing")).toBe(all.getType("Shelf_FindThing"));
  expect(some.getType("Shelf_FindThing")).toBeDefined();
  expect(some.getType("ShelfQueries")).not.toBe(all.getType("ShelfQueries"));
  expect(some.getType("ShelfMutations")).toBeUndefined();
});

test("types that are named before their field are there: variables, fragments, types of results", async () => {
  await using gateway = await startShelf([...manyTools(20), shelfTool("silent")]);
  const { body } = await gateway.graphql(
    `fragment O on Shelf_FindThing3_Owner { name __typename }
     query Q($status: Shelf_FindThing3_StatusEnum!, $range: Shelf_FindThing3_RangeInput) {
       shelf { ...R } }
     fragment R on ShelfQueries { findThing3(status: $status, range: $range) { key owner { ...O } raw } }`,
    { status: "open", range: { from: "a" } },
  );
  expect(body).toEqual({
    data: {
      shelf: {
        findThing3: {
          key: "find_thing_3",
          owner: { name: "Ann", __typename: "Shelf_FindThing3_Owner" },
          raw: {
            key: "find_thing_3",
            owner: { name: "Ann" },
            input: { status: "open", range: { from: "a" } },
          },
        },
      },
    },
  });
});

test("names that nobody has are refused as such, however they look", async () => {
  await using gateway = await startShelf(manyTools(20));
  const { body } = await gateway.graphql(
    "query Q($x: Shelf_FindThing99_StatusEnum) { shelf { ...F } } fragment F on Shelf_Nope { a }",
  );
  expect(body.errors!.map(({ message }) => message)).toEqual(
    expect.arrayContaining(['Unknown type "Shelf_FindThing99_StatusEnum".', 'Unknown type "Shelf_Nope".']),
  );
});

test("Tool.sdl is a schema by itself that holds the tool's field", async () => {
  await using gateway = await startShelf([shelfTool("find_thing"), shelfTool("make_thing", { effect: "destructive" })]);
  const { body } = await gateway.graphql(
    '{ tools { nodes { name sdl signature } } searchTools(query: "find") { tool { sdl } } }',
  );
  const [find, make] = body.data.tools.nodes;
  expect(find.sdl).toMatch(/^type ShelfQueries \{/);
  expect(make.sdl).toMatch(/^type ShelfMutations \{/);
  expect(make.sdl).toContain("makeThing");
  expect(body.data.searchTools[0].tool.sdl).toBe(find.sdl);
  const schema = buildSchema(find.sdl as string);
  expect(printSchema(schema)).toContain("status: Shelf_FindThing_StatusEnum");
  const whole = printSchema(await completeSchema(admissionOf(gateway).view));
  expect(whole).toContain("enum Shelf_FindThing_StatusEnum");
});

test("a reload keeps the graphs of views that show what they showed, and replaces the others", async () => {
  const rules = (hidden: string) => ({
    policies: [
      { roles: ["all"], allow: [{}] },
      { roles: ["little"], allow: [{}], deny: [{ tools: [hidden] }] },
    ],
  });
  await using gateway = await startGateway({
    servers: [SHELF],
    connectors: shelfOf(manyTools(20)),
    gateway: rules("find_thing_1"),
  });
  let built = 0;
  const views = new ServedViews(gateway.composed.gateway, (view) => {
    built += 1;
    return buildViewGraph(view);
  });
  const all = await views.of(admissionOf(gateway, ["all"]));
  const little = await views.of(admissionOf(gateway, ["little"]));
  expect(views.of(admissionOf(gateway, ["all", "unknown"]))).toBe(all);
  const document = all.engine.parse("{ shelf { findThing1 { key } } }");
  await all.engine.prepare(document);

  await gateway.apply({ servers: [SHELF], gateway: { ...rules("find_thing_1"), logging: { level: "warn" } } });
  expect(views.of(admissionOf(gateway, ["all"]))).toBe(all);
  expect(views.of(admissionOf(gateway, ["little"]))).toBe(little);
  // What was known of its documents is still known.
  expect(all.engine.prepare(all.engine.parse("{ shelf { findThing1 { key } } }"))).toBeUndefined();

  await gateway.apply({ servers: [SHELF], gateway: rules("find_thing_2") });
  expect(views.of(admissionOf(gateway, ["all"]))).toBe(all);
  const other = await views.of(admissionOf(gateway, ["little"]));
  expect(other).not.toBe(little);
  const faults = (served: typeof other, field: string) => {
    const asked = served.engine.parse(`{ shelf { ${field} { key } } }`);
    return served.engine.validate(asked).length;
  };
  expect([faults(other, "findThing1"), faults(other, "findThing2")]).toEqual([0, 1]);
  expect(built).toBe(3);

  await gateway.apply({ servers: [SHELF], gateway: { ...rules("find_thing_2"), limits: { query_depth: 3 } } });
  expect(await views.of(admissionOf(gateway, ["all"]))).not.toBe(all);
});

test("requests that meet while a view's graph is being made share it", async () => {
  await using gateway = await startShelf(manyTools(20));
  let built = 0;
  const views = new ServedViews(gateway.composed.gateway, (view) => {
    built += 1;
    return buildViewGraph(view);
  });
  const admission = admissionOf(gateway);
  const served = await Promise.all(Array.from({ length: 10 }, async () => views.of(admission)));
  expect(new Set(served).size).toBe(1);
  expect(built).toBe(1);
});
