/** Markdown as it may come: pieces of syntax, whole and broken, in any order. */
import fc from "fast-check";

const marks = [
  "*",
  "**",
  "_",
  "~~",
  "`",
  "``",
  "[",
  "]",
  "](",
  "(https://a.b)",
  "(javascript:x)",
  "![",
  "<https://c.d>",
  "<br>",
];
const words = [
  "word",
  " ",
  "  ",
  "snake_case",
  "\\",
  "\\*",
  "&amp;",
  "é",
  "😀",
  "https://e.f/g_(h)",
  "[~accountid:1a:2]",
  "|",
  "|-|",
];
const starts = [
  "# ",
  "###### ",
  "> ",
  "> [!NOTE]\n",
  "- ",
  "* ",
  "1. ",
  "7) ",
  "- [ ] ",
  "- [x] ",
  "    ",
  "  ",
  "\t",
  "```ts",
  "~~~",
  "---",
  "===",
  "| a | b |",
  "|---|---|",
];

const line = fc
  .tuple(
    fc.array(fc.constantFrom(...starts), { maxLength: 4 }),
    fc.array(fc.constantFrom(...marks, ...words), { maxLength: 8 }),
  )
  .map(([opening, content]) => [...opening, ...content].join(""));

export const anyMarkdown: fc.Arbitrary<string> = fc
  .array(line, { maxLength: 12 })
  .chain((lines) => fc.constantFrom("\n", "\n\n", "\r\n").map((end) => lines.join(end)));
