/** `select` in the hands of strangers: what it finds, what it refuses, and that no expression can stall the process. */
import { describe, expect, it } from "vitest";
import { SelectBudget, SelectProblem } from "../../src/results/select-budget.ts";
import { compileSelect } from "../../src/results/select.ts";

const issues = {
  issues: [
    { key: "A-2", status: "Open", points: 3 },
    { key: "A-1", status: "Done", points: 5 },
  ],
};

describe("what is selected", () => {
  it.each([
    ["issues[].key", ["A-2", "A-1"]],
    ["issues[?status=='Open'].{key: key, size: points}", [{ key: "A-2", size: 3 }]],
    ["sort_by(issues, &points)[-1].key", "A-1"],
    ["sort_by(issues, &key)[0].key", "A-1"],
    ["join(', ', sort(issues[].key))", "A-1, A-2"],
    ["let $all = issues in $all[0].key", "A-2"],
    ["sum(issues[].points)", 8],
    ["nothing.here", null],
    ["trim('  a ')", "a"],
    ["trim_left('xxa', 'x')", "a"],
    ["replace('a-b', '-', '+')", "a+b"],
    ["pad_left('7', `3`, '0')", "007"],
    ["length(issues)", 2],
    ["issues[0] == issues[0]", true],
  ])("%s", (select, expected) => {
    expect(compileSelect(select).apply(issues)).toEqual(expected);
  });

  it("leaves the value as it is", () => {
    const before = structuredClone(issues);
    compileSelect("sort_by(issues, &key) | reverse(@) | [0].merge(@, {key: 'x'})").apply(issues);
    expect(issues).toEqual(before);
  });
});

describe("what is refused before anything runs", () => {
  it.each(["issues[", "issues[?", "foo(@)", "constructor(@)", "a".repeat(2001), "[".repeat(1990), ""])(
    "%.30s",
    (select) => {
      expect(() => compileSelect(select)).toThrow(SelectProblem);
    },
  );
});

describe("prototypes stay out of reach", () => {
  it.each(["__proto__", "constructor", "toString", "constructor.constructor", "__proto__.polluted"])(
    "%s is null",
    (select) => {
      expect(compileSelect(select).apply({ a: 1 })).toBeNull();
    },
  );

  it("a field named __proto__ is an ordinary one", () => {
    const data: unknown = JSON.parse('{"__proto__": {"a": 1}}');
    expect(JSON.stringify(compileSelect('{"__proto__": "__proto__".a}').apply(data))).toBe('{"__proto__":1}');
    expect(({} as Record<string, unknown>).a).toBeUndefined();
  });
});

describe("bombs", () => {
  const text = { text: " ".repeat(200_000) + "x", list: Array.from({ length: 50_000 }, (_, index) => `item ${index}`) };
  it.each([
    ["a web of references", Array.from({ length: 60 }, () => "[@,@]").join("|")],
    ["the same as text", `${Array.from({ length: 60 }, () => "[@,@]").join("|")}|to_string(@)`],
    ["a web compared with itself", `let $a = ${Array.from({ length: 40 }, () => "[@,@]").join("|")} in $a == $a`],
    ["arrays doubled", Array.from({ length: 60 }, () => "[@,@][]").join("|")],
    ["objects doubled", Array.from({ length: 60 }, () => "{a: @, b: @}").join("|")],
    ["a text padded to gigabytes", "pad_left('x', `1000000000`)"],
    ["a text replaced without end", "replace(text, ' ', text)"],
    ["a text replaced very often", "replace(text, ' ', '  ', `1000000000`)"],
    ["loops in loops", "let $all = list in list[*].[$all[*].[@]]"],
    ["a long text in every row", "let $text = text in list[].[$text, $text]"],
    ["joined over and over", "join(text, list)"],
    [
      "zipped with itself",
      "zip(list, list, list) | zip(@, @, @) | [@, @] | [@, @] | [@, @] | [@, @] | [@, @] | [@, @]",
    ],
  ])("%s is refused by the budget", (_, select) => {
    // By nothing else: without it each would run for minutes, fill the memory, or break on a text longer than any can be.
    expect(() => compileSelect(select).apply(text)).toThrow(/^it builds too large a result$/);
  });

  it("quadratic trimming is refused by the budget", () => {
    expect(() => compileSelect("trim_right(text, ' ')").apply(text)).toThrow(/^it takes too much work on this output$/);
  });

  it("several evaluations can share one budget", () => {
    const budget = new SelectBudget(0.1);
    const all = compileSelect("list[].[@]");
    expect(() => {
      for (let turn = 0; turn < 10; turn += 1) all.apply(text, budget);
    }).toThrow(SelectProblem);
  });
});
