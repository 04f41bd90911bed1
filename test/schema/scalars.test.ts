import { GraphQLObjectType, GraphQLSchema, graphql, type GraphQLFieldConfig } from "graphql";
import { describe, expect, it } from "vitest";
import { JSONScalar, SafeInt, toWholeNumber } from "../../schema/scalars.ts";

async function echo(scalar: typeof JSONScalar | typeof SafeInt, source: string, variableValues = {}) {
  const seen: unknown[] = [];
  const field: GraphQLFieldConfig<unknown, unknown, { value?: unknown }> = {
    type: scalar,
    args: { value: { type: scalar } },
    resolve: (_source, args) => {
      seen.push(args.value);
      return args.value;
    },
  };
  const schema = new GraphQLSchema({ query: new GraphQLObjectType({ name: "Query", fields: { echo: field } }) });
  const { data, errors } = await graphql({ schema, source, variableValues });
  return { seen, value: data?.echo, errors: errors?.map(({ message }) => message) };
}

describe("the JSON scalar", () => {
  it("passes a variable through unchanged", async () => {
    const value = { a: [1, "x", null, { b: true }] };
    expect((await echo(JSONScalar, "query($v: JSON) { echo(value: $v) }", { v: value })).value).toEqual(value);
  });

  it("reads literals with variables inside", async () => {
    const answer = await echo(JSONScalar, 'query($v: JSON) { echo(value: {a: [1, 2.5, "x", RED, null, $v]}) }', {
      v: 7,
    });
    expect(answer.value).toEqual({ a: [1, 2.5, "x", "RED", null, 7] });
  });

  it("keeps a key called __proto__ as data and pollutes nothing", async () => {
    const { seen } = await echo(JSONScalar, "{ echo(value: {__proto__: {polluted: true}, constructor: 1}) }");
    expect(Object.keys(seen[0] as object)).toEqual(["__proto__", "constructor"]);
    expect((seen[0] as { polluted?: unknown }).polluted).toBeUndefined();
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });
});

describe("the SafeInt scalar", () => {
  it.each(["5000000000", "-9007199254740991", "0", "123456789012345670000", "100000000000000000000"])(
    "keeps %s, as a literal and as a variable",
    async (text) => {
      expect((await echo(SafeInt, `{ echo(value: ${text}) }`)).value).toBe(Number(text));
      expect((await echo(SafeInt, "query($v: SafeInt) { echo(value: $v) }", { v: Number(text) })).value).toBe(
        Number(text),
      );
    },
  );

  it("refuses a literal that a number would round, instead of changing it", async () => {
    const { errors } = await echo(SafeInt, "{ echo(value: 9007199254740993) }");
    expect(errors?.[0]).toContain("9007199254740993 cannot be held exactly");
    expect((await echo(JSONScalar, "{ echo(value: {id: [9007199254740993]}) }")).errors).toHaveLength(1);
  });

  it.each(["1.5", '"5"', "true"])("refuses %s as an input", async (literal) => {
    expect((await echo(SafeInt, `{ echo(value: ${literal}) }`)).errors).toHaveLength(1);
  });

  it("keeps the value of whole numbers that a server sends as text", () => {
    expect(toWholeNumber("5000000000")).toBe(5_000_000_000);
    expect(toWholeNumber("90071992547409931")).toBe("90071992547409931");
    expect(toWholeNumber(90071992547409931n)).toBe("90071992547409931");
    expect(toWholeNumber("12px")).toBeUndefined();
    expect(toWholeNumber(1.5)).toBeUndefined();
  });
});
