/** A view of any value as a node of an Atlassian document: Jira, its apps and imports write what they like. */

const NONE: readonly LooseNode[] = [];

/** What does not fit reads as empty. Children are viewed when asked for, so that depth costs nothing here. */
export class LooseNode {
  readonly type: string;
  readonly text: string | undefined;
  readonly attrs: Readonly<Record<string, unknown>>;
  readonly #raw: Readonly<Record<string, unknown>>;
  #marks: readonly LooseNode[] | undefined;
  #content: readonly LooseNode[] | undefined;

  constructor(value: unknown) {
    this.#raw = recordOf(value);
    const { type, text, attrs } = this.#raw;
    this.type = typeof type === "string" ? type : "";
    this.text = typeof text === "string" ? text : undefined;
    this.attrs = recordOf(attrs);
  }

  get marks(): readonly LooseNode[] {
    return (this.#marks ??= nodesIn(this.#raw.marks));
  }

  get content(): readonly LooseNode[] {
    return (this.#content ??= nodesIn(this.#raw.content));
  }

  /** The first of these attributes that is text or a number, as text. */
  attribute(...names: readonly string[]): string | undefined {
    for (const name of names) {
      const value = this.attrs[name];
      if ((typeof value === "string" && value !== "") || typeof value === "number") return String(value);
    }
    return undefined;
  }

  /** All text below, without any form; for what is nested too deep to be shown otherwise. */
  plainText(): string {
    const texts: string[] = [];
    const stack: LooseNode[] = [this];
    for (let node = stack.pop(); node; node = stack.pop()) {
      if (node.text !== undefined) texts.push(node.text);
      for (let at = node.content.length - 1; at >= 0; at -= 1) stack.push(node.content[at]!);
    }
    return texts.join(" ");
  }
}

function nodesIn(value: unknown): readonly LooseNode[] {
  return Array.isArray(value) && value.length > 0 ? value.map((item) => new LooseNode(item)) : NONE;
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
