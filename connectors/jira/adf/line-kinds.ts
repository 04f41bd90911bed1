/** What kind of block a Markdown line opens: one test for each, all in linear time. */

export function isBlank(line: string): boolean {
  return line.trim() === "";
}

/** Columns of leading space. */
export function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

/** `***`, `- - -`, `___`: three or more of one character and nothing else. */
export function isRule(line: string): boolean {
  if (indentOf(line) > 3) return false;
  const marks = line.replaceAll(/[ \t]/g, "");
  return marks.length >= 3 && "-*_".includes(marks[0]!) && marks === marks[0]!.repeat(marks.length);
}

export interface Fence {
  readonly indent: number;
  readonly mark: string;
  readonly info: string;
}

/** The opening line of fenced code. */
export function fenceOf(line: string): Fence | undefined {
  const match = /^( {0,3})(`{3,}|~{3,})(.*)$/.exec(line);
  if (!match) return undefined;
  const [, indent, mark, info] = match as unknown as [string, string, string, string];
  return mark.startsWith("`") && info.includes("`") ? undefined : { indent: indent.length, mark, info: info.trim() };
}

export function closesFence(line: string, fence: Fence): boolean {
  const text = line.trim();
  return indentOf(line) <= 3 && text.length >= fence.mark.length && text === fence.mark[0]!.repeat(text.length);
}

export interface Heading {
  readonly level: number;
  readonly text: string;
}

/** `## Text`, with or without closing marks. */
export function headingOf(line: string): Heading | undefined {
  const match = /^ {0,3}(#{1,6})(?=[ \t]|$)/.exec(line);
  if (!match) return undefined;
  const text = line
    .slice(match[0].length)
    .trim()
    .replace(/(^|[ \t])#+$/, "");
  return { level: match[1]!.length, text: text.trim() };
}

export function isQuote(line: string): boolean {
  return /^ {0,3}>/.test(line);
}

export interface ListMarker {
  /** Items belong to one list when their markers are of one type: `-`, `*`, `+`, `.` or `)`. */
  readonly type: string;
  readonly start?: number;
  readonly indent: number;
  /** Column where the item's content begins. */
  readonly offset: number;
}

/** `- `, `* `, `+ `, `1. ` or `1) `. */
export function listMarkerOf(line: string): ListMarker | undefined {
  const match = /^( {0,3})([-+*]|(\d{1,9})[.)])(?=[ \t]|$)/.exec(line);
  if (!match || isRule(line)) return undefined;
  const [whole, indent, marker, digits] = match as unknown as [string, string, string, string | undefined];
  const rest = line.slice(whole.length);
  const spaces = isBlank(rest) ? 1 : indentOf(rest);
  return {
    type: marker.at(-1)!,
    ...(digits !== undefined && { start: Number(digits) }),
    indent: indent.length,
    // Five spaces and more: one belongs to the marker, the others make the content indented code.
    offset: whole.length + (spaces > 4 ? 1 : spaces),
  };
}

/** Would this line end a paragraph that stands before it? */
export function interruptsParagraph(line: string): boolean {
  if (isBlank(line) || isRule(line) || isQuote(line)) return true;
  if (fenceOf(line) !== undefined || headingOf(line) !== undefined) return true;
  const marker = listMarkerOf(line);
  if (!marker) return false;
  // "… in the year\n1984. A book" is no list: only a first number may interrupt.
  return (marker.start === undefined || marker.start === 1) && !isBlank(line.slice(marker.offset));
}
