/**
 * Measures how well the tool index finds the tools of annotated tasks, and what a question costs at 5,000 tools.
 *
 * Run with `npx -c 'node bench/retrieval.ts [folder]'`; the folder holds `catalogue.json` and one or more
 * `tasks*.json`, and is `retrieval` of the corpus (TOOLGRAPH_SHARED, else ../shared) unless given.
 */
import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { createToolIndex, type SearchableTool, type ToolIndex } from "../src/search/tool-index.ts";

interface CatalogueServer {
  readonly server: string;
  readonly description?: string | null;
  readonly tools: readonly {
    readonly name: string;
    readonly description?: string | null;
    readonly inputSchema?: SearchableTool["inputSchema"];
  }[];
}

interface Task {
  readonly question: string;
  readonly tools: readonly string[];
  readonly steps: readonly { readonly step: string; readonly tool: string }[];
}

const folder = resolve(process.argv[2] ?? `${process.env["TOOLGRAPH_SHARED"] ?? "../shared"}/corpus/retrieval`);
const catalogue = read("catalogue.json") as CatalogueServer[];

function read(name: string): unknown {
  return JSON.parse(readFileSync(resolve(folder, name), "utf8"));
}

/** Fills an index with the catalogue, `times` over under other server ids. */
function fill(times: number): ToolIndex {
  const index = createToolIndex();
  for (let copy = 0; copy < times; copy += 1) {
    for (const { server, description, tools } of catalogue) {
      const id = copy === 0 ? server : `${server}-${copy}`;
      const searchable = tools.map((tool) => ({
        name: tool.name,
        description: tool.description ?? "",
        effect: "read" as const,
        inputSchema: tool.inputSchema ?? {},
      }));
      index.addServer({ id, name: server, type: "mcp", description: description ?? "" }, searchable);
    }
  }
  return index;
}

function namesFor(index: ToolIndex, question: string, first: number): string[] {
  return index.search(question, { first }).map((match) => match.toolName);
}

/** The mean share of a task's tools among the first results, and how many steps find their tool. */
function quality(index: ToolIndex, tasks: readonly Task[]): Record<string, number> {
  const recall = (first: number): number =>
    mean(
      tasks.map(({ question, tools }) => {
        const found = new Set(namesFor(index, question, first));
        const wanted = [...new Set(tools)];
        return wanted.filter((tool) => found.has(tool)).length / wanted.length;
      }),
    );
  const steps = tasks.flatMap((task) => task.steps);
  const hit = (first: number): number =>
    mean(steps.map(({ step, tool }) => Number(namesFor(index, step, first).includes(tool))));
  return {
    tasks: tasks.length,
    "recall@5": recall(5),
    "recall@20": recall(20),
    steps: steps.length,
    "step@1": hit(1),
    "step@5": hit(5),
  };
}

/** Milliseconds of processor time a question takes, which other work on the machine does not disturb. */
function cost(index: ToolIndex, questions: readonly string[]): Record<string, number> {
  const time = (question: string): number => {
    const start = process.cpuUsage();
    namesFor(index, question, 20);
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1000;
  };
  for (const question of questions) time(question);
  const times = Array.from({ length: 5 }, () => questions.map(time))
    .flat()
    .toSorted((a, b) => a - b);
  const at = (share: number): number => times[Math.floor(share * (times.length - 1))] ?? Number.NaN;
  return { questions: questions.length, mean: mean(times), p50: at(0.5), p95: at(0.95), max: at(1) };
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? Number.NaN : values.reduce((sum, value) => sum + value, 0) / values.length;
}

const rounded = (row: Record<string, number>): Record<string, number> =>
  Object.fromEntries(Object.entries(row).map(([name, value]) => [name, Math.round(value * 1000) / 1000]));

const index = fill(1);
const rows: Record<string, Record<string, number>> = {};
const everyTask: Task[] = [];
for (const file of readdirSync(folder).filter((name) => /^tasks.*\.json$/.test(name))) {
  const tasks = (read(file) as Task[]).filter((task) => task.tools.length > 0);
  everyTask.push(...tasks);
  rows[file] = rounded(quality(index, tasks));
  // Two halves, so that a change tuned on one can be judged on the other.
  rows[`${file}, even half`] = rounded(
    quality(
      index,
      tasks.filter((_, at) => at % 2 === 0),
    ),
  );
  rows[`${file}, odd half`] = rounded(
    quality(
      index,
      tasks.filter((_, at) => at % 2 === 1),
    ),
  );
}
console.table(rows);

const toolCount = catalogue.reduce((sum, { tools }) => sum + tools.length, 0);
const times = Math.ceil(5_000 / toolCount);
const large = fill(times);
console.log(`CPU milliseconds a question at ${times * toolCount} tools:`);
console.table({
  tasks: rounded(
    cost(
      large,
      everyTask.map(({ question }) => question),
    ),
  ),
  steps: rounded(
    cost(
      large,
      everyTask.flatMap(({ steps }) => steps.map(({ step }) => step)),
    ),
  ),
});
