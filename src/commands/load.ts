/** Loads the configuration for a command, or prints every fault. */
import { connectors } from "../../connectors/index.ts";
import { formatFaults } from "../config/fault.ts";
import { loadSettings, type LoadedSettings } from "../config/load-settings.ts";
import type { Settings } from "../config/settings.ts";
import { demoDocument } from "../demo/demo-document.ts";

export function load(file: string | undefined, host?: string): Promise<LoadedSettings> {
  return loadSettings({
    ...(file !== undefined && { file }),
    host,
    env: process.env,
    cwd: process.cwd(),
    connectors,
    demo: demoDocument,
  });
}

/** Absent when there are faults: they are on standard error then. */
export async function loadOrComplain(file: string | undefined, host?: string): Promise<Settings | undefined> {
  const loaded = await load(file, host);
  if (loaded.ok) return loaded.settings;
  process.stderr.write(`${formatFaults(loaded.faults)}\n`);
  return undefined;
}
