import { describe, expect, it } from "vitest";
import { documentOf, openApi } from "./open-api.ts";

const list = ["blue", "black", "brown"];
const object = { R: 100, G: 200, B: 150 };
const any = {};

/** OpenAPI 3.1.1, section 4.8.12.4 ("Style Examples"), with the separators percent-encoded where the section asks for it. */
const styles: [place: string, style: string, explode: boolean, value: unknown, sent: string][] = [
  ["path", "matrix", false, "blue", "/;color=blue"],
  ["path", "matrix", false, list, "/;color=blue,black,brown"],
  ["path", "matrix", false, object, "/;color=R,100,G,200,B,150"],
  ["path", "matrix", true, list, "/;color=blue;color=black;color=brown"],
  ["path", "matrix", true, object, "/;R=100;G=200;B=150"],
  ["path", "label", false, "blue", "/.blue"],
  ["path", "label", false, list, "/.blue,black,brown"],
  ["path", "label", false, object, "/.R,100,G,200,B,150"],
  ["path", "label", true, list, "/.blue.black.brown"],
  ["path", "label", true, object, "/.R=100.G=200.B=150"],
  ["path", "simple", false, "blue", "/blue"],
  ["path", "simple", false, list, "/blue,black,brown"],
  ["path", "simple", false, object, "/R,100,G,200,B,150"],
  ["path", "simple", true, object, "/R=100,G=200,B=150"],
  ["query", "form", false, "", "/?color="],
  ["query", "form", false, "blue", "/?color=blue"],
  ["query", "form", false, list, "/?color=blue,black,brown"],
  ["query", "form", false, object, "/?color=R,100,G,200,B,150"],
  ["query", "form", true, list, "/?color=blue&color=black&color=brown"],
  ["query", "form", true, object, "/?R=100&G=200&B=150"],
  ["query", "spaceDelimited", false, list, "/?color=blue%20black%20brown"],
  ["query", "pipeDelimited", false, list, "/?color=blue%7Cblack%7Cbrown"],
  ["query", "deepObject", true, object, "/?color[R]=100&color[G]=200&color[B]=150"],
];

function withParameter(place: string, parameter: object): object {
  const path = place === "path" ? "/{color}" : "/";
  const full = { name: "color", in: place, ...(place === "path" && { required: true }), schema: any, ...parameter };
  return documentOf({ [path]: { get: { operationId: "it", parameters: [full] } } });
}

describe("a parameter", () => {
  it.each(styles)("in %s with style %s, explode %s, of %j goes as %s", async (place, style, explode, value, sent) => {
    await using api = await openApi(withParameter(place, { style, explode }));
    expect((await api.request("it", { color: value })).url).toBe(sent);
  });

  it.each([
    ["path", "a/b c?d#e%2F&=é", "/a%2Fb%20c%3Fd%23e%252F%26%3D%C3%A9"],
    ["query", "a/b c?d#e%2F&=é+1", "/?color=a%2Fb%20c%3Fd%23e%252F%26%3D%C3%A9%2B1"],
  ])("in %s cannot leave its place", async (place, value, sent) => {
    await using api = await openApi(withParameter(place, {}));
    expect((await api.request("it", { color: value })).url).toBe(sent);
  });

  it("in the path cannot climb, be empty, or be left out", async () => {
    await using api = await openApi(withParameter("path", { schema: { type: "string" } }));
    expect((await api.server.fail("it", { color: ".." })).code).toBe("DATA_TRANSFORMATION_ERROR");
    expect((await api.server.fail("it", { color: "" })).code).toBe("VALIDATION_ERROR");
    expect((await api.server.fail("it", {})).code).toBe("VALIDATION_ERROR");
    expect(api.upstream.requests.map(({ path }) => path)).toEqual(["/openapi.json"]);
  });

  it("that may hold reserved characters keeps them, and still cannot end the query", async () => {
    await using api = await openApi(withParameter("query", { allowReserved: true }));
    expect((await api.request("it", { color: "a/b:c,d&e#f" })).url).toBe("/?color=a/b:c,d%26e%23f");
  });

  it("described by a media type goes as JSON", async () => {
    const content = { "application/json": { schema: { type: "object" } } };
    await using api = await openApi(withParameter("query", { schema: undefined, content }));
    expect((await api.request("it", { color: { a: [1] } })).query.get("color")).toBe('{"a":[1]}');
  });

  it("in a header or a cookie goes as it is, and cannot bring another line", async () => {
    const parameters = [
      { name: "X-Color", in: "header", schema: { type: "array", items: { type: "string" } } },
      { name: "shade", in: "cookie", schema: { type: "string" } },
      { name: "Authorization", in: "header", schema: { type: "string" } },
    ];
    await using api = await openApi(documentOf({ "/": { get: { operationId: "it", parameters } } }));
    const { headers } = await api.request("it", { "X-Color": ["a", "b c"], shade: "x; y=1" });
    expect([headers["x-color"], headers.cookie]).toEqual(["a,b c", "shade=x%3B%20y%3D1"]);
    const failure = await api.server.fail("it", { "X-Color": ["a\r\nx-other: 1"] });
    expect([failure.code, failure.acted]).toEqual(["DATA_TRANSFORMATION_ERROR", "no"]);
    expect((await api.server.fail("it", { Authorization: "Bearer mine" })).code).toBe("VALIDATION_ERROR");
  });

  it("of a name that another place has as well is told apart, the path's being the plain one", async () => {
    const parameters = ["query", "path", "header"].map((place) => ({
      name: "id",
      in: place,
      required: true,
      schema: any,
    }));
    const body = { name: "body", in: "query", schema: any };
    await using api = await openApi(
      documentOf({ "/{id}": { get: { operationId: "it", parameters: [...parameters, body] } } }),
    );
    const { url, headers } = await api.request("it", { id: 1, query_id: 2, header_id: 3, query_body: 4 });
    expect([url, headers.id]).toEqual(["/1?id=2&body=4", "3"]);
  });

  it("is written beside the query that a path already has, and never with a fragment", async () => {
    const parameters = [{ name: "q", in: "query", schema: any }];
    await using api = await openApi(
      documentOf({ "/search?kind=all#second": { get: { operationId: "it", parameters } } }),
    );
    expect((await api.request("it", { q: "x" })).url).toBe("/search?kind=all&q=x");
  });

  it("of an undescribed name in the path is a text, and one that is nowhere in the path is left out", async () => {
    const parameters = [{ name: "gone", in: "path", required: true, schema: any }];
    await using api = await openApi(documentOf({ "/{a}/{b}": { get: { operationId: "it", parameters } } }));
    expect((await api.request("it", { a: "1", b: "2" })).url).toBe("/1/2");
    expect(api.server.tool("it").diagnostics).toHaveLength(3);
  });

  it("of Swagger 2.0 is written by its collectionFormat", async () => {
    const formats = ["csv", "ssv", "tsv", "pipes", "multi"];
    const parameters = formats.map((collectionFormat) => {
      return { name: collectionFormat, in: "query", type: "array", items: { type: "integer" }, collectionFormat };
    });
    await using api = await openApi({ swagger: "2.0", paths: { "/": { get: { operationId: "it", parameters } } } });
    const input = Object.fromEntries(formats.map((format) => [format, [1, 2]]));
    expect((await api.request("it", input)).url).toBe("/?csv=1,2&ssv=1%202&tsv=1%092&pipes=1%7C2&multi=1&multi=2");
  });
});

describe("a body", () => {
  const withBody = (content: object, more: object = {}) =>
    documentOf({ "/": { post: { operationId: "it", requestBody: { content, ...more } } } });
  const schema = { type: "object", properties: { a: {}, b: {}, file: { type: "string", format: "binary" } } };

  it("is sent in the media type that says most, JSON before a form, a form before text", async () => {
    const all = {
      "text/plain": { schema: {} },
      "application/x-www-form-urlencoded": { schema },
      "application/vnd.x+json": { schema },
    };
    await using api = await openApi(withBody(all));
    const { headers, body } = await api.request("it", { body: { a: [1, { é: null }] } });
    expect([headers["content-type"], JSON.parse(body)]).toEqual(["application/vnd.x+json", { a: [1, { é: null }] }]);
  });

  it("may be left out unless it is required", async () => {
    const content = { "application/json": { schema } };
    await using optional = await openApi(withBody(content));
    const { headers, body } = await optional.request("it", {});
    expect([headers["content-type"], body]).toEqual([undefined, ""]);
    await using required = await openApi(withBody(content, { required: true }));
    expect((await required.server.fail("it", {})).code).toBe("VALIDATION_ERROR");
  });

  it("of JSON may be any value, null as well", async () => {
    await using api = await openApi(withBody({ "application/json": {} }));
    for (const value of [null, 0, "", false, [], "text"])
      expect(JSON.parse((await api.request("it", { body: value })).body)).toEqual(value);
  });

  it("that is a form repeats lists, writes objects as JSON, and follows what the document says of a field", async () => {
    const encoding = { deep: { style: "deepObject", explode: true } };
    await using api = await openApi(withBody({ "application/x-www-form-urlencoded": { schema: any, encoding } }));
    const { headers, body } = await api.request("it", {
      body: { a: "x y&z", b: [1, 2], c: { d: 1 }, deep: { e: { f: 1 }, g: [2] } },
    });
    expect(headers["content-type"]).toBe("application/x-www-form-urlencoded");
    expect([...new URLSearchParams(body)]).toEqual([
      ["a", "x y&z"],
      ["b", "1"],
      ["b", "2"],
      ["c", '{"d":1}'],
      ["deep[e][f]", "1"],
      ["deep[g][]", "2"],
    ]);
  });

  it("in parts carries files as their bytes and objects as JSON", async () => {
    await using api = await openApi(withBody({ "multipart/form-data": { schema } }));
    const { headers, body } = await api.request("it", {
      body: { a: "x", b: { c: 1 }, file: Buffer.from("bytes").toString("base64") },
    });
    const form = await new Response(body, { headers: { "content-type": headers["content-type"]! } }).formData();
    expect(form.get("a")).toBe("x");
    expect(await (form.get("b") as File).text()).toBe('{"c":1}');
    expect(await (form.get("file") as File).text()).toBe("bytes");
    expect((await api.server.fail("it", { body: { file: "not base64!" } })).code).toBe("DATA_TRANSFORMATION_ERROR");
  });

  it.each([
    ["text/csv", "a,b\n1,2"],
    ["application/xml", "<a>é</a>"],
  ])("of %s is a text, sent as it is", async (type, text) => {
    await using api = await openApi(withBody({ [type]: { schema } }));
    const { headers, body } = await api.request("it", { body: text });
    expect([headers["content-type"], body]).toEqual([type, text]);
  });

  it("of any other kind is bytes, given in base64", async () => {
    await using api = await openApi(withBody({ "image/png": { schema } }));
    const { headers, body } = await api.request("it", { body: Buffer.from("not really a picture").toString("base64") });
    expect([headers["content-type"], body]).toEqual(["image/png", "not really a picture"]);
  });

  it("of Swagger 2.0 is its parameter in body, or its form fields together", async () => {
    const field = (name: string, type: string) => ({ name, in: "formData", type, required: name === "a" });
    const paths = {
      "/json": {
        post: { operationId: "json", parameters: [{ name: "whatever", in: "body", required: true, schema }] },
      },
      "/form": { post: { operationId: "form", parameters: [field("a", "string"), field("b", "integer")] } },
      "/files": { post: { operationId: "files", parameters: [field("a", "string"), field("file", "file")] } },
    };
    await using api = await openApi({ swagger: "2.0", paths });
    expect((await api.request("json", { body: { a: 1 } })).body).toBe('{"a":1}');
    expect((await api.request("form", { body: { a: "x", b: 2 } })).body).toBe("a=x&b=2");
    expect((await api.server.fail("form", { body: { b: 2 } })).code).toBe("VALIDATION_ERROR");
    expect((await api.request("files", { body: { a: "x", file: "AAEC" } })).headers["content-type"]).toMatch(
      /^multipart\/form-data; boundary=/,
    );
  });

  it("carries the gateway's idempotency key where the operation has a header for one, and a caller's own before it", async () => {
    const parameters = [{ name: "Idempotency-Key", in: "header", required: true, schema: { type: "string" } }];
    await using api = await openApi(documentOf({ "/": { post: { operationId: "it", parameters } } }));
    expect(api.server.tool("it").idempotent).toBe(true);
    await api.server.run("it", {}, { context: { idempotencyKey: "k-1" } });
    await api.server.run("it", { "Idempotency-Key": "mine" }, { context: { idempotencyKey: "k-1" } });
    expect(api.upstream.requests.slice(1).map(({ headers }) => headers["idempotency-key"])).toEqual(["k-1", "mine"]);
  });
});
