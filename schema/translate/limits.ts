/** Bounds on what one tool's schema may make of the graph: beyond them a part becomes JSON. */

/** Objects within objects; real schemas stay under 17, and queries are limited to 12 anyway. */
export const deepestNesting = 32;
/** Object types of one tool. */
export const mostObjectTypes = 1000;
/** Characters of a description. */
export const longestDescription = 4000;
/** Values listed in a description. */
export const mostListedValues = 50;
