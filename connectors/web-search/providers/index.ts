/** Every search provider by its name in the configuration. */
import type { SearchConfig } from "../config.ts";
import type { Provider } from "../provider.ts";
import { brave } from "./brave.ts";
import { google } from "./google.ts";
import { searxng } from "./searxng.ts";
import { tavily } from "./tavily.ts";

export const providers: Readonly<Record<SearchConfig["provider"], Provider>> = { brave, tavily, searxng, google };
