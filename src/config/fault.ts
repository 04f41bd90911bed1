/** One thing that is wrong in a configuration: where it is, what is wrong, and what was expected. */

export interface Fault {
  readonly file: string;
  /** For example `servers[2].authentication.tokenRef`; empty for the document as a whole. */
  readonly path: string;
  /** Line in the file, from 1. */
  readonly line?: number;
  readonly problem: string;
  readonly expected?: string;
}

/** A fault before it is known where in the file it stands. */
export interface FaultAt extends Pick<Fault, "problem" | "expected"> {
  readonly path: readonly (string | number)[];
}

/**
 * One line a fault, in the order given.
 *
 * @example
 * formatFaults([{ file: "toolgraph.yaml", line: 7, path: "servers[0].type", problem: "is required" }]);
 * // "toolgraph.yaml:7 servers[0].type: is required"
 */
export function formatFaults(faults: readonly Fault[]): string {
  return faults
    .map(({ file, line, path, problem, expected }) => {
      const place = `${file}${line === undefined ? "" : `:${line}`}${path === "" ? "" : ` ${path}`}`;
      return `${place}: ${problem}${expected === undefined ? "" : `; expected ${expected}`}`;
    })
    .join("\n");
}

/** `["servers", 2, "base_url"]` → `servers[2].base_url`. */
export function pathText(path: readonly (string | number)[]): string {
  return path
    .map((part, index) => {
      if (typeof part === "number") return `[${part}]`;
      if (!/^[\w$-]+$/.test(part)) return `[${JSON.stringify(part)}]`;
      return index === 0 ? part : `.${part}`;
    })
    .join("");
}
