/** A namespace in one operation: which server it means, and the order its writes run in. */
import { validationError } from "../src/errors/validation-error.ts";
import type { ServerEntry } from "../src/registry/server-entry.ts";
import { CatalogueError } from "../src/errors/catalogue-error.ts";
import { nearestNames } from "../src/errors/nearest-names.ts";

/** The parent value of a namespace's fields. */
export class NamespaceSource {
  readonly serverId: string;
  #tail: Promise<unknown> = Promise.resolve();

  constructor(serverId: string) {
    this.serverId = serverId;
  }

  /** Runs work after the work before it has ended, well or badly: writes of one namespace keep document order. */
  inOrder<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#tail.then(work);
    this.#tail = result.catch(() => {});
    return result;
  }
}

/** The server of that id among those of a type, or the only one. `ROUTING_ERROR`, or `VALIDATION_ERROR` when it has to be named. */
export function chooseServer(servers: readonly ServerEntry[], id: string | undefined): string {
  if (id === undefined) {
    const [only] = servers;
    if (only && servers.length === 1) return only.id;
    const expected = `one of ${servers.map((server) => server.id).join(", ")}`;
    const problem = { path: "server", problem: "is required: there are several servers of this type", expected };
    throw validationError("An argument", [problem], `Name the server: ${expected}.`);
  }
  if (servers.some((server) => server.id === id)) return id;
  const nearest = nearestNames(
    id,
    servers.map((server) => server.id),
  );
  throw new CatalogueError("ROUTING_ERROR", `There is no server of this type with the id '${id.slice(0, 80)}'.`, {
    details: { nearest },
    acted: "no",
    suggestion: `Use one of ${servers.map((server) => `'${server.id}'`).join(", ")}.`,
  });
}
