/** Path, query and body: no value of an argument can change where a request goes. */
import { describe, expect, it } from "vitest";
import { bodyOf, pathOf } from "../../src/outbound/request-parts.ts";

describe("the path", () => {
  it("is joined to the base path, with the query and then the credential", () => {
    const query = { q: "a b&c=d", page: 2, all: false, ids: [1, 2], none: undefined, nil: null };
    expect(pathOf("/api/v1", "/search", query, { key: "k/1" })).toBe(
      "/api/v1/search?q=a+b%26c%3Dd&page=2&all=false&ids=1&ids=2&key=k%2F1",
    );
  });

  it("keeps a query of its own", () => {
    expect(pathOf("", "/x?fixed=1", { a: 1 })).toBe("/x?fixed=1&a=1");
    expect(pathOf("", "/x", { a: undefined })).toBe("/x");
    expect(pathOf("", "/x?where=../y")).toBe("/x?where=../y");
  });

  it.each([
    ["an absolute URL", "https://evil.example/x"],
    ["another host", "//evil.example/x"],
    ["another host with a backslash", "/\\evil.example/x"],
    ["no path at all", "x"],
    ["nothing", ""],
    ["one step up", "/issues/../admin"],
    ["one step up at the end", "/issues/.."],
    ["one step up, encoded", "/issues/%2e%2E/admin"],
    ["one step up, half encoded", "/issues/.%2e"],
    ["a dot segment", "/issues/./1"],
    ["a fragment", "/issues/1#x"],
    ["a line break", "/issues/1\r\nHost: evil"],
    ["a space", "/issues/1 HTTP/1.1"],
    ["characters that are not encoded", "/issues/ä"],
  ])("cannot be %s", (_, path) => {
    expect(() => pathOf("/api", path)).toThrow(
      expect.objectContaining({ code: "DATA_TRANSFORMATION_ERROR", status: 400, acted: "no" }) as Error,
    );
  });

  it("takes dots inside a name", () => {
    expect(pathOf("", "/files/a..b/.hidden/...")).toBe("/files/a..b/.hidden/...");
  });
});

describe("the body", () => {
  it("is JSON, a form, or as it is, with its media type", () => {
    expect(bodyOf({ json: { a: null } })).toEqual({ body: '{"a":null}', contentType: "application/json" });
    expect(bodyOf({ form: { a: "x y", list: [1], none: undefined, nil: null } })).toEqual({
      body: "a=x+y&list=%5B1%5D",
      contentType: "application/x-www-form-urlencoded",
    });
    expect(bodyOf({ body: "raw" })).toEqual({ body: "raw" });
    expect(bodyOf({})).toEqual({});
  });
});
