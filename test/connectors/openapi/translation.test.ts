/** What `npm run bench:openapi` asks of thousands of documents, asked of a few. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { chance } from "../../../bench/openapi/any-value.ts";
import { judgeDocument } from "../../../bench/openapi/judge-document.ts";
import { changedNames } from "../../../bench/openapi/names-of.ts";
import { sharedFolder } from "../../support/shared-data.ts";

const shared = sharedFolder();

describe.skipIf(!shared)("the operations of a vendor's whole document (needs TOOLGRAPH_SHARED)", () => {
  it.each([
    ["jira/jira-platform-v3.swagger.json", 616],
    ["slack/slack_web_openapi_v2.json", 174],
    ["salesforce/salesforce-v64.merged.openapi.json", 27],
  ])("of %s are typed, take what is sent to them unchanged, and keep their names", async (file, operations) => {
    const text = readFileSync(join(shared!, "contracts", file), "utf8");
    const judged = await judgeDocument(text, { most: 60, valued: 0.3 });
    expect(judged).toMatchObject({
      operations,
      failures: [],
      callable: judged.translated,
      typedInputs: judged.translated,
    });
    expect(judged.sent).toBeGreaterThan(10);
    expect(await changedNames(JSON.parse(text), chance(1), 30)).toEqual([]);
  });
});
