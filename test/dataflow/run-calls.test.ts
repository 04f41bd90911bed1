/** Calls that refer to each other: what they are given, and what is refused before any of them runs. */
import { describe, expect, it } from "vitest";
import { MAX_CHAIN } from "../../src/dataflow/plan-calls.ts";
import { executionOf, refused, run, type Call } from "./echo-calls.ts";

describe("a reference", () => {
  it("stands for the whole output of another call, wherever it is in the input", async () => {
    const { inputs } = await run([
      { id: "a", input: { n: 1 } },
      { id: "b", input: { deep: [{ from: { $from: "a", select: "given.n" } }], whole: { $from: "a" } } },
    ]);
    expect(inputs.b).toEqual({ deep: [{ from: 1 }], whole: { id: "a", given: { n: 1 } } });
  });

  it("may be the whole input, and may come before the call it refers to", async () => {
    const { begun } = await run([
      { id: "b", input: { $from: "a", select: "given" } },
      { id: "a", input: { n: 1 } },
    ]);
    expect(begun).toEqual([
      { id: "a", input: { n: 1 } },
      { id: "b", input: { n: 1 } },
    ]);
  });

  it("to nothing in the output is null", async () => {
    const { inputs } = await run([
      { id: "a", input: {} },
      { id: "b", input: { x: { $from: "a", select: "not.there" } } },
    ]);
    expect(inputs.b).toEqual({ x: null });
  });

  it("is escaped by $literal, which escapes itself", async () => {
    const { inputs } = await run([
      { id: "a", input: {} },
      {
        id: "b",
        input: {
          one: { $literal: { $from: "a" } },
          two: { $literal: { $literal: 1 } },
          three: { $literal: 1, beside: 2 },
        },
      },
    ]);
    expect(inputs.b).toEqual({ one: { $from: "a" }, two: { $literal: 1 }, three: { $literal: 1, beside: 2 } });
  });

  it("has a second spelling, for literals in GraphQL documents", async () => {
    const { inputs } = await run([
      { id: "a", input: { n: 1 } },
      { id: "b", input: { x: { __from: "a", select: "given.n" }, y: { __literal: { __from: "a" } } } },
    ]);
    expect(inputs.b).toEqual({ x: 1, y: { __from: "a" } });
  });

  it("gives each call a copy: a tool that changes its input changes nobody's result", async () => {
    const { answers } = await run(
      [
        { id: "a", input: { list: [1] } },
        { id: "b", input: { $from: "a", select: "given" } },
        { id: "c", input: { $from: "a", select: "given" } },
      ],
      {
        run: async (call, input) => {
          const given = input as { list: number[] };
          const before = [...given.list];
          if (call.id !== "a") given.list.push(2);
          return executionOf(call, { given: { list: before } });
        },
      },
    );
    expect(answers.map(({ output }) => output)).toEqual(answers.map(() => ({ given: { list: [1] } })));
  });

  it("keeps a key named __proto__ an ordinary one", async () => {
    const input: unknown = JSON.parse(
      '{"__proto__": {"$from": "a", "select": "given.n"}, "constructor": {"$from": "a", "select": "constructor"}}',
    );
    const { begun } = await run([
      { id: "a", input: { n: { polluted: true } } },
      { id: "__proto__", input },
    ]);
    expect(JSON.stringify(begun[1]?.input)).toBe('{"__proto__":{"polluted":true},"constructor":null}');
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

describe("what is refused before anything runs", () => {
  it.each<[string, readonly Call[], string, RegExp]>([
    [
      "an id used twice",
      [
        { id: "a", input: {} },
        { id: "a", input: {} },
      ],
      "calls.1.id",
      /used twice/,
    ],
    [
      "a reference to nothing",
      [{ id: "a", input: { x: { $from: "b" } } }],
      "calls.0.input.x.$from",
      /'b' is not the id/,
    ],
    [
      "a reference to itself",
      [{ id: "a", input: { x: { $from: "a" } } }],
      "calls.0.input.x.$from",
      /is this call itself/,
    ],
    [
      "an id from the prototype",
      [{ id: "a", input: { x: { $from: "toString" } } }],
      "calls.0.input.x.$from",
      /is not the id/,
    ],
    ["no id", [{ input: {} }, { input: { $from: 3 } }], "calls.1.input.$from", /is not the id of a call/],
    [
      "more than a reference",
      [{ id: "a", input: {} }, { input: { x: { $from: "a", to: "b" } } }],
      "calls.1.input.x.to",
      /does not belong/,
    ],
    [
      "bad JMESPath",
      [{ id: "a", input: {} }, { input: { x: { $from: "a", select: "[" } } }],
      "calls.1.input.x.select",
      /.+/,
    ],
    [
      "an unknown function",
      [{ id: "a", input: {} }, { input: { x: { $from: "a", select: "run(@)" } } }],
      "calls.1.input.x.select",
      /no function run/,
    ],
  ])("%s", async (_, calls, path, problem) => {
    const problems = await refused(calls);
    expect(problems.map((each) => each.path)).toEqual([path]);
    expect(problems[0]?.problem).toMatch(problem);
  });

  it("a circle, which is named", async () => {
    const problems = await refused([
      { id: "free", input: {} },
      { id: "a", input: { x: { $from: "c" } } },
      { id: "b", input: { x: { $from: "a" }, y: { $from: "free" } } },
      { id: "c", input: { x: { $from: "b" } } },
      { id: "behind", input: { x: { $from: "c" } } },
    ]);
    expect(problems[0]?.problem).toBe("wait for each other in a circle: a → c → b → a");
  });

  it("in sequence, a reference to a later call", async () => {
    const calls = [
      { id: "b", input: { $from: "a" } },
      { id: "a", input: {} },
    ];
    expect((await refused(calls, { mode: "SEQUENTIAL" }))[0]?.problem).toMatch(/'a' is a later call/);
  });

  it(`a chain of more than ${MAX_CHAIN} calls, and not one of ${MAX_CHAIN}`, async () => {
    const chain = (length: number): Call[] =>
      Array.from({ length: length + 1 }, (_, at) => ({
        id: `${at}`,
        input: at === 0 ? {} : { x: { $from: `${at - 1}` } },
      }));
    expect((await run(chain(MAX_CHAIN))).answers.every(({ error }) => !error)).toBe(true);
    expect((await refused(chain(MAX_CHAIN + 1)))[0]?.problem).toMatch(/chain of 21/);
  });

  it("more references than anyone needs, and inputs nested without end", async () => {
    const many = { list: Array.from({ length: 1001 }, () => ({ $from: "a" })) };
    expect((await refused([{ id: "a", input: {} }, { input: many }]))[0]?.problem).toMatch(/1001 references/);
    let deep: unknown = { $from: "a" };
    for (let level = 0; level < 5_000; level += 1) deep = [deep];
    expect((await refused([{ id: "a", input: {} }, { input: { deep } }]))[0]?.problem).toMatch(/nested too deep/);
  });
});

describe("a failure", () => {
  it("stops what refers to it, all the way down, and nothing else", async () => {
    const { answers, begun } = await run([
      { id: "a", input: { fail: "the server is down" } },
      { id: "b", input: { x: { $from: "a" } } },
      { id: "c", input: { x: { $from: "b" } }, requestId: "mine" },
      { id: "d", input: {} },
    ]);
    expect(begun.map(({ id }) => id)).toEqual(["a", "d"]);
    expect(answers.map(({ error }) => error?.code)).toEqual([
      "MCP_SERVER_ERROR",
      "DATA_TRANSFORMATION_ERROR",
      "DATA_TRANSFORMATION_ERROR",
      undefined,
    ]);
    expect(answers[1]?.error?.details).toEqual({ skipped: true, dependsOn: ["a"] });
    expect(answers[2]?.error?.details).toEqual({ skipped: true, dependsOn: ["b"] });
    expect(answers[2]).toMatchObject({ attempts: 0, originalRequestId: "mine", output: null });
    expect(answers[1]?.error?.isRetryable()).toBe(true);
  });

  it("with stopOnError ends a sequence, and every call still has its answer", async () => {
    const calls = [{ id: "a", input: {} }, { input: { fail: "no" } }, { id: "c", input: {} }];
    const { answers, begun } = await run(calls, { mode: "SEQUENTIAL", stopOnError: true });
    expect(begun).toHaveLength(2);
    expect(answers[2]?.error).toMatchObject({
      code: "DATA_TRANSFORMATION_ERROR",
      status: 400,
      details: { skipped: true, stoppedBy: "calls.1" },
    });
  });

  it("without stopOnError does not end a sequence", async () => {
    const { begun } = await run([{ input: { fail: "no" } }, { input: {} }], { mode: "SEQUENTIAL" });
    expect(begun).toHaveLength(2);
  });

  it("with stopOnError begins nothing more in parallel either", async () => {
    const { answers, begun } = await run(
      [
        { id: "a", input: { fail: "no" } },
        { id: "b", input: {} },
        { id: "c", input: { x: { $from: "b" } } },
      ],
      { stopOnError: true },
    );
    expect(begun.map(({ id }) => id)).toEqual(["a", "b"]);
    expect(answers[2]?.error?.details).toEqual({ skipped: true, stoppedBy: "a" });
  });

  it("to follow a reference says which and why", async () => {
    const { answers } = await run([
      { id: "a", input: { n: 1 } },
      { id: "b", input: { x: { $from: "a", select: "length(given.n)" } } },
    ]);
    expect(answers[1]?.error?.message).toMatch(/a reference in its input cannot be followed: Invalid type: length\(\)/);
  });
});

describe("bounds", () => {
  it("an input that grew over the limit is not sent, and the others are", async () => {
    const { answers } = await run(
      [
        { id: "a", input: { text: "x".repeat(600) } },
        { id: "b", input: { one: { $from: "a", select: "given.text" }, two: { $from: "a", select: "given.text" } } },
        { id: "c", input: { one: { $from: "a", select: "given.text" } } },
      ],
      { maxInputLength: 1_000 },
    );
    expect(answers.map(({ error }) => error?.code)).toEqual([undefined, "PAYLOAD_TOO_LARGE", undefined]);
  });

  it("a result that cannot be handed on stops only what refers to it", async () => {
    let deep: unknown = 1;
    for (let level = 0; level < 200_000; level += 1) deep = [deep];
    const { answers } = await run(
      [
        { id: "deep", input: {} },
        { id: "odd", input: {} },
        { input: { x: { $from: "deep" } } },
        { input: { x: { $from: "odd" } } },
        { input: { x: { $from: "deep", select: "[0][]" } } },
        { input: {} },
      ],
      { run: async (call) => executionOf(call, call.id === "odd" ? { method: () => 1 } : deep) },
    );
    expect(answers.map(({ error }) => error?.code)).toEqual([
      undefined,
      undefined,
      "DATA_TRANSFORMATION_ERROR",
      "DATA_TRANSFORMATION_ERROR",
      "DATA_TRANSFORMATION_ERROR",
      undefined,
    ]);
  });

  it("100 calls cannot multiply one huge output", async () => {
    const huge = Array.from({ length: 20_000 }, (_, index) => ({ index, text: "x".repeat(30) }));
    let held = 0;
    const { answers } = await run(
      [{ id: "a", input: {} }, ...Array.from({ length: 99 }, () => ({ input: { all: { $from: "a" } } }))],
      {
        run: async (call, input) => {
          held += JSON.stringify(input).length;
          return executionOf(call, huge);
        },
      },
    );
    const codes = new Set(answers.map(({ error }) => error?.code));
    expect(codes).toEqual(new Set([undefined, "PAYLOAD_TOO_LARGE"]));
    expect(held).toBeLessThan(20_000_000);
  });

  it("selections of one request share their budget", async () => {
    const list = Array.from({ length: 30_000 }, (_, index) => index);
    const hungry = { x: { $from: "a", select: "length(map(&[@], @))" } };
    const { answers } = await run(
      [
        { id: "a", input: {} },
        ...Array.from({ length: 99 }, () => ({ input: { ...hungry, y: hungry.x, z: hungry.x } })),
      ],
      { run: async (call) => executionOf(call, list) },
    );
    const messages = answers.flatMap(({ error }) => (error ? [error.message] : []));
    expect(messages.length).toBeGreaterThan(0);
    expect(messages.every((message) => /too much work|too large a result/.test(message))).toBe(true);
  });
});
