/** Links between documents lead somewhere: to a file that exists, and to a heading in it where one is named. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import { expect, test } from "vitest";
import { documents, root, type Document } from "./documents.ts";

test.each(documents.map(({ file }) => file))("the links of %s resolve", (file) => {
  const document = documents.find((each) => each.file === file)!;
  expect(linksOf(document).filter((link) => !resolves(document, link))).toEqual([]);
});

test("a document that nothing links to is found by nobody", () => {
  const reached = new Set(["README.md"]);
  // A set's iteration also visits what is added meanwhile.
  for (const file of reached) {
    const document = documents.find((each) => each.file === file);
    if (!document) continue;
    for (const link of linksOf(document)) reached.add(relative(root, pathOf(document, link)));
  }
  expect(documents.map(({ file }) => file).filter((file) => !reached.has(file))).toEqual([]);
});

function linksOf({ text }: Document): string[] {
  const prose = text.replaceAll(/^```[\s\S]*?^```/gm, "").replaceAll(/`[^`]*`(?!\])/g, "");
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target]) => target!)
    .filter((target) => !/^https?:/.test(target));
}

function pathOf(document: Document, link: string): string {
  const [path] = link.split("#");
  return path === "" ? resolve(root, document.file) : resolve(root, dirname(document.file), path!);
}

function resolves(document: Document, link: string): boolean {
  const path = pathOf(document, link);
  if (!existsSync(path)) return false;
  const anchor = link.split("#")[1];
  return anchor === undefined || anchorsOf(readFileSync(path, "utf8")).includes(anchor);
}

/** GitHub's rule: lower case, punctuation dropped, blanks to hyphens. */
function anchorsOf(text: string): string[] {
  return [...text.matchAll(/^#{1,6} (.+)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replaceAll(/[^\p{Letter}\p{Number}\s_-]/gu, "")
      .replaceAll(/\s/g, "-"),
  );
}
