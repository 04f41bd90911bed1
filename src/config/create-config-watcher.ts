/** Tells when the content of the configuration file changed, whichever way it was replaced. */
import { createHash } from "node:crypto";
import { watch, type FSWatcher } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { Logger } from "pino";

export interface ConfigWatcherOptions {
  readonly file: string;
  /** Called after each change, never twice at the same time. What it throws is logged. */
  readonly onChange: () => void | Promise<void>;
  readonly log: Logger;
  /** Quiet time after which a change counts as complete, milliseconds. */
  readonly settleMs?: number;
  /** How often the file is read even when nothing was announced, milliseconds. */
  readonly pollMs?: number;
}

export interface ConfigWatcher {
  /** Stops watching; waits for a running `onChange`. */
  close(): Promise<void>;
}

/**
 * Watches the file's folder rather than the file, since editors replace files and Kubernetes swaps a symbolic link
 * beside it; reads the file now and then as well, for file systems that announce nothing. A change counts once two reads
 * in a row agree, so that a half-written file is not taken. Create it before the configuration is loaded.
 *
 * @example
 * const watcher = await createConfigWatcher({ file, log, onChange: () => reload() });
 */
export async function createConfigWatcher(options: ConfigWatcherOptions): Promise<ConfigWatcher> {
  const { file, log, settleMs = 150, pollMs = 5_000 } = options;
  let accepted = await hashOf(file);
  let candidate = accepted;
  let isClosed = false;
  let settling: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let isAskedAgain = false;

  const lookSoon = () => {
    if (isClosed) return;
    clearTimeout(settling);
    settling = setTimeout(look, settleMs);
  };
  const look = () => {
    if (running) {
      isAskedAgain = true;
      return;
    }
    running = lookOnce().finally(() => {
      running = undefined;
      if (isAskedAgain) lookSoon();
      isAskedAgain = false;
    });
  };
  const lookOnce = async () => {
    const seen = await hashOf(file);
    // Gone for a moment while it is replaced: the new file announces itself, and the poll is the second line.
    if (isClosed || seen === undefined) return;
    if (seen === accepted) {
      candidate = seen;
      return;
    }
    if (seen !== candidate) {
      candidate = seen;
      isAskedAgain = true;
      return;
    }
    accepted = seen;
    try {
      await options.onChange();
    } catch (error) {
      log.error({ err: error, file }, "the changed configuration could not be taken over");
    }
  };

  const announcements = announcementsOf(dirname(file), lookSoon, log);
  const poll = setInterval(look, pollMs).unref();
  return {
    async close() {
      isClosed = true;
      clearTimeout(settling);
      clearInterval(poll);
      announcements?.close();
      await running;
      clearTimeout(settling);
    },
  };
}

/** The operating system's announcements of changes in a folder; none where it has none to give. */
function announcementsOf(folder: string, onEvent: () => void, log: Logger): FSWatcher | undefined {
  const unavailable = (error: unknown) =>
    log.warn({ err: error }, "changes of the configuration are not announced here; the file is read every few seconds");
  try {
    // The name of an event is not looked at: through a symbolic link it is that of something else.
    return watch(folder, { persistent: false }, onEvent).on("error", unavailable);
  } catch (error) {
    unavailable(error);
    return undefined;
  }
}

async function hashOf(file: string): Promise<string | undefined> {
  try {
    return createHash("sha256")
      .update(await readFile(file))
      .digest("hex");
  } catch {
    return undefined;
  }
}
