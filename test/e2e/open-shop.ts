/** A gateway in front of one shop, every REST answer of it held against the published document. */
import { holdAgainstOpenApi } from "../http/openapi-answers.ts";
import { startGateway, type StartedGateway, type StartGatewayOptions } from "../support/start-gateway.ts";
import { shopOnly } from "./shop-connector.ts";
import { startShop, type Shop } from "./shop-upstream.ts";

export interface OpenedShop extends AsyncDisposable {
  readonly shop: Shop;
  readonly gateway: StartedGateway;
}

/** A server entry that tries once and never opens its breaker, so that one story's failures do not reach another's. */
export function shopServer(baseUrl: string, changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    id: "shop",
    type: "shop",
    base_url: baseUrl,
    retry_policy: { max_attempts: 1 },
    circuit_breaker: { volume_threshold: 100_000 },
    ...changes,
  };
}

export async function openShop(
  options: Partial<StartGatewayOptions> & { servers?: never; more?: (url: string) => readonly unknown[] } = {},
): Promise<OpenedShop> {
  const { more, servers: _, ...rest } = options;
  const shop = await startShop();
  const gateway = await startGateway({
    servers: [shopServer(shop.url), ...(more?.(shop.url) ?? [])],
    connectors: shopOnly,
    onRestAnswer: holdAgainstOpenApi,
    ...rest,
  });
  return {
    shop,
    gateway,
    async [Symbol.asyncDispose]() {
      shop.openGate();
      await gateway[Symbol.asyncDispose]();
      await shop[Symbol.asyncDispose]();
    },
  };
}
