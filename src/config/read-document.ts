/** Reads a configuration file, YAML or JSON, into plain data whose every part still knows its line. */
import { open } from "node:fs/promises";
import {
  isAlias,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type Document,
  type YAMLError,
} from "yaml";
import type { FaultAt } from "./fault.ts";
import { plainDataFault } from "./plain-data-fault.ts";

const MAX_FILE_BYTES = 5 * 1024 * 1024;
/** Anchors may be used this often in all; nested aliases multiply, which is how a small file becomes a huge document. */
const MAX_ALIASES = 100;

export interface SourceDocument {
  readonly value: unknown;
  /** Line (from 1) of the key or item at `path`, or of the nearest thing around it. */
  readonly lineOf: (path: readonly (string | number)[]) => number | undefined;
}

/** A fault of the file itself, which may already know its line. */
export type FileFault = FaultAt & { readonly line?: number };

export type ReadDocument =
  | { readonly ok: true; readonly document: SourceDocument }
  | { readonly ok: false; readonly faults: readonly FileFault[]; readonly isMissing: boolean };

/** Reads and parses `file`; every way in which that can fail is one clear fault. */
export async function readDocument(file: string): Promise<ReadDocument> {
  let bytes: Buffer;
  try {
    bytes = await readCapped(file);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    return {
      ...failed(UNREADABLE[code ?? ""] ?? { problem: `cannot be read (${code ?? "unknown fault"})` }),
      isMissing: code === "ENOENT",
    };
  }
  if (bytes.length > MAX_FILE_BYTES)
    return failed({ problem: "is too large", expected: `at most ${MAX_FILE_BYTES} bytes` });
  if (isUtf16(bytes)) return failed({ problem: "is UTF-16 text", expected: "UTF-8; save the file in that encoding" });
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return failed({ problem: "is not UTF-8 text", expected: "UTF-8; save the file in that encoding" });
  }
  if (text.includes("\0")) return failed({ problem: "is not a text file", expected: "YAML or JSON" });
  return parseText(text);
}

/** Parses the text of a configuration. */
export function parseText(text: string): ReadDocument {
  if (text.trim() === "")
    return failed({ problem: "is empty", expected: "servers: [...] and optionally gateway: {...}" });
  const lines = new LineCounter();
  try {
    // YAML 1.2 holds all of JSON. Without pretty errors, which would quote lines of the file into logs.
    const parsed = parseDocument(text, {
      lineCounter: lines,
      merge: true,
      prettyErrors: false,
      logLevel: "error",
      uniqueKeys: true,
    });
    const problems = [...parsed.errors, ...parsed.warnings];
    if (problems.length > 0) {
      const faults = problems.map((problem) => ({
        path: [],
        line: lines.linePos(problem.pos[0]).line,
        ...problemOf(problem, text),
      }));
      return { ok: false, faults, isMissing: false };
    }
    const value: unknown = parsed.toJS({ maxAliasCount: MAX_ALIASES });
    const fault = plainDataFault(value);
    if (fault) {
      const line = lineOf(parsed, lines, fault.path);
      return { ok: false, faults: [line === undefined ? fault : { ...fault, line }], isMissing: false };
    }
    return { ok: true, document: { value, lineOf: (path) => lineOf(parsed, lines, path) } };
  } catch (error) {
    if (error instanceof ReferenceError) {
      if (error.message.startsWith("Unresolved alias")) return failed({ problem: "uses an anchor that is not set" });
      return failed({ problem: "uses its anchors too often", expected: `at most ${MAX_ALIASES} aliases in all` });
    }
    if (error instanceof RangeError) return failed(TOO_DEEP);
    return failed({ problem: "cannot be parsed", expected: "YAML or JSON" });
  }
}

const TOO_DEEP = { problem: "is nested too deeply" };

function problemOf({ code, message, pos }: YAMLError, text: string): Pick<FaultAt, "problem" | "expected"> {
  if (code === "DUPLICATE_KEY") {
    const key = /^["']?([\w$.-]{1,64})/.exec(text.slice(pos[0], pos[0] + 66))?.[1];
    return { problem: `the key ${key === undefined ? "here" : `'${key}'`} is given twice`, expected: "each key once" };
  }
  // The parser catches its own stack overflow and reports it as an error like any other.
  return message.includes("call stack") ? TOO_DEEP : { problem: `is not valid YAML: ${message}` };
}

const UNREADABLE: Record<string, Pick<FaultAt, "problem" | "expected">> = {
  ENOENT: {
    problem: "there is no such file",
    expected: "a file; check --config, TOOLGRAPH_CONFIG and the working folder",
  },
  EISDIR: { problem: "is a folder", expected: "a file; name the configuration file in it" },
  ENOTDIR: { problem: "there is no such file", expected: "a file; a part of its path is not a folder" },
  EACCES: { problem: "may not be read", expected: "read permission for the user that the gateway runs as" },
  EPERM: { problem: "may not be read", expected: "read permission for the user that the gateway runs as" },
  ERR_INVALID_ARG_VALUE: { problem: "is not a file name", expected: "the path of a YAML or JSON file" },
};

async function readCapped(file: string): Promise<Buffer> {
  await using handle = await open(file, "r");
  const chunks: Buffer[] = [];
  let size = 0;
  // A pipe such as /dev/stdin has no size: reading to the cap works for it too.
  for await (const chunk of handle.createReadStream({ autoClose: false }) as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > MAX_FILE_BYTES) break;
  }
  return Buffer.concat(chunks);
}

function isUtf16(bytes: Buffer): boolean {
  return (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
}

function failed(fault: Pick<FaultAt, "problem" | "expected">): Extract<ReadDocument, { ok: false }> {
  return { ok: false, faults: [{ path: [], ...fault }], isMissing: false };
}

function lineOf(parsed: Document.Parsed, lines: LineCounter, path: readonly (string | number)[]): number | undefined {
  let node: unknown = parsed.contents;
  let offset = startOf(node);
  for (const part of path) {
    if (isAlias(node)) node = node.resolve(parsed);
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(part));
      if (!isPair(pair)) break;
      offset = startOf(pair.key) ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(part)];
      offset = startOf(node) ?? offset;
    } else break;
  }
  return offset === undefined ? undefined : lines.linePos(offset).line;
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}
