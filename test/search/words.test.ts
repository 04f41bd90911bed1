import { describe, expect, it } from "vitest";
import { words } from "../../src/search/words.ts";

describe("words", () => {
  it("cuts identifiers at their seams", () => {
    expect(words("getUser_by-HTTPStatus")).toEqual(["get", "user", "by", "http", "status"]);
    expect(words("drawing_getCanvasPng2D")).toEqual(["drawing", "get", "canvas", "png2", "d"]);
  });

  it("gives pairs of characters where a script has no spaces", () => {
    expect(words("天气预报 API")).toEqual(["天气", "气预", "预报", "api"]);
    expect(words("字")).toEqual(["字"]);
    expect(words("查询城市天气".repeat(20))).toContain("城市");
  });

  it("passes over keys, hashes and encoded data", () => {
    expect(words(`image ${"iVBORw0KGgo".repeat(5)} here`)).toEqual(["image", "here"]);
  });

  it("stops at the limit", () => {
    expect(words("a ".repeat(10_000), 7)).toHaveLength(7);
    expect(words("字".repeat(500_000), 3)).toHaveLength(3);
  });
});
