/** Escapes text so that Markdown shows it as it is, and no more than that: agents read and copy it. */

/** Text inside a paragraph. Brackets are left alone where they open nothing; `isLabel` says that they would end a link. */
export function escapeText(text: string, isLabel = false): string {
  if (!/[\\*`_~[\]<]/.test(text)) return text;
  const escaped = text
    .replaceAll(/\\(?=[!-/:-@[-`{-~]|$)/g, "\\\\")
    .replaceAll(/[*`]/g, "\\$&")
    .replaceAll(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, "\\_")
    .replaceAll(/~(?=~)|(?<=~)~/g, "\\~")
    .replaceAll(/<(?=[a-z/!])/gi, "\\<");
  if (isLabel) return escaped.replaceAll(/[[\]]/g, "\\$&");
  return escaped.replaceAll("](", "]\\(").replaceAll("[~accountid:", "\\[~accountid:");
}

/** A line that would open a heading, list, quote, table or rule if it stood at the start of a paragraph. */
export function escapeLineStart(line: string): string {
  const text = line.trimStart();
  const opens = /^(?:#{1,6}(?:\s|$)|[-+](?:\s|$)|>|\[(?:[ xX]|![A-Za-z]+)\](?!\()|[-:|=\s]+$)/.test(text);
  if (opens) return `\\${text}`;
  return text.replace(/^(\d{1,9})([.)])(?=\s|$)/, "$1\\$2");
}

/** Code in backticks, more of them than the code itself has in a row. */
export function codeSpan(code: string): string {
  const text = code.replaceAll("\n", " ");
  const fence = "`".repeat(longestRun(text) + 1);
  const pad = /^`|`$/.test(text) || (/^ .* $/.test(text) && text.trim() !== "") ? " " : "";
  return `${fence}${pad}${text}${pad}${fence}`;
}

/** Code in a fence that the code itself cannot close. */
export function codeFence(code: string, language: string): string {
  const fence = "`".repeat(Math.max(3, longestRun(code) + 1));
  return `${fence}${language.replaceAll(/[\s`{]/g, "")}\n${code}\n${fence}`;
}

function longestRun(text: string): number {
  let longest = 0;
  for (const run of text.matchAll(/`+/g)) longest = Math.max(longest, run[0].length);
  return longest;
}

/** `[label](address)`; the label is Markdown already. */
export function link(label: string, href: string): string {
  const address = href.replaceAll(/\s/g, "%20");
  if (label === href && /^https?:\/\/[^\s<>[\]`*_()\\]+[^\s<>[\]`.,;:!?'"*_~()\\|]$/.test(href)) return href;
  return `[${label}](${/[()<>\\]/.test(address) ? `<${address.replaceAll("<", "%3C").replaceAll(">", "%3E")}>` : address})`;
}
