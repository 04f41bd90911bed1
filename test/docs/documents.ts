/** The documentation as the tests read it: every Markdown file with its code blocks and links. */
import { globSync, readFileSync } from "node:fs";
import { resolve } from "node:path";

export const root = resolve(import.meta.dirname, "../..");

export interface CodeBlock {
  /** Path of the document, from the repository. */
  readonly file: string;
  /** Line of the opening fence. */
  readonly line: number;
  readonly language: string;
  readonly text: string;
  /** The block after it, when nothing but a word or two stands between: what the command or operation answers. */
  readonly answer: string | undefined;
}

export interface Document {
  readonly file: string;
  readonly text: string;
  readonly blocks: readonly CodeBlock[];
}

/** Every document that is part of the project. */
export const documents: readonly Document[] = globSync(["*.md", "docs/**/*.md"], { cwd: root })
  .sort()
  .map((file) => {
    const text = readFileSync(resolve(root, file), "utf8");
    return { file, text, blocks: blocksOf(file, text) };
  });

/** Blocks of one language, each with a title for its test. */
export function blocksIn(language: string): (CodeBlock & { readonly title: string })[] {
  return documents
    .flatMap(({ blocks }) => blocks)
    .filter((block) => block.language === language)
    .map((block) => ({ ...block, title: `${block.file}:${block.line}` }));
}

interface Fence {
  readonly start: number;
  readonly end: number;
  readonly language: string;
  readonly text: string;
}

function blocksOf(file: string, text: string): CodeBlock[] {
  const fences = fencesOf(text.split("\n"));
  const lines = text.split("\n");
  return fences.map(({ start, end, language, text: code }, index) => {
    const next = fences[index + 1];
    const between = next === undefined ? [] : lines.slice(end + 1, next.start).filter((line) => line.trim() !== "");
    const isAnswered = next?.language === "json" && between.join(" ").length <= 20;
    return { file, line: start + 1, language, text: code, answer: isAnswered ? next.text : undefined };
  });
}

function fencesOf(lines: readonly string[]): Fence[] {
  const fences: Fence[] = [];
  let start: number | undefined;
  for (const [index, line] of lines.entries()) {
    if (!line.startsWith("```")) continue;
    if (start === undefined) {
      start = index;
      continue;
    }
    const language = lines[start]!.slice(3).trim();
    fences.push({ start, end: index, language, text: lines.slice(start + 1, index).join("\n") });
    start = undefined;
  }
  return fences;
}
