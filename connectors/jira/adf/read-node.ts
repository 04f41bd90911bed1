/** Reads a node of an Atlassian document without trusting its form: Jira, its apps and imports write what they like. */

export interface LooseNode {
  readonly type: string;
  readonly text: string | undefined;
  readonly attrs: Readonly<Record<string, unknown>>;
  readonly marks: readonly LooseNode[];
  readonly content: LooseNode[];
}

const NOTHING: LooseNode = { type: "", text: undefined, attrs: {}, marks: [], content: [] };

/** A view of any value as a node; what does not fit is empty. Children are viewed when asked for. */
export function readNode(value: unknown): LooseNode {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return NOTHING;
  const { type, text, attrs, marks, content } = value as Record<string, unknown>;
  return {
    type: typeof type === "string" ? type : "",
    text: typeof text === "string" ? text : undefined,
    attrs: typeof attrs === "object" && attrs !== null ? (attrs as Record<string, unknown>) : {},
    get marks() {
      return Array.isArray(marks) ? marks.map(readNode) : [];
    },
    get content() {
      return Array.isArray(content) ? content.map(readNode) : [];
    },
  };
}

/** An attribute as text, when it is text or a number. */
export function textAttribute(node: LooseNode, ...names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = node.attrs[name];
    if ((typeof value === "string" && value !== "") || typeof value === "number") return String(value);
  }
  return undefined;
}

/** All text below a node, without any form; for what is nested too deep to be shown otherwise. */
export function plainTextOf(root: LooseNode): string {
  const texts: string[] = [];
  const stack = [root];
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (node.text !== undefined) texts.push(node.text);
    for (const child of node.content.reverse()) stack.push(child);
  }
  return texts.join(" ");
}
