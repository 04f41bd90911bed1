/** Holds what a caller got against what it is owed: the code, the status, the time, and a text that helps and leaks nothing. */
import { MARGIN_MS, TIMEOUT_MS, type Owed } from "./fault.ts";
import type { DoorName, Got } from "./doors.ts";

/** Addresses, system errors, stacks and the names of our parts: nothing that a caller should see. */
const LEAK =
  /127\.0\.0\.1|localhost|\.invalid|\bE[A-Z]{5,}\b|UND_ERR|HPE_|undici|node:|node_modules|\n\s+at |\/test\/faults/;

/** How problems begin that a busy machine alone may cause. */
export const SLOW = "too slow";

/** @param seen how often the server saw the call */
export function judgeAnswer(effect: string, got: Got, seen: number, owed: Owed, door: DoorName): string[] {
  const problems: string[] = [];
  const expect = (what: string, value: unknown, expected: unknown) => {
    if (value !== expected)
      problems.push(`a ${effect} got ${what} ${String(value)}, owed ${String(expected)} (${got.message})`);
  };
  expect("code", got.code, owed.code);
  if (door === "rest" || got.code !== "VALIDATION_ERROR")
    expect("HTTP status", got.httpStatus, door === "rest" ? owed.status : 200);
  expect("retryable", got.retryable, owed.retryable === "if not unknown" ? !got.isUnknown : owed.retryable);
  // A call that was sent may yet be one that the server never read: then to say so is no fault.
  const isUnknown = owed.isUnknown === "if sent" ? seen > 0 || got.isUnknown : owed.isUnknown;
  expect("outcome unknown", got.isUnknown, isUnknown);
  const waitMs = got.retryAfterMs ?? 0;
  if (owed.waitMs !== undefined && (waitMs <= 0 || waitMs > owed.waitMs))
    problems.push(`a ${effect} is told to wait ${waitMs} ms`);
  if (got.tookMs > TIMEOUT_MS + MARGIN_MS) problems.push(`${SLOW}: a ${effect} took ${Math.round(got.tookMs)} ms`);
  const leak = LEAK.exec(got.text);
  if (leak) problems.push(`the answer to a ${effect} shows '${leak[0]}': ${got.text.slice(0, 300)}`);
  if (owed.code === "success") return problems;
  if (!/^[A-Z'].{10,}\.$/s.test(got.message)) problems.push(`the message is no sentence: '${got.message}'`);
  if (!/^[A-Z'].{15,}[.?]$/s.test(got.suggestion)) problems.push(`nothing says what to do: '${got.suggestion}'`);
  if (got.message.includes("..")) problems.push(`the message is unkempt: '${got.message}'`);
  if (effect === "write" && got.retryable && /check first/.test(got.suggestion)) {
    problems.push("a write that may be sent again is told to be checked first");
  }
  return problems;
}
