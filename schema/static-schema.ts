/** The static part of the graph, the same for every caller: loads the types and builds them once. */
import "./types/enums.ts";
import "./types/page-info.ts";
import "./types/tool.ts";
import "./types/server.ts";
import "./types/viewer.ts";
import "./types/tool-execution.ts";
import type { GraphQLSchema } from "graphql";
import { builder } from "./builder.ts";

export const staticSchema: GraphQLSchema = builder.toSchema({ sortSchema: false });
