/** A small server type for the stories about large results: an archive that answers as much as it is asked for. */
import { defineConnector, z } from "../../src/index.ts";
import { startUpstream, type Upstream } from "../support/upstream.ts";

const archive = defineConnector({
  type: "archive",
  title: "Archive",
  summary: "Keeps records.",
  config: z.object({}),
  authentication: ["none"],
});

const Row = z.object({ id: z.number(), title: z.string(), status: z.string() });
const Rows = z.object({ rows: z.array(Row) });

const Times = z.number().int().default(1).describe("How often each row is answered.");

function repeated(answer: z.output<typeof Rows>, times: number): z.output<typeof Rows> {
  return { rows: Array.from({ length: times }, () => answer.rows).flat() };
}

const listRows = archive.tool({
  name: "list_rows",
  summary: "Lists rows.",
  effect: "read",
  input: z.object({ count: z.number().int(), times: Times }),
  output: Rows,
  examples: [],
  run: async ({ input, http }) =>
    repeated((await http.get("/rows", { query: { count: input.count } })).as(Rows), input.times),
});

const readText = archive.tool({
  name: "read_text",
  summary: "Reads a text.",
  effect: "read",
  input: z.object({ length: z.number().int() }),
  output: z.string(),
  examples: [],
  run: async ({ input, http }) => (await http.get("/text", { query: { length: input.length } })).text,
});

const fileRecord = archive.tool({
  name: "file_record",
  summary: "Files a record and answers with all there are.",
  effect: "write",
  input: z.object({ count: z.number().int(), times: Times }),
  output: Rows,
  examples: [],
  run: async ({ input, http }) => repeated((await http.post("/rows", { json: input })).as(Rows), input.times),
});

const connector = archive.connect([listRows, readText, fileRecord]);

/** The connectors of a gateway that knows nothing but archives. */
export const archiveOnly = new Map([["archive", connector]]);

export function rows(count: number): { id: number; title: string; status: string }[] {
  return Array.from({ length: count }, (_, id) => ({
    id,
    title: `Row ${id} — ünïcode`,
    status: id % 10 === 0 ? "open" : "done",
  }));
}

export function textOfLength(length: number): string {
  return Array.from({ length: Math.ceil(length / 20) }, (_, line) => `line ${line} `.padEnd(19, "."))
    .join("\n")
    .slice(0, length);
}

export function startArchive(): Promise<Upstream> {
  return startUpstream((request) => {
    if (request.path === "/text") return { text: textOfLength(Number(request.query.get("length"))) };
    const count =
      request.method === "POST"
        ? (JSON.parse(request.body) as { count: number }).count
        : Number(request.query.get("count"));
    return { json: { rows: rows(count) } };
  });
}
