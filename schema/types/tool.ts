/** `Tool`, its connection, and the fields that return it: `tools`, `tool`, `searchTools`. */
import { builder } from "../builder.ts";
import { findTool, listTools, type ToolConnectionShape, type ToolShape } from "../../resolvers/list-tools.ts";
import { searchTools, type ToolMatchShape } from "../../resolvers/search-tools.ts";
import { annotationsOf } from "../../src/connector/annotations.ts";
import { ToolEffect } from "./enums.ts";
import { PageInfo } from "./page-info.ts";

export const Tool = builder.objectRef<ToolShape>("Tool").implement({
  description: "One tool of one server.",
  fields: (t) => ({
    serverId: t.id({ resolve: ({ server }) => server.id }),
    name: t.string({ description: "The tool's own name, for executeTool.", resolve: ({ tool }) => tool.name }),
    title: t.string({ nullable: true, resolve: ({ tool }) => tool.title }),
    description: t.string({ nullable: true, resolve: ({ tool }) => tool.description }),
    effect: t.field({ type: ToolEffect, resolve: ({ tool }) => tool.effect }),
    inputSchema: t.field({
      type: "JSON",
      description: "JSON Schema of the input.",
      resolve: ({ tool }) => tool.inputSchema,
    }),
    outputSchema: t.field({ type: "JSON", nullable: true, resolve: ({ tool }) => tool.outputSchema }),
    annotations: t.field({
      type: "JSON",
      nullable: true,
      description: "MCP's hints: readOnlyHint, destructiveHint, …",
      resolve: ({ tool }) => annotationsOf(tool),
    }),
    signature: t.string({
      description: "The smallest text needed to call it: its field, arguments and result.",
      resolve: ({ server, tool }, _args, { texts }) => texts.signature(server, tool),
    }),
    sdl: t.string({
      description: "The part of the schema it needs: its field and every type that leads from it, in SDL.",
      resolve: ({ server, tool }, _args, { texts }) => texts.sdl(server, tool),
    }),
    example: t.string({
      description: "A complete operation that runs as it stands.",
      resolve: ({ server, tool }, _args, { texts }) => texts.example(server, tool),
    }),
    diagnostics: t.stringList({
      description: "What an operator should know, for example parts of the schema that could not be typed.",
      resolve: ({ server, tool }, _args, { texts }) => [...tool.diagnostics, ...texts.diagnostics(server, tool)],
    }),
  }),
});

export const ToolConnection = builder.objectRef<ToolConnectionShape>("ToolConnection").implement({
  fields: (t) => ({
    nodes: t.field({ type: [Tool], resolve: (page) => [...page.nodes] }),
    totalCount: t.exposeInt("totalCount"),
    pageInfo: t.field({ type: PageInfo, resolve: (page) => page.pageInfo }),
  }),
});

const ToolMatch = builder.objectRef<ToolMatchShape>("ToolMatch").implement({
  description: "A tool that fits a need told in words.",
  fields: (t) => ({
    tool: t.field({ type: Tool, resolve: (match) => match.found }),
    score: t.exposeFloat("score", { description: "From 0 to 1." }),
    matched: t.stringList({ description: "The words that matched.", resolve: (match) => [...match.matched] }),
  }),
});

builder.queryFields((t) => ({
  tools: t.field({
    type: ToolConnection,
    description: "The tools you may use.",
    args: {
      serverId: t.arg.id(),
      effect: t.arg({ type: ToolEffect }),
      first: t.arg.int({ defaultValue: 50, validate: { min: 0, max: 500 } }),
      after: t.arg.string({ validate: { maxLength: 1000 } }),
    },
    resolve: (_root, args, { view }) => listTools(view, args),
  }),
  tool: t.field({
    type: Tool,
    nullable: true,
    args: { serverId: t.arg.id({ required: true }), name: t.arg.string({ required: true }) },
    resolve: (_root, { serverId, name }, { view }) => findTool(view, serverId, name),
  }),
  searchTools: t.field({
    type: [ToolMatch],
    description: "Finds tools by what they do, best first.",
    args: {
      query: t.arg.string({ required: true, validate: { maxLength: 10_000 } }),
      serverIds: t.arg.idList(),
      first: t.arg.int({ defaultValue: 5, validate: { min: 0, max: 100 } }),
    },
    resolve: (_root, args, { view }) => searchTools(view, args),
  }),
}));
