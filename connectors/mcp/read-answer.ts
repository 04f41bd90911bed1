/** Reads the answer to a tool call by hand: the SDK's schemas cost more than the call itself. */
import { ProtocolError, SdkError, SdkErrorCode, type CallToolResult } from "@modelcontextprotocol/client";
import { repairResult } from "./repair-result.ts";
import { isObject, type Json } from "./repair-tool.ts";

/** What older revisions answer instead of a result, and must not be taken for an empty one. */
const NO_RESULT = ["task", "inputRequests", "requestState"];

/**
 * Judges what the gateway uses of an answer, as the SDK does: the error, or the result with its odd items repaired.
 * Throws `ProtocolError` (the server's error) or `SdkError` (an answer that is none).
 *
 * Spec: https://modelcontextprotocol.io/specification/2026-07-28/server/tools#tool-result
 *
 * @example
 * readAnswer({ jsonrpc: "2.0", id: 1, error: { code: -32602, message: "no" } }, false); // throws a ProtocolError
 */
export function readAnswer({ result, error }: Json, isModern: boolean): CallToolResult {
  if (error !== undefined && error !== null) {
    if (!isObject(error) || !Number.isInteger(error.code) || typeof error.message !== "string") throw invalid("error");
    if (result !== undefined && result !== null) throw invalid("answer: it has a result and an error");
    throw ProtocolError.fromError(error.code as number, error.message, error.data);
  }
  if (!isObject(result)) throw invalid("result: it is no object");
  if (isModern && result.resultType !== "complete") throw incomplete(result.resultType);
  const { content, structuredContent, isError, _meta: meta } = result;
  if (isError !== undefined && typeof isError !== "boolean") throw invalid("result: isError");
  if (meta !== undefined && !isObject(meta)) throw invalid("result: _meta");
  if (content === undefined && structuredContent === undefined) {
    if (isModern || NO_RESULT.some((key) => Object.hasOwn(result, key))) throw invalid("result: it has no content");
    return { ...result, content: [] };
  }
  return repairResult(result, isModern) as unknown as CallToolResult;
}

function incomplete(resultType: unknown): SdkError {
  return typeof resultType === "string"
    ? new SdkError(SdkErrorCode.UnsupportedResultType, `Unsupported result type: ${resultType}`, { resultType })
    : invalid("result: it does not say of what type it is");
}

function invalid(what: string): SdkError {
  return new SdkError(SdkErrorCode.InvalidResult, `Invalid ${what}`);
}
