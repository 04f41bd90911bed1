/** Cuts a byte stream into lines, each at most 32 MiB long. */

const MAX_LINE_BYTES = 32 * 1024 * 1024;
const NEWLINE = 10;

export class LineReader {
  readonly #onLine: (line: string) => void;
  readonly #onTooLong: () => void;
  #parts: Buffer[] = [];
  #bytes = 0;
  #stopped = false;

  constructor(onLine: (line: string) => void, onTooLong: () => void) {
    this.#onLine = onLine;
    this.#onTooLong = onTooLong;
  }

  push(chunk: Buffer): void {
    if (this.#stopped) return;
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      this.#emit(chunk, start, end);
      start = end + 1;
    }
    if (start === chunk.length) return;
    this.#parts.push(chunk.subarray(start));
    this.#bytes += chunk.length - start;
    if (this.#bytes <= MAX_LINE_BYTES) return;
    this.#stopped = true;
    this.#parts = [];
    this.#onTooLong();
  }

  #emit(chunk: Buffer, start: number, end: number): void {
    let line: string;
    if (this.#parts.length === 0) line = chunk.toString("utf8", start, end);
    else {
      line = Buffer.concat([...this.#parts, chunk.subarray(start, end)]).toString("utf8");
      this.#parts = [];
      this.#bytes = 0;
    }
    if (line.trim() !== "") this.#onLine(line);
  }
}
