/** Turns the HTML of titles and snippets into plain text that an agent can quote. */

const LONGEST = 4_000;

// Only elements that providers use to mark up text: `List<String>` in a snippet about code is not one.
const TAG = /<\/?(?:a|b|br|code|em|font|i|mark|p|q|s|small|span|strong|sub|sup|u|wbr)(?:\s[^<>]*)?\/?>/gi;
const LINE_BREAK = /^<\/?(?:br|p)\b/i;
const ENTITY = /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,8}));/gi;
const NAMED: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: " ",
  hellip: "…",
  mdash: "—",
  ndash: "–",
  lsquo: "‘",
  rsquo: "’",
  ldquo: "“",
  rdquo: "”",
  middot: "·",
  raquo: "»",
  laquo: "«",
};

/** @example plainText("The <strong>best</strong> &amp; latest") // "The best & latest" */
export function plainText(html: string | null | undefined): string {
  return oneLine(
    (html ?? "")
      .slice(0, LONGEST)
      .replace(TAG, (tag) => (LINE_BREAK.test(tag) ? " " : ""))
      .replace(ENTITY, decode),
  );
}

/** Text that is plain already, with its white space brought together. */
export function oneLine(text: string | null | undefined): string {
  return (text ?? "").slice(0, LONGEST).replace(/\s+/g, " ").trim();
}

function decode(entity: string, decimal?: string, hex?: string, name?: string): string {
  if (name !== undefined) return NAMED[name.toLowerCase()] ?? entity;
  const code = decimal === undefined ? Number.parseInt(hex ?? "", 16) : Number(decimal);
  return code > 0 && code <= 0x10_ff_ff && !(code >= 0xd8_00 && code <= 0xdf_ff) ? String.fromCodePoint(code) : entity;
}
