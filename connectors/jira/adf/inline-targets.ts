/** Addresses and mentions inside a line of Markdown: where each ends and what it points to. */

/** Longer addresses are not links; the cap also bounds what a broken link costs to look at. */
const MAX_ADDRESS = 2_048;
const MAX_TITLE = 300;

export interface LinkTarget {
  readonly attrs: { readonly href: string; readonly title?: string };
  readonly end: number;
}

/** Jira refuses documents with other addresses, and no address may run code. */
const SAFE_START = /(?:https?:|ftps?:|mailto:|tel:|\/(?!\/)|#)[^\s)]/iy;

/** The `(address "title")` at `at`, after a label. */
export function linkTargetAt(text: string, at: number): LinkTarget | undefined {
  if (text[at] !== "(") return undefined;
  const start = skipSpace(text, at + 1);
  const isBracketed = text[start] === "<";
  if (!sticky(SAFE_START, text, isBracketed ? start + 1 : start)) return undefined;
  const address = isBracketed ? bracketedAddress(text, start + 1) : plainAddress(text, start);
  if (!address) return undefined;
  let end = skipSpace(text, address.end);
  let title: string | undefined;
  const quote = text[end];
  if (end > address.end && (quote === '"' || quote === "'")) {
    const close = text.slice(end + 1, end + 2 + MAX_TITLE).indexOf(quote);
    if (close === -1) return undefined;
    title = text.slice(end + 1, end + 1 + close);
    end = skipSpace(text, end + close + 2);
  }
  if (text[end] !== ")") return undefined;
  return { attrs: { href: address.href, ...(title !== undefined && title !== "" && { title }) }, end: end + 1 };
}

function bracketedAddress(text: string, at: number): { href: string; end: number } | undefined {
  const match = /^[^<>\n]*(?=>)/.exec(text.slice(at, at + MAX_ADDRESS));
  return match ? { href: match[0].trim().replaceAll(" ", "%20"), end: at + match[0].length + 1 } : undefined;
}

function plainAddress(text: string, at: number): { href: string; end: number } | undefined {
  let depth = 0;
  for (let end = at; end < text.length && end - at <= MAX_ADDRESS; end += 1) {
    const character = text[end]!;
    if (character === "\\") end += 1;
    else if (character === "(") depth += 1;
    else if (character === " " || character === "\n" || (character === ")" && depth === 0)) {
      return { href: text.slice(at, end).replaceAll(/\\([!-/:-@[-`{-~])/g, "$1"), end };
    } else if (character === ")") depth -= 1;
  }
  return undefined;
}

function skipSpace(text: string, at: number): number {
  let end = at;
  while (text[end] === " " || text[end] === "\n") end += 1;
  return end;
}

/** `<https://…>` or `<name@example.com>` at `at`. */
export function autolinkAt(text: string, at: number): { text: string; href: string; end: number } | undefined {
  const address = sticky(/<((?:https?|ftp|mailto):[^\s<>]{1,2048})>/y, text, at);
  if (address) return { text: address[1]!, href: address[1]!, end: at + address[0].length };
  const mail = sticky(/<([\w.+-]+@[\w-]+(?:\.[\w-]+)+)>/y, text, at);
  return mail ? { text: mail[1]!, href: `mailto:${mail[1]}`, end: at + mail[0].length } : undefined;
}

/** `https://…` without brackets at `at`, up to the punctuation that ends the sentence. */
export function bareUrlAt(text: string, at: number): { text: string; href: string; end: number } | undefined {
  if (at > 0 && /\w/.test(text[at - 1]!)) return undefined;
  const match = sticky(/https?:\/\/[^\s<>[\]`]{1,2048}/y, text, at);
  if (!match) return undefined;
  const href = withoutTrailingMarks(match[0]);
  return /^https?:\/\/[^/]/.test(href) ? { text: href, href, end: at + href.length } : undefined;
}

function withoutTrailingMarks(url: string): string {
  let open = url.split("(").length - url.split(")").length;
  let end = url.length;
  while (/[.,;:!?'"*_~)\\|]/.test(url[end - 1]!)) {
    if (url[end - 1] === ")") {
      if (open >= 0) break;
      open += 1;
    }
    end -= 1;
  }
  return url.slice(0, end);
}

/** Jira's own spelling of a mention, `[~accountid:5b10a2844c20165700ede21g]`, at `at`. */
export function mentionAt(text: string, at: number): { accountId: string; end: number } | undefined {
  const match = sticky(/\[~accountid:([\w:.-]{1,128})\]/y, text, at);
  return match ? { accountId: match[1]!, end: at + match[0].length } : undefined;
}

/** `<br>` at `at`: its length. */
export function lineBreakAt(text: string, at: number): number | undefined {
  return sticky(/<br ?\/?>/iy, text, at)?.[0].length;
}

function sticky(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}
