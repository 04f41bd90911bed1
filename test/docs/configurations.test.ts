/** Every configuration in the documentation is one that the gateway takes. */
import { expect, test } from "vitest";
import { parse } from "yaml";
import { connectors } from "../../connectors/index.ts";
import { checkDocument } from "../../src/config/check-document.ts";
import { blocksIn } from "./documents.ts";

test.each(blocksIn("yaml"))("the configuration at $title has no fault", ({ text }) => {
  const document = parse(text) as unknown;
  // A block that shows only the gateway's part stands for a file with servers.
  const whole = isGatewayPart(document) ? { servers: [], ...document } : document;
  expect(checkDocument(whole, connectors)).toMatchObject({ ok: true });
});

function isGatewayPart(document: unknown): document is { gateway: unknown } {
  return typeof document === "object" && document !== null && "gateway" in document;
}
