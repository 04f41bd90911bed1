/** An error that is told to another replica reaches its callers as it was. */
import { expect, test } from "vitest";
import { CatalogueError } from "../../src/errors/catalogue-error.ts";
import { errorOfText, textOfError } from "../../src/errors/portable-error.ts";

test("everything a caller is told comes through", () => {
  const error = new CatalogueError("MCP_RATE_LIMIT_EXCEEDED", "Too fast.", {
    details: { scope: "tool" },
    retryAfterMs: 7_000,
    suggestion: "Wait.",
    serverStatusCode: 429,
    serverErrorDetails: { ok: false },
    acted: "no",
    cause: new Error("secret of the process"),
  });
  const text = textOfError(error);
  expect(text).not.toContain("secret of the process");
  const told = errorOfText(text)!;
  expect(told).toBeInstanceOf(CatalogueError);
  expect(textOfError(told)).toBe(text);
  expect(told).toMatchObject({
    code: error.code,
    message: error.message,
    retryAfterMs: 7_000,
    status: 429,
    acted: "no",
  });
});

test("the least an error holds comes through as well", () => {
  const text = textOfError(new CatalogueError("API_INTERNAL_ERROR", "Oh."));
  expect(textOfError(errorOfText(text)!)).toBe(text);
});

test.each([
  "",
  "{",
  "null",
  "{}",
  '{"code":"OF_ANOTHER_VERSION","message":"m","retryable":true,"suggestion":"s","status":500,"acted":"no"}',
])("what is no error of this version is none: %s", (text) => {
  expect(errorOfText(text)).toBeUndefined();
});
