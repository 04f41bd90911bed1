/** Traces: taken over from callers, passed on to servers, and exported to a collector when one is named. */
import { describe, expect, test } from "vitest";
import { openShop, shopServer } from "../e2e/open-shop.ts";
import { shopOnly } from "../e2e/shop-connector.ts";
import { readTrace } from "../../src/telemetry/trace.ts";
import { startGateway } from "../support/start-gateway.ts";
import { startUpstream, type Upstream } from "../support/upstream.ts";

const TRACE_ID = "0af7651916cd43dd8448eb211c80319c";
const SPAN_ID = "b7ad6b7169203331";
const sampled = { traceparent: `00-${TRACE_ID}-${SPAN_ID}-01`, tracestate: "vendor=opaque" };

interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: { key: string; value: { stringValue?: string; intValue?: string } }[];
  readonly status?: { code: number; message: string };
}

function spansOf(collector: Upstream): Span[] {
  return collector.requests.flatMap(({ body }) =>
    (JSON.parse(body) as { resourceSpans: { scopeSpans: { spans: Span[] }[] }[] }).resourceSpans.flatMap(
      ({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans),
    ),
  );
}

describe("traceparent", () => {
  test("reaches the server behind the tool, through every door, and the log names the trace", async () => {
    await using opened = await openShop();
    const { gateway, shop } = opened;
    await gateway.restByPath("shop", "get_item", { item_id: "1" }, sampled);
    await gateway.graphql(
      `mutation { executeTool(serverId: "shop", toolName: "get_item", input: { item_id: "2" }) { status } }`,
      {},
      sampled,
    );
    for (const { headers } of shop.requests) expect(headers).toMatchObject(sampled);
    expect(shop.requests).toHaveLength(2);
    const lines = gateway.logLines().filter(({ msg }) => msg === "tool call");
    expect(lines.map(({ trace_id }) => trace_id)).toEqual([TRACE_ID, TRACE_ID]);
  });

  test("is not made up where the caller sent none, nor passed on where it is none", async () => {
    await using opened = await openShop();
    const { gateway, shop } = opened;
    await gateway.restByPath("shop", "get_item", { item_id: "1" });
    await gateway.restByPath("shop", "get_item", { item_id: "2" }, { traceparent: "00-zz-01", tracestate: "a=b" });
    for (const { headers } of shop.requests) expect(Object.keys(headers)).not.toContain("traceparent");
    expect(shop.requests).toHaveLength(2);
  });

  test.each([
    ["another version with more to it", `01-${TRACE_ID}-${SPAN_ID}-01-more`, true],
    ["version ff", `ff-${TRACE_ID}-${SPAN_ID}-01`, false],
    ["more in version 00", `00-${TRACE_ID}-${SPAN_ID}-01-more`, false],
    ["an all-zero trace", `00-${"0".repeat(32)}-${SPAN_ID}-01`, false],
    ["an all-zero span", `00-${TRACE_ID}-${"0".repeat(16)}-01`, false],
    ["capital letters", `00-${TRACE_ID.toUpperCase()}-${SPAN_ID}-01`, false],
  ])("is read as the standard says: %s", (_what, header, isValid) => {
    expect(readTrace(header, undefined) !== undefined).toBe(isValid);
  });
});

describe("with a collector", () => {
  test("every sampled call becomes a span below the caller's, and the server's parent is that span", async () => {
    await using collector = await startUpstream(() => ({ json: {} }));
    await using opened = await openShop({
      env: { OTEL_EXPORTER_OTLP_ENDPOINT: `${collector.url}/`, OTEL_EXPORTER_OTLP_HEADERS: "x-tenant=a%20b" },
    });
    const { gateway, shop } = opened;
    await gateway.restByPath("shop", "get_item", { item_id: "1" }, sampled);
    await gateway.restByPath("shop", "get_item", { item_id: "status-404" });
    await gateway.restByPath("shop", "get_item", { item_id: "3" }, { traceparent: `00-${TRACE_ID}-${SPAN_ID}-00` });
    await gateway.composed.tracer!.close();
    const [received] = collector.requests;
    expect(received).toMatchObject({ method: "POST", path: "/v1/traces" });
    expect(received!.headers).toMatchObject({ "content-type": "application/json", "x-tenant": "a b" });
    const spans = spansOf(collector);
    expect(spans).toHaveLength(2);
    const [first, second] = spans as [Span, Span];
    expect(first).toMatchObject({ traceId: TRACE_ID, parentSpanId: SPAN_ID, name: "call_tool get_item" });
    expect(BigInt(first.endTimeUnixNano)).toBeGreaterThan(BigInt(first.startTimeUnixNano));
    expect(shop.requests[0]!.headers.traceparent).toBe(`00-${TRACE_ID}-${first.spanId}-01`);
    expect(second.traceId).not.toBe(TRACE_ID);
    expect(second.parentSpanId).toBeUndefined();
    expect(second.status).toEqual({ code: 2, message: "MCP_CLIENT_ERROR" });
    expect(shop.requests[2]!.headers.traceparent).toMatch(new RegExp(`^00-${TRACE_ID}-[0-9a-f]{16}-00$`));
  });

  test("that is down, calls go on and the loss is logged", async () => {
    await using shop = await startUpstream(() => ({ json: { item_id: "1", name: "Item" } }));
    const collector = await startUpstream(() => {});
    await collector[Symbol.asyncDispose]();
    await using gateway = await startGateway({
      servers: [shopServer(shop.url)],
      connectors: shopOnly,
      env: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url },
    });
    expect((await gateway.restByPath("shop", "get_item", { item_id: "1" })).status).toBe(200);
    await gateway.composed.tracer!.close();
    expect(gateway.logLines()).toContainEqual(
      expect.objectContaining({ component: "tracing", dropped_spans: 1, msg: "spans could not be exported" }),
    );
  });
});
