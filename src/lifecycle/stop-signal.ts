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
  });
}
