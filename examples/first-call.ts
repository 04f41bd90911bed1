/**
 * Finds a tool, calls it, and reads an error, with typed operations. Checks each answer and exits 1 when one is off.
 *
 * Start the demo (`npm start`), then: URL=http://127.0.0.1:4000 TOKEN=dev-… npx -c 'node examples/first-call.ts'
 */
import assert from "node:assert/strict";
import { ask } from "./ask.ts";
import { graphql } from "./generated/gql.ts";

const FindTool = graphql(`
  query FindTool($need: String!) {
    searchTools(query: $need, first: 3) {
      tool {
        serverId
        name
        signature
      }
    }
  }
`);

const RunTool = graphql(`
  mutation RunTool($serverId: ID!, $toolName: String!, $input: JSON, $select: String) {
    executeTool(serverId: $serverId, toolName: $toolName, input: $input, select: $select) {
      status
      output
      error {
        code
        suggestion
        retryable
      }
    }
  }
`);

const gateway = { url: process.env.URL ?? "http://127.0.0.1:4000", token: process.env.TOKEN ?? "" };
assert.notEqual(gateway.token, "", "Set TOKEN to the token that the gateway printed when it started.");

const { searchTools } = await ask(gateway, FindTool, { need: "read a text file" });
const found = searchTools.find(({ tool }) => tool.name === "read_text_file")?.tool;
assert.ok(found, "no tool reads text files: is this the demo?");
console.log(`found   ${found.signature}`);

const call = { serverId: found.serverId, toolName: found.name, input: { path: "team.json" }, select: "content" };
const { executeTool: read } = await ask(gateway, RunTool, call);
assert.equal(read.status, "SUCCESS");
assert.match(String(read.output), /Ada/);
console.log(`read    ${String(read.output).split("\n").length} lines`);

const { executeTool: failed } = await ask(gateway, RunTool, { ...call, toolName: "read_txt_file" });
assert.equal(failed.status, "ERROR");
assert.equal(failed.error?.code, "TOOL_NOT_SUPPORTED");
assert.equal(failed.error.retryable, false);
console.log(`error   ${failed.error.code}: ${failed.error.suggestion}`);
