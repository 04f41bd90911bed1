/** Reads a list page by page, keeps what matches, and stops at a limit without losing or repeating anything. */

const MOST_PAGES = 10;

export interface CollectPagesOptions<T> {
  /** Most items to return. */
  readonly limit: number;
  /** A cursor that an earlier call returned. */
  readonly cursor?: string | undefined;
  readonly matches: (item: T) => boolean;
  readonly readPage: (cursor: string | undefined) => Promise<{ items: readonly T[]; nextCursor?: string | undefined }>;
}

/**
 * Slack cannot filter lists by name, so a filter has to read on until it has found enough. At most ten pages are read;
 * the cursor returned goes on exactly where this call stopped, also in the middle of one of Slack's pages (`cursor~17`).
 */
export async function collectPages<T>(options: CollectPagesOptions<T>): Promise<{ items: T[]; nextCursor?: string }> {
  const found: T[] = [];
  let [cursor, skip] = readCursor(options.cursor);
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const { items, nextCursor } = await options.readPage(cursor);
    for (const [index, item] of items.entries()) {
      if (index < skip || !options.matches(item)) continue;
      if (found.length === options.limit) return { items: found, nextCursor: `${cursor ?? ""}~${index}` };
      found.push(item);
    }
    if (!nextCursor) return { items: found };
    cursor = nextCursor;
    skip = 0;
    if (found.length === options.limit) break;
  }
  return { items: found, ...(cursor !== undefined && { nextCursor: cursor }) };
}

function readCursor(text: string | undefined): [cursor: string | undefined, skip: number] {
  const [, cursor, skip] = /^(.*?)(?:~(\d{1,4}))?$/s.exec(text ?? "")!;
  return [cursor || undefined, Number(skip ?? 0)];
}
