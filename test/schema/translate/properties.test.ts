import { getNamedType, isLeafType, isObjectType, isUnionType, parse, validate, type GraphQLNamedType } from "graphql";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { exampleOf, sdlOf, signatureOf, type TranslatedTool } from "../../../schema/translate/index.ts";
import { writeLiteral } from "../../../schema/translate/write-literal.ts";
import { hostileSchema, schemaWithValue } from "./arbitrary-schemas.ts";
import { graphOf, type Graph } from "./graph-of.ts";

/** Selects every field to a depth, each under a name of its own, since union members may type one name differently. */
function everything(type: GraphQLNamedType, depth = 4): string {
  if (isLeafType(type)) return "";
  if (isUnionType(type)) {
    return `{ __typename ${type
      .getTypes()
      .map((member) => `... on ${member.name} ${everything(member, depth)}`)
      .join(" ")} }`;
  }
  if (!isObjectType(type)) return "";
  const fields = Object.values(type.getFields()).flatMap(({ name, type: fieldType }) => {
    const named = getNamedType(fieldType);
    return depth > 1 || isLeafType(named) ? [`${type.name}__${name}: ${name} ${everything(named, depth - 1)}`] : [];
  });
  return `{ raw ${fields.join(" ")} }`;
}

const onlyTool = ({ tools }: Graph): TranslatedTool => {
  if (!tools[0]) throw new Error("the graph has no tool");
  return tools[0];
};

describe("for any schema at all", () => {
  it("the graph is valid, its texts parse, and the generated example is a valid operation", () => {
    fc.assert(
      fc.property(hostileSchema, hostileSchema, (input, output) => {
        const graph = graphOf({ input, output }, { name: "writes", effect: "write", input: output, output: input });
        for (const tool of graph.tools) {
          parse(sdlOf(tool, "Queries"));
          expect(signatureOf(tool, "test")).toContain(`test.${tool.fieldName}`);
          expect(validate(graph.schema, parse(exampleOf(tool, "test")))).toEqual([]);
          expect(tool.diagnostics.filter((line) => line.includes("could not be translated"))).toEqual([]);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("any value survives in raw unchanged, and asking for every field gives no error", async () => {
    await fc.assert(
      fc.asyncProperty(hostileSchema, fc.jsonValue({ maxDepth: 3 }), async (output, value) => {
        const answer = JSON.parse(JSON.stringify(value)) as unknown;
        const graph = graphOf({ output, answer });
        const { data, errors } = await graph.run(
          `{ test { tryIt ${everything(getNamedType(onlyTool(graph).type))} } }`,
        );
        expect(errors).toEqual([]);
        const { tryIt } = (data as { test: { tryIt: { raw: unknown } | null } }).test;
        expect(answer === null ? tryIt : tryIt?.raw).toEqual(answer);
      }),
      { numRuns: 200 },
    );
  });
});

describe("for a sensible schema", () => {
  it("the generated pairs of schema and value are valid by an independent validator", () => {
    fc.assert(
      fc.property(schemaWithValue, ({ schema, value }) => {
        // Ajv passes over properties of that name.
        fc.pre(!JSON.stringify([schema, value]).includes("__proto__"));
        const check = new Ajv2020({ strict: false, ownProperties: true }).compile(schema);
        expect([check(value), check.errors]).toEqual([true, null]);
      }),
      { numRuns: 100, maxSkipsPerRun: 20 },
    );
  });

  it("a valid result survives in raw, and asking for every field gives no error", async () => {
    await fc.assert(
      fc.asyncProperty(schemaWithValue, async ({ schema, value }) => {
        const graph = graphOf({ output: schema, answer: value });
        const { data, errors } = await graph.run(
          `{ test { tryIt ${everything(getNamedType(onlyTool(graph).type))} } }`,
        );
        expect(errors).toEqual([]);
        expect((data as { test: { tryIt: { raw: unknown } } }).test.tryIt.raw).toEqual(value);
      }),
      { numRuns: 150 },
    );
  });

  it("a valid input given as variables reaches the tool as it was", async () => {
    await fc.assert(
      fc.asyncProperty(schemaWithValue, async ({ schema, value }) => {
        const graph = graphOf({ input: schema, answer: {} });
        const tool = onlyTool(graph);
        const given = tool.toArguments(value);
        const args = Object.entries(tool.args).filter(([name]) => Object.hasOwn(given, name));
        const head =
          args.length > 0 ? `query(${args.map(([name, { type }]) => `$${name}: ${String(type)}`).join(", ")})` : "";
        const list = args.length > 0 ? `(${args.map(([name]) => `${name}: $${name}`).join(", ")})` : "";
        const { errors } = await graph.run(`${head} { test { tryIt${list} { raw } } }`, given);
        expect(errors).toEqual([]);
        expect(graph.inputs).toEqual([value]);
      }),
      { numRuns: 200 },
    );
  });

  it("a valid input written as literals reaches the tool as it was", async () => {
    let written = 0;
    await fc.assert(
      fc.asyncProperty(schemaWithValue, async ({ schema, value }) => {
        const graph = graphOf({ input: schema, answer: {} });
        const tool = onlyTool(graph);
        const given = tool.toArguments(value);
        const literals = Object.entries(tool.args)
          .filter(([name]) => Object.hasOwn(given, name))
          .map(([name, { type }]) => [name, writeLiteral(given[name], type)] as const);
        // JSON with keys that are no GraphQL names can only be a variable.
        fc.pre(literals.every(([, literal]) => literal !== undefined));
        written++;
        const list = literals.length > 0 ? `(${literals.map((pair) => pair.join(": ")).join(", ")})` : "";
        const { errors } = await graph.run(`{ test { tryIt${list} { raw } } }`);
        expect(errors).toEqual([]);
        expect(graph.inputs).toEqual([value]);
      }),
      { numRuns: 150, maxSkipsPerRun: 20 },
    );
    expect(written).toBeGreaterThanOrEqual(150);
  });

  it("a generated example of a required input is valid", () => {
    fc.assert(
      fc.property(schemaWithValue, ({ schema, value }) => {
        const graph = graphOf({ input: schema, output: schema });
        for (const examples of [[], [{ input: value }]]) {
          expect(validate(graph.schema, parse(exampleOf(onlyTool(graph), "test", examples)))).toEqual([]);
        }
      }),
      { numRuns: 300 },
    );
  });
});
