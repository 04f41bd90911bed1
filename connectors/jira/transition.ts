/** Transitions: the moves that an issue's workflow allows from its present status. */
import { serverFailure, z, type HttpClient } from "../../src/index.ts";
import { apiPath, type JiraConfig } from "./connector.ts";
import { lenient } from "./issue.ts";

export const TransitionAnswer = z.object({
  id: z.string(),
  name: z.string(),
  to: lenient(z.object({ name: z.string() })).optional(),
  isAvailable: z.boolean().optional(),
});
type TransitionAnswer = z.output<typeof TransitionAnswer>;

export const Transition = z.object({
  id: z.string(),
  name: z.string(),
  to_status: z.string().nullable().describe("The status the issue gets."),
});
export type Transition = z.output<typeof Transition>;

export function transitionOf({ id, name, to }: TransitionAnswer): Transition {
  return { id, name, to_status: to?.name ?? null };
}

/**
 * The one transition that `wanted` means: an id, else a transition's name, else the name of the status it leads to.
 * Fails with `MCP_CLIENT_ERROR`, listing what is possible, when none or more than one fits.
 */
export async function findTransition(
  http: HttpClient,
  config: JiraConfig,
  issueKey: string,
  wanted: string,
): Promise<Transition> {
  const answer = await http.get(apiPath(config, `/issue/${issueKey}/transitions`));
  const { transitions } = answer.as(z.object({ transitions: z.array(TransitionAnswer).default([]) }));
  const possible = transitions.filter(({ isAvailable }) => isAvailable !== false).map(transitionOf);
  const name = normal(wanted);
  const ways: ((transition: Transition) => boolean)[] = [
    ({ id }) => id === wanted.trim(),
    (transition) => normal(transition.name) === name,
    ({ to_status }) => to_status !== null && normal(to_status) === name,
  ];
  for (const fits of ways) {
    const [found, another] = possible.filter(fits);
    if (found && !another) return found;
    if (found) throw notOne(`Several transitions of ${issueKey} fit "${wanted}".`, possible);
  }
  throw notOne(`Issue ${issueKey} cannot make the transition "${wanted}" from its present status.`, possible);
}

function notOne(message: string, possible: readonly Transition[]): Error {
  const list = possible.map(({ id, name, to_status }) => `${id} (${name} → ${to_status ?? "?"})`);
  return serverFailure(
    {
      kind: "wrong_request",
      message,
      details: { possible_transitions: possible },
      suggestion:
        list.length === 0
          ? "No transition is possible for the account of this server; an administrator has to allow it."
          : `Use the id of one that is possible: ${list.join(", ")}.`,
    },
    { status: 200 },
  );
}

function normal(name: string): string {
  return name.trim().toLowerCase().replaceAll(/\s+/g, " ");
}
