/** Atlassian's own JSON Schema of documents, as the judge of what the connector sends. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import AjvDraft04Module from "ajv-draft-04";
import { sharedFolder } from "../../../support/shared-data.ts";

const AjvDraft04 = AjvDraft04Module as unknown as typeof AjvDraft04Module.default;

/** Tells what is wrong with a document, or `undefined`; absent where Atlassian's schema is. */
export function adfJudge(): ((document: unknown) => string | undefined) | undefined {
  const shared = sharedFolder();
  if (shared === undefined) return undefined;
  const schema = JSON.parse(readFileSync(join(shared, "contracts/jira/adf-full.schema.json"), "utf8")) as object;
  const validate = new AjvDraft04({ strict: false }).compile(schema);
  return (document) =>
    validate(document) ? undefined : JSON.stringify({ errors: validate.errors?.slice(0, 3), document });
}
