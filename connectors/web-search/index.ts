/** The web_search connector with its tools. */
import { webSearch } from "./connector.ts";
import { performSearch } from "./tools/perform-search.ts";

export default webSearch.connect([performSearch]);
