/** Names the tools of an API document: the same operation has the same name in whatever order the document lists it. */
import { shortHash } from "./api-document.ts";
import type { Operation } from "./operations.ts";

/** MCP (SEP-986): 1 to 128 letters, digits, `_`, `-` and `.`. */
const LONGEST_NAME = 128;

/**
 * The operation's id, as far as a tool's name can spell it; without one the method and the path. Where two would meet,
 * each gets a suffix of its own, so that a name never comes to mean another operation than before.
 *
 * @example
 * operationNames(operationsOf(document)); // ["getPetById", "get_repos_by_owner_by_repo"]
 */
export function operationNames(operations: readonly Pick<Operation, "id" | "method" | "path">[]): string[] {
  const wanted = operations.map(wantedName);
  const times = new Map<string, number>();
  for (const name of wanted) times.set(name, (times.get(name) ?? 0) + 1);
  const exact = new Map<string, number>();
  for (const { id } of operations) if (id !== undefined) exact.set(id, (exact.get(id) ?? 0) + 1);
  const isOwn = (index: number): boolean => {
    const name = wanted[index]!;
    return times.get(name) === 1 || (operations[index]!.id === name && exact.get(name) === 1);
  };
  const taken = new Set(wanted.filter((_, index) => isOwn(index)));
  const names = new Map<number, string>();
  const meeting = operations.map((_, index) => index).filter((index) => !isOwn(index));
  // Sorted, so that even two suffixes that meet are told apart the same way in any order.
  for (const index of meeting.sort((a, b) => (placeOf(operations[a]!) < placeOf(operations[b]!) ? -1 : 1))) {
    let name = "";
    for (let salt = 0; name === "" || taken.has(name); salt++) {
      name = shortened(wanted[index]!, `${placeOf(operations[index]!)}${"#".repeat(salt)}`);
    }
    taken.add(name);
    names.set(index, name);
  }
  return wanted.map((name, index) => names.get(index) ?? name);
}

const placeOf = ({ method, path }: Pick<Operation, "method" | "path">): string => `${method} ${path}`;

function wantedName(operation: Pick<Operation, "id" | "method" | "path">): string {
  const { id, method, path } = operation;
  const name = spelt(id ?? "") || spelt(`${method.toLowerCase()} ${path.replaceAll(/\{([^{}]*)\}/g, " by $1 ")}`);
  return name.length > LONGEST_NAME ? shortened(name, id ?? placeOf(operation)) : name;
}

function spelt(text: string): string {
  if (/^[A-Za-z0-9_.-]*$/.test(text)) return text;
  return text.replaceAll(/[^A-Za-z0-9_.-]+/g, "_").replaceAll(/^_+|_+$/g, "");
}

function shortened(name: string, text: string): string {
  const hash = shortHash(text);
  return `${name.slice(0, LONGEST_NAME - hash.length - 1)}_${hash}`;
}
