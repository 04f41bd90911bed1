/** The weights of the tool search, in one place: what a word counts by where it stands and how a tool's words add up. */

/** One kind of text of a tool or a server. */
export interface Field {
  /** How much a word counts that stands there. */
  readonly weight: number;
  /** Words such a text usually has. */
  readonly usualLength: number;
  /** From 0 to 1: how much a longer text dilutes its words. */
  readonly dilution: number;
}

export interface SearchTuning {
  readonly fields: Readonly<
    Record<"name" | "pair" | "sentence" | "rest" | "parameter" | "parameterText" | "server" | "serverName", Field>
  >;
  /** A synonym counts this much of the word itself. */
  readonly synonym: number;
  /** A word that is one slip away from an unknown one counts this much of it. */
  readonly correction: number;
  /** Two neighbouring words found side by side count this much more. */
  readonly pair: number;
  /** A word that says little, such as "get", counts this much. */
  readonly weak: number;
  /** A word of a file's name or of an address counts this much. */
  readonly value: number;
  /** A word that says little makes up this much of a name, where another makes up one. */
  readonly weakShare: number;
  /** The weight at which a word of a tool counts half of what it could. */
  readonly saturation: number;
  /** The words of the server's own name and description count this much of a tool's. */
  readonly server: number;
  /** From 0 to 1: how much a term is rare by being known to few servers, rather than to few tools. */
  readonly serverRarity: number;
  /** What the whole question counts, where the need that fits best counts one. */
  readonly whole: number;
  /** How much a tool gains when all words of its name were asked for. */
  readonly naming: number;
  /** How much a tool gains of what the best tool of its server reached. */
  readonly sibling: number;
  /** What a word of the question still counts once the best tool for it was taken. */
  readonly novelty: number;
}

/** Found by measuring (bench/retrieval.ts); the results change little around these values. */
export const searchTuning: SearchTuning = {
  fields: {
    name: { weight: 3, usualLength: 3, dilution: 0.3 },
    pair: { weight: 2, usualLength: 3, dilution: 0 },
    sentence: { weight: 2, usualLength: 12, dilution: 0.5 },
    rest: { weight: 0.6, usualLength: 40, dilution: 0.6 },
    parameter: { weight: 0.8, usualLength: 5, dilution: 0.6 },
    parameterText: { weight: 0.3, usualLength: 40, dilution: 0.7 },
    server: { weight: 1, usualLength: 15, dilution: 0.5 },
    serverName: { weight: 2, usualLength: 2, dilution: 0.3 },
  },
  synonym: 0.5,
  correction: 0.4,
  pair: 0.6,
  weak: 0.4,
  value: 0.3,
  weakShare: 0.5,
  saturation: 2,
  server: 0.5,
  serverRarity: 0.5,
  whole: 1,
  naming: 1.5,
  sibling: 0.15,
  novelty: 0.6,
};
