/** SIGTERM from an orchestrator or SIGINT from the terminal ask to stop; a second one ends the process at once. */
import { constants } from "node:os";

export type StopSignal = "SIGTERM" | "SIGINT";

/** Resolves with the first signal. At the second the process ends with 128 and the signal's number, as a shell would tell it. */
export function stopSignal(): Promise<StopSignal> {
  return new Promise((resolve) => {
    let asked = false;
    for (const signal of ["SIGTERM", "SIGINT"] as const) {
      process.on(signal, () => {
        if (asked) process.exit(128 + constants.signals[signal]);
        asked = true;
        resolve(signal);
      });
    }
    onceOrphaned(() => {
      asked = true;
      resolve("SIGTERM");
    });
  });
}

/** How often the parent is looked at, milliseconds. */
const PARENT_LOOK_MS = 500;

/**
 * `npm start` runs the program through a shell that ends at a SIGTERM without handing it on (npm 11, dash): under npm
 * the parent's end is therefore taken for the signal. Started in any other way, a parent may come and go.
 */
function onceOrphaned(act: () => void): void {
  if (process.env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    act();
  }, PARENT_LOOK_MS);
  timer.unref();
}
