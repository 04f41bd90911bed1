/** A connector of one tool, written as an author would: the same upstream call as the floor makes. */
import { defineConnector, z } from "../../src/index.ts";

const bench = defineConnector({
  type: "custom_api",
  title: "Lookup",
  summary: "Looks things up.",
  config: z.object({}),
  authentication: ["none"],
});

const LookupAnswer = z.object({
  items: z.array(z.object({ id: z.string(), title: z.string(), status: z.string(), score: z.number() })),
  more: z.boolean(),
});

const lookup = bench.tool({
  name: "lookup",
  summary: "Finds items.",
  effect: "read",
  input: z.object({
    query: z.string().max(1000),
    limit: z.number().int().min(1).max(100).default(10),
    tags: z.array(z.string()).optional(),
  }),
  output: LookupAnswer,
  examples: [],
  run: async ({ input, http }) => (await http.post("/lookup", { json: input })).json() as z.input<typeof LookupAnswer>,
});

export default bench.connect([lookup]);
