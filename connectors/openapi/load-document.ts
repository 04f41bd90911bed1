/** Loads an API document from a file or an address, whole or not at all, and again only when it has changed. */
import { hash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { request } from "undici";
import { parse as parseYaml } from "yaml";
import { CatalogueError, connectionError, type ServerContext } from "../../src/index.ts";
import { ApiDocument } from "./api-document.ts";
import type { OpenApiConfig } from "./config.ts";

export interface LoadedDocument {
  readonly document: ApiDocument;
  /** Where it came from; absent for a file. */
  readonly url: string | undefined;
  readonly version: DocumentVersion;
}

/** Tells a version of a document from the next one. */
export interface DocumentVersion {
  /** What can be asked for without reading the whole: a file's size and time, or an `ETag`. */
  readonly tag: string | undefined;
  readonly digest: string;
}

/** The largest public documents have 50 MB. */
const MOST_BYTES = 64 * 1024 * 1024;
/** YAML takes a hundred times as long to read as JSON, and nothing else runs meanwhile. */
const MOST_YAML_CHARACTERS = 8 * 1024 * 1024;
const LEAST_TIMEOUT_MS = 30_000;

/**
 * Loads the document, or gives `undefined` when it still is the version named.
 * Throws `CONFIGURATION_ERROR` and `MCP_CONNECTION_ERROR`, in words for an operator.
 */
export async function loadDocument(
  server: ServerContext<OpenApiConfig>,
  known: DocumentVersion | undefined,
  signal: AbortSignal,
): Promise<LoadedDocument | undefined> {
  const { document } = server.config;
  const read = isAddress(document)
    ? await fetched(server, document, known?.tag, signal)
    : await readFrom(resolve(server.baseFolder, document), document, known?.tag);
  if (!read) return undefined;
  const version = { tag: read.tag, digest: hash("sha256", read.text) };
  if (version.digest === known?.digest) return undefined;
  try {
    return { document: new ApiDocument(parsed(read.text)), url: read.url, version };
  } catch (error) {
    throw unusable((error as Error).message.split("\n", 1)[0]!.slice(0, 300));
  }
}

function isAddress(document: string): boolean {
  return /^https?:\/\//i.test(document);
}

interface ReadText {
  readonly text: string;
  readonly url: string | undefined;
  readonly tag: string | undefined;
}

async function readFrom(file: string, named: string, known: string | undefined): Promise<ReadText | undefined> {
  try {
    const { size, mtimeMs } = await stat(file);
    const tag = `${size} ${mtimeMs}`;
    if (tag === known) return undefined;
    if (size > MOST_BYTES) throw unusable("it is too large");
    return { text: await readFile(file, "utf8"), url: undefined, tag };
  } catch (error) {
    if (error instanceof CatalogueError) throw error;
    const isMissing = (error as NodeJS.ErrnoException).code === "ENOENT";
    throw unusable(`${named} ${isMissing ? "does not exist" : "cannot be read"}`);
  }
}

async function fetched(
  server: ServerContext<OpenApiConfig>,
  url: string,
  known: string | undefined,
  signal: AbortSignal,
): Promise<ReadText | undefined> {
  const timeout = AbortSignal.timeout(Math.max(server.timeoutMs, LEAST_TIMEOUT_MS));
  const credential = await credentialFor(server, url);
  try {
    const { statusCode, headers, body } = await request(url, {
      headers: {
        accept: "application/json, application/yaml;q=0.9, */*;q=0.5",
        ...(known !== undefined && { "if-none-match": known }),
        ...credential,
      },
      signal: AbortSignal.any([signal, timeout]),
    });
    if (statusCode === 304) {
      await body.dump();
      return undefined;
    }
    if (statusCode !== 200) {
      await body.dump();
      const isRedirect = statusCode >= 300 && statusCode < 400;
      throw unusable(`its address answers ${statusCode}${isRedirect ? ", a redirect, which is not followed" : ""}`);
    }
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of body as AsyncIterable<Buffer>) {
      if ((size += chunk.length) > MOST_BYTES) throw unusable("it is too large");
      chunks.push(chunk);
    }
    const { etag } = headers;
    return { text: Buffer.concat(chunks).toString("utf8"), url, tag: typeof etag === "string" ? etag : undefined };
  } catch (error) {
    throw error instanceof CatalogueError ? error : connectionError(error);
  }
}

/** The API's credential goes nowhere but to the API: a document elsewhere has to be public. */
async function credentialFor(
  server: ServerContext<OpenApiConfig>,
  url: string,
): Promise<Readonly<Record<string, string>>> {
  const isOwn = server.baseUrl !== undefined && new URL(server.baseUrl).origin === new URL(url).origin;
  return isOwn ? server.authorizer.headers() : {};
}

function parsed(text: string): unknown {
  const start = text.replace(/^\u{feff}/u, "");
  if (/^\s*\{/.test(start)) return JSON.parse(start);
  if (start.length > MOST_YAML_CHARACTERS) throw new TypeError("It is too large for YAML; JSON may be larger.");
  return parseYaml(start, { logLevel: "silent", uniqueKeys: false }) as unknown;
}

function unusable(reason: string): CatalogueError {
  return new CatalogueError("CONFIGURATION_ERROR", `The API document cannot be used: ${reason.replace(/\.$/, "")}.`, {
    acted: "no",
  });
}
