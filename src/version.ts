/** The version of this program, from its package description. */
import description from "../package.json" with { type: "json" };

export const VERSION: string = description.version;
