/** Finds the configuration, reads it and checks it: settings to start with, or every fault at once. */
import { dirname, resolve } from "node:path";
import { checkDocument } from "./check-document.ts";
import type { Connectors } from "./check-server.ts";
import { pathText, type Fault } from "./fault.ts";
import { readDocument, type FileFault, type SourceDocument } from "./read-document.ts";
import type { Settings } from "./settings.ts";

export interface LoadOptions {
  /** `--config` of the command line. */
  readonly file?: string;
  /** `--host` of the command line: wins over the file's, and is what `anonymous` is judged by, at every reload too. */
  readonly host?: string | undefined;
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly connectors: Connectors;
  /** The bundled demo, for when nothing is configured. */
  readonly demo: () => DemoDocument | Promise<DemoDocument>;
}

export interface DemoDocument {
  /** The same data a configuration file would hold. */
  readonly document: unknown;
  readonly folder: string;
}

export type LoadedSettings =
  | { readonly ok: true; readonly settings: Settings }
  | { readonly ok: false; readonly faults: readonly Fault[]; readonly source: Settings["source"] };

/**
 * Looks at `--config`, else `TOOLGRAPH_CONFIG`, else `./toolgraph.yaml`, else takes the demo. Never throws for what a
 * file holds, and resolves no secret: a missing one is the business of the server that needs it.
 *
 * @example
 * const loaded = await loadSettings({ env: process.env, cwd: process.cwd(), connectors, demo });
 * if (!loaded.ok) process.stderr.write(`${formatFaults(loaded.faults)}\n`);
 */
export async function loadSettings(options: LoadOptions): Promise<LoadedSettings> {
  const named = options.file ?? (options.env.TOOLGRAPH_CONFIG || undefined);
  const file = named ?? "toolgraph.yaml";
  const path = resolve(options.cwd, file);
  const read = await readDocument(path);
  if (!read.ok && read.isMissing && named === undefined) {
    const { document, folder } = await options.demo();
    const source = { file: "bundled demo", folder, isDemo: true };
    return check({ value: document, lineOf: () => undefined }, source, source.file, options);
  }
  const source = { file: path, folder: dirname(path), isDemo: false };
  if (!read.ok) return { ok: false, faults: read.faults.map((fault) => place(fault, file)), source };
  return check(read.document, source, file, options);
}

function check(
  { value, lineOf }: SourceDocument,
  source: Settings["source"],
  file: string,
  options: LoadOptions,
): LoadedSettings {
  const checked = checkDocument(value, options.connectors, options.host);
  if (checked.ok) return { ok: true, settings: { servers: checked.servers, gateway: checked.gateway, source } };
  const faults = checked.faults.map((fault) => {
    const line = lineOf(fault.path);
    return place(line === undefined ? fault : { ...fault, line }, file);
  });
  // In the order of the file, as an operator reads it.
  return { ok: false, faults: faults.sort((a, b) => (a.line ?? 0) - (b.line ?? 0)), source };
}

function place(fault: FileFault, file: string): Fault {
  return { ...fault, file, path: pathText(fault.path) };
}
