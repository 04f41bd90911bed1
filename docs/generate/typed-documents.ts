/** The typed operations of the examples, as `npm run codegen` writes them, in memory. */
import { relative, resolve } from "node:path";
import { generate } from "@graphql-codegen/cli";
import config from "../../codegen.ts";

const root = resolve(import.meta.dirname, "../..");

/** @param schema SDL that the operations have to fit; fails, naming them, when they do not */
export async function typedDocuments(schema: string): Promise<[string, string][]> {
  const outputs = (await generate({ ...config, schema, cwd: root, silent: true }, false)) as readonly {
    readonly filename: string;
    readonly content: string;
  }[];
  return outputs.map(({ filename, content }) => [relative(root, resolve(root, filename)), content]);
}
