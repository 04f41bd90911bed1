/** `ResultPage` and `result`: results that were too large to hand over at once, read in parts. */
import { readResult } from "../../resolvers/read-result.ts";
import type { ResultPage as ResultPageShape } from "../../src/results/read-result.ts";
import { builder } from "../builder.ts";

const ResultKind = builder.enumType("ResultKind", {
  description:
    "What offset and total count: ITEMS of an array, characters of a TEXT, of a value's JSON_TEXT, or a whole VALUE.",
  values: {
    ITEMS: { value: "items" },
    TEXT: { value: "text" },
    JSON_TEXT: { value: "json_text" },
    VALUE: { value: "value" },
  } as const,
});

const ResultPage = builder.objectRef<ResultPageShape>("ResultPage").implement({
  description: "A part of a kept result.",
  fields: (t) => ({
    id: t.exposeID("id"),
    serverId: t.exposeID("serverId"),
    toolName: t.exposeString("toolName"),
    kind: t.field({ type: ResultKind, resolve: (page) => page.kind }),
    output: t.field({ type: "JSON", nullable: true, resolve: (page) => page.output }),
    total: t.exposeInt("total", { description: "Items or characters there are." }),
    offset: t.exposeInt("offset"),
    nextOffset: t.exposeInt("nextOffset", {
      nullable: true,
      description: "Where the next page begins; null at the end.",
    }),
    expiresAt: t.exposeString("expiresAt", { description: "When the result is forgotten, ISO 8601." }),
  }),
});

builder.queryField("result", (t) =>
  t.field({
    type: ResultPage,
    nullable: true,
    description: "A part of a result that was too large to return at once, by the resultId of its execution.",
    args: {
      id: t.arg.id({ required: true }),
      select: t.arg.string({ description: "JMESPath, applied first." }),
      search: t.arg.string({
        description: "Keeps the items, lines or places that hold this text, in any case.",
        validate: { maxLength: 1000 },
      }),
      offset: t.arg.int({ description: "First item or character; 0 when absent." }),
      limit: t.arg.int({
        description: "Most items (50 when absent) or characters; a page never exceeds the result limit.",
      }),
    },
    resolve: (_root, args, context) => readResult(context, args),
  }),
);
