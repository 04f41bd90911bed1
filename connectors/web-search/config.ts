/** `server_specific_config` of a web_search server. */
import { z } from "../../src/index.ts";

export const SearchConfig = z
  .object({
    provider: z.enum(["brave", "tavily", "searxng", "google"]).describe("Whose search API the server speaks to."),
    engineId: z.string().min(1).optional().describe("Google only: id of the Programmable Search Engine, sent as `cx`."),
  })
  .refine(({ provider, engineId }) => provider !== "google" || engineId !== undefined, {
    path: ["engineId"],
    message: "is required for google: the id of the Programmable Search Engine",
  });

export type SearchConfig = z.output<typeof SearchConfig>;
