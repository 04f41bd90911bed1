/** Reads and translates one API document, and says what became of each operation. */
import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { ApiDocument } from "../../connectors/openapi/api-document.ts";
import { untypedAnswer } from "../../connectors/openapi/build-tool.ts";
import { readTools } from "../../connectors/openapi/read-tools.ts";
import type { HttpClient, HttpRequestOptions } from "../../src/connector/http-client.ts";
import type { Tool } from "../../src/connector/tool.ts";
import { CatalogueError } from "../../src/errors/catalogue-error.ts";
import { anyValue, chance } from "./any-value.ts";
import { documentGraph, type DocumentGraph, type GraphTool } from "./document-graph.ts";

export interface Judgement {
  /** Absent: not a document of a kind that is read. */
  readonly unreadable?: string;
  operations: number;
  /** Operations that were translated; the others were left out by `most`. */
  translated: number;
  callable: number;
  typedInputs: number;
  declaredOutputs: number;
  typedOutputs: number;
  /** Without a single place that stays JSON. */
  whole: number;
  /** Inputs that the tool takes, sent through the graph. */
  sent: number;
  /** Operations that generated values were for, none of which the tool's own check took. */
  unsent: number;
  readonly fallbacks: { readonly tool: string; readonly place: string; readonly reason: string }[];
  readonly notes: { readonly tool: string; readonly note: string }[];
  /** What must never happen. */
  readonly failures: string[];
}

interface JudgeOptions {
  /** Most operations translated; chosen by their names alone. */
  readonly most: number;
  /** Share of the operations that generated values are sent through, 0 to 1. */
  readonly valued: number;
}

/** Where counting begins, for a document and for all of them. */
export const NOTHING_COUNTED = {
  operations: 0,
  translated: 0,
  callable: 0,
  typedInputs: 0,
  declaredOutputs: 0,
  typedOutputs: 0,
  whole: 0,
  sent: 0,
  unsent: 0,
};

/** Tools put into one schema at a time. */
const TOGETHER = 200;

export async function judgeDocument(text: string, options: JudgeOptions): Promise<Judgement> {
  const judgement: Judgement = {
    ...NOTHING_COUNTED,
    fallbacks: [],
    notes: [],
    failures: [],
  };
  let document: ApiDocument;
  try {
    document = new ApiDocument(JSON.parse(text));
  } catch (error) {
    return { ...judgement, unreadable: (error as Error).message };
  }
  const all = readTools(document);
  judgement.operations = all.length;
  const tools = chosenOf(all, options.most);
  judgement.translated = tools.length;
  for (let at = 0; at < tools.length; at += TOGETHER) {
    const graph = await documentGraph(tools.slice(at, at + TOGETHER), "Api");
    judgement.failures.push(...graph.faults().map((fault) => `invalid schema: ${fault}`));
    for (const each of graph.tools) await judgeTool(graph, each, options, judgement);
  }
  return judgement;
}

/** The same tools whatever order the document has them in, and mostly the same ones after it has grown. */
function chosenOf(tools: readonly Tool[], most: number): readonly Tool[] {
  if (tools.length <= most) return tools;
  const ranked = tools.map((tool) => ({ tool, rank: shareOf(tool.name) })).sort((a, b) => a.rank - b.rank);
  return ranked.slice(0, most).map(({ tool }) => tool);
}

/** A number from 0 to 1 that depends on the text alone. */
export function shareOf(text: string): number {
  return createHash("sha256").update(text).digest().readUInt32BE() / 2 ** 32;
}

async function judgeTool(
  graph: DocumentGraph,
  each: GraphTool,
  options: JudgeOptions,
  judgement: Judgement,
): Promise<void> {
  const { tool, translation } = each;
  const { name } = tool;
  for (const problem of translation.diagnostics)
    if (problem.includes("could not be translated")) judgement.failures.push(`${name}: ${problem}`);
  if (translation.typedInput) judgement.typedInputs++;
  const declares = tool.outputSchema !== untypedAnswer;
  if (declares) {
    judgement.declaredOutputs++;
    if (translation.typedOutput) judgement.typedOutputs++;
  }
  const { fallbacks } = translation;
  const own = fallbacks.filter(({ place }) => declares || place.startsWith("input"));
  if (own.length === 0) judgement.whole++;
  judgement.fallbacks.push(...own.map((fallback) => ({ tool: name, ...fallback })));
  judgement.notes.push(...tool.diagnostics.map((note) => ({ tool: name, note })));
  // Sent whether or not it keeps to every bound and pattern: what it shows is that the tool can be called.
  const sample = translation.sampleInput();
  if (await arrives(graph, each, sample, judgement)) {
    if (await canBeWritten(tool, sample, judgement)) judgement.callable++;
  }
  // Compiling a check costs more than everything else here together.
  if (shareOf(`value of ${name}`) >= options.valued) return;
  const random = chance(Math.floor(shareOf(name) * 2 ** 32));
  const made = Array.from({ length: 5 }, () => anyValue(tool.inputSchema, random) as Record<string, unknown>);
  const valid = [sample, ...made].filter((input) => tool.parseInput(input).ok);
  for (const input of valid) {
    if (await arrives(graph, each, input, judgement)) await canBeWritten(tool, input, judgement);
  }
  judgement.sent += valid.length;
  if (valid.length === 0) judgement.unsent++;
}

/** Sends an input as GraphQL variables and compares what reaches the tool, as JSON. */
async function arrives(
  graph: DocumentGraph,
  each: GraphTool,
  input: Readonly<Record<string, unknown>>,
  judgement: Judgement,
): Promise<boolean> {
  const { arrived, errors } = await graph.send(each, input);
  const isSame = errors.length === 0 && isDeepStrictEqual(asJson(arrived), asJson(input));
  if (!isSame) {
    const said = errors.join("; ").slice(0, 300);
    judgement.failures.push(`${each.tool.name}: sent ${short(input)}, arrived ${short(arrived)} ${said}`);
  }
  return isSame;
}

function asJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value ?? null));
}

/** Runs the tool up to its request, which goes nowhere. */
async function canBeWritten(tool: Tool, input: unknown, judgement: Judgement): Promise<boolean> {
  let isWritten = false;
  const request = (_method: string, path: string, _options?: HttpRequestOptions) => {
    isWritten = path.startsWith("/");
    return Promise.resolve({ status: 204, headers: {}, text: "", json: () => null, as: () => null as never });
  };
  const http = { request } as unknown as HttpClient;
  try {
    await tool.run({ input, http, signal: AbortSignal.abort(), context: { requestId: "r", reportProgress: () => {} } });
  } catch (error) {
    if (!(error instanceof CatalogueError)) judgement.failures.push(`${tool.name}: ${(error as Error).stack}`);
    else if (error.code !== "DATA_TRANSFORMATION_ERROR")
      judgement.failures.push(`${tool.name}: ${error.code} ${error.message}`);
    // A value that the request cannot carry is refused by name: the tool itself can be called.
    else isWritten = true;
  }
  return isWritten;
}

function short(value: unknown): string {
  return (JSON.stringify(value) ?? "nothing").slice(0, 300);
}
