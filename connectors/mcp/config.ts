/** What `server_specific_config` of an MCP server holds. Apart from all that connects, which only those load that have one. */
import { z } from "../../src/index.ts";

/** Exactly one of `command` (a process on this machine) and `url` (Streamable HTTP) is given. */
export const config = z
  .object({
    command: z.string().min(1).optional().describe("Program to start, for example npx, node or an absolute path."),
    args: z.array(z.string()).optional().describe("Arguments of the program."),
    env: z.record(z.string(), z.string()).optional().describe("Environment variables besides PATH, HOME and the like."),
    cwd: z.string().optional().describe("Working folder; relative to the configuration file, its folder when absent."),
    url: z
      .url({ protocol: /^https?$/ })
      .optional()
      .describe("Address of the server's Streamable HTTP endpoint."),
    headers: z.record(z.string(), z.string()).optional().describe("Headers of every request to the server."),
  })
  .strict()
  .superRefine((value, context) => {
    const process = value.command !== undefined;
    if (process === (value.url !== undefined)) {
      context.addIssue({ code: "custom", path: ["command"], message: "give exactly one of command and url" });
      return;
    }
    for (const key of process ? (["headers"] as const) : (["args", "env", "cwd"] as const)) {
      if (value[key] !== undefined) {
        context.addIssue({ code: "custom", path: [key], message: `belongs to ${process ? "url" : "command"}` });
      }
    }
  });

export type McpConfig = z.output<typeof config>;
