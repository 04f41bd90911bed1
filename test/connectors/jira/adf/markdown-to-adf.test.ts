import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { AdfNode } from "../../../../connectors/jira/adf/adf-node.ts";
import { markdownToAdf } from "../../../../connectors/jira/adf/markdown-to-adf.ts";
import { anyMarkdown } from "./any-markdown.ts";
import { adfJudge } from "./adf-schema.ts";

const fault = adfJudge();

function text(value: string, ...marks: string[]): AdfNode {
  return { type: "text", text: value, ...(marks.length > 0 && { marks: marks.map((type) => ({ type })) }) };
}

function paragraph(...content: AdfNode[]): AdfNode {
  return { type: "paragraph", content };
}

function inline(markdown: string): readonly AdfNode[] {
  return markdownToAdf(markdown).content[0]?.content ?? [];
}

function linked(label: string, href: string): AdfNode {
  return { type: "text", text: label, marks: [{ type: "link", attrs: { href } }] };
}

describe("blocks", () => {
  test("headings of both kinds, rules and paragraphs", () => {
    expect(markdownToAdf("## Two ##\n\nOne\n===\n\ntext\n***\nmore").content).toEqual([
      { type: "heading", attrs: { level: 2 }, content: [text("Two")] },
      { type: "heading", attrs: { level: 1 }, content: [text("One")] },
      paragraph(text("text")),
      { type: "rule" },
      paragraph(text("more")),
    ]);
  });

  test("fenced code keeps its language, its indentation and what looks like Markdown in it", () => {
    expect(markdownToAdf("```ts title\nif (a) {\n  # b\n}\n```").content).toEqual([
      { type: "codeBlock", attrs: { language: "ts" }, content: [text("if (a) {\n  # b\n}")] },
    ]);
    expect(markdownToAdf("~~~\n```\n~~~").content).toEqual([{ type: "codeBlock", content: [text("```")] }]);
    expect(markdownToAdf("```").content).toEqual([{ type: "codeBlock" }]);
  });

  test("lists nest, even when a language model indents by two under a number", () => {
    expect(markdownToAdf("3. a\n  - b\n    - c\n4. d").content).toEqual([
      {
        type: "orderedList",
        attrs: { order: 3 },
        content: [
          {
            type: "listItem",
            content: [
              paragraph(text("a")),
              {
                type: "bulletList",
                content: [
                  {
                    type: "listItem",
                    content: [
                      paragraph(text("b")),
                      { type: "bulletList", content: [{ type: "listItem", content: [paragraph(text("c"))] }] },
                    ],
                  },
                ],
              },
            ],
          },
          { type: "listItem", content: [paragraph(text("d"))] },
        ],
      },
    ]);
  });

  test("tasks keep their state and nest", () => {
    const [list] = markdownToAdf("- [ ] a\n  - [x] b\n- [X] c").content;
    const id = expect.any(String) as string;
    expect(list).toEqual({
      type: "taskList",
      attrs: { localId: id },
      content: [
        { type: "taskItem", attrs: { localId: id, state: "TODO" }, content: [text("a")] },
        {
          type: "taskList",
          attrs: { localId: id },
          content: [{ type: "taskItem", attrs: { localId: id, state: "DONE" }, content: [text("b")] }],
        },
        { type: "taskItem", attrs: { localId: id, state: "DONE" }, content: [text("c")] },
      ],
    });
  });

  test("a table has a header row, and short rows are filled up", () => {
    const cell = (type: string, ...content: AdfNode[]) => ({ type, content: [paragraph(...content)] });
    expect(markdownToAdf("| a | b |\n|---|:-:|\n| 1 \\| 2 |").content).toEqual([
      {
        type: "table",
        content: [
          { type: "tableRow", content: [cell("tableHeader", text("a")), cell("tableHeader", text("b"))] },
          { type: "tableRow", content: [cell("tableCell", text("1 | 2")), cell("tableCell")] },
        ],
      },
    ]);
  });

  test("what ADF forbids in a place takes the nearest form it allows", () => {
    expect(markdownToAdf("> # h\n>\n> | a | b |\n> |---|---|").content).toEqual([
      { type: "blockquote", content: [paragraph(text("h", "strong")), paragraph(text("a | b"))] },
    ]);
    expect(markdownToAdf("- > q").content).toEqual([
      { type: "bulletList", content: [{ type: "listItem", content: [paragraph(text("q"))] }] },
    ]);
    expect(markdownToAdf(">").content).toEqual([{ type: "blockquote", content: [paragraph()] }]);
  });

  test("GitHub's alerts become panels", () => {
    expect(markdownToAdf("> [!tip]\n> Use **it**.\n\n> [!NOTE]").content).toEqual([
      {
        type: "panel",
        attrs: { panelType: "success" },
        content: [paragraph(text("Use "), text("it", "strong"), text("."))],
      },
      { type: "panel", attrs: { panelType: "info" }, content: [paragraph()] },
    ]);
  });

  test("a list item opens with text, because Jira's editor wants it so", () => {
    const [list] = markdownToAdf("- - a").content;
    expect(list?.content?.[0]?.content?.map((node) => node.type)).toEqual(["paragraph", "bulletList"]);
  });
});

describe("inline", () => {
  test.each<[string, AdfNode[]]>([
    ["a **b *c*** d", [text("a "), text("b ", "strong"), text("c", "strong", "em"), text(" d")]],
    ["snake_case_name and 2 * 3 * 4", [text("snake_case_name and 2 * 3 * 4")]],
    ["~~gone~~ but ~5", [text("gone", "strike"), text(" but ~5")]],
    ["**`code`**", [text("code", "code")]],
    ["\\``a`", [text("`"), text("a", "code")]],
    ["`` a`b ``", [text("a`b", "code")]],
    ["\\*plain\\*", [text("*plain*")]],
    ["**open", [text("**open")]],
    ["one\ntwo", [text("one two")]],
    [
      "one  \ntwo\\\nthree<br>four",
      ["one", "two", "three", "four"].flatMap((word, index) =>
        index === 0 ? [text(word)] : [{ type: "hardBreak" }, text(word)],
      ),
    ],
    ["[a](https://x.y/(z))", [linked("a", "https://x.y/(z)")]],
    ["[a](<https://x.y/b c>)", [linked("a", "https://x.y/b%20c")]],
    ["[](https://x.y)", [linked("https://x.y", "https://x.y")]],
    ["see https://x.y/z, ok", [text("see "), linked("https://x.y/z", "https://x.y/z"), text(", ok")]],
    ["<me@x.org>", [linked("me@x.org", "mailto:me@x.org")]],
    ["![shot](https://x.y/a.png)", [linked("shot", "https://x.y/a.png")]],
    ["[![ci](https://x.y/a.png)](https://ci.z)", [linked("ci", "https://ci.z")]],
    ["hi [~accountid:5b10:a-1]", [text("hi "), { type: "mention", attrs: { id: "5b10:a-1" } }]],
  ])("%s", (markdown, nodes) => {
    expect(inline(markdown)).toEqual(nodes);
  });

  test("an address that could run code is no link", () => {
    expect(inline("[a](javascript:alert(1))")).toEqual([text("[a](javascript:alert(1))")]);
    expect(inline("[a](//evil.example)")).toEqual([text("[a](//evil.example)")]);
  });

  test("control characters and half surrogate pairs, which Jira refuses, are taken out", () => {
    expect(inline("a\u0000b\u001Bc\uD800")).toEqual([text("abc\uFFFD")]);
  });
});

describe.skipIf(!fault)("against Atlassian's schema (needs TOOLGRAPH_SHARED)", () => {
  test("any Markdown gives a valid document", () => {
    fc.assert(
      fc.property(anyMarkdown, (markdown) => {
        expect(fault!(markdownToAdf(markdown))).toBeUndefined();
      }),
      { numRuns: 1_000 },
    );
  });

  test("any text at all gives a valid document", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), (markdown) => {
        expect(fault!(markdownToAdf(markdown))).toBeUndefined();
      }),
      { numRuns: 300 },
    );
  });
});

describe("hostile text", () => {
  const seeds = ["*", "_", "[", "![", "](", "`", "[a](", "[a](http:", "<a", "<http:", "> ", "- ", "1. ", "  - "];
  const more = [
    "|a|\n|-|\n",
    "**a",
    "*a ",
    "~~a",
    "\\",
    "https://a",
    "- [ ] ",
    "```\n",
    "#",
    "a\n=\n",
    "`a``",
    "|",
    "- a\n\n",
  ];

  test.each([...seeds, ...more])("%j again and again is read in time", (seed) => {
    // Twelve times the longest text the tools take. Were each of these looked for to the end of the text, or compared with all
    // that came before, reading would take minutes and outlast the test's own time.
    const hostile = seed.repeat(Math.ceil(400_000 / seed.length));
    expect(markdownToAdf(hostile).type).toBe("doc");
  });

  test("a short text cannot make a huge table", () => {
    const columns = 60;
    const wide = `|${"a|".repeat(columns)}\n|${"-|".repeat(columns)}\n${"|\n".repeat(10_000)}`;
    const cells = JSON.stringify(markdownToAdf(wide)).match(/tableCell/g)?.length ?? 0;
    expect(cells).toBeGreaterThan(0);
    expect(cells).toBeLessThan(5_000);
  });
});
