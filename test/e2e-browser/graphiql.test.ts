/** GraphiQL as a newcomer opens it, from the link on the terminal, in a real browser. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Browser, Page } from "playwright-core";
import { shopOnly } from "../e2e/shop-connector.ts";
import { startGateway, type StartedGateway } from "../support/start-gateway.ts";
import { startUpstream } from "../support/upstream.ts";
import { chromiumPath, launch } from "./chromium.ts";

const executablePath = chromiumPath();
const token = "dev-a-token-of-the-browser-tests";

describe.skipIf(executablePath === undefined)("GraphiQL (needs Chromium)", () => {
  let browser: Browser;
  let gateway: StartedGateway;

  beforeAll(async () => {
    gateway = await startGateway({
      connectors: shopOnly,
      servers: [{ id: "shop", type: "shop", base_url: "http://127.0.0.1:9" }],
      developerToken: token,
    });
    browser = await launch(executablePath!);
  });
  afterAll(async () => {
    await browser?.close();
    await gateway?.[Symbol.asyncDispose]();
  });

  test("the link opens a page that works, and takes the token out of the address", async () => {
    await using page = await openPage(browser, `${gateway.url}/graphql#token=${token}`);
    expect(page.tab.url()).toBe(`${gateway.url}/graphql`);
    const answer = await runQuery(page.tab);
    expect(answer.data).toMatchObject({
      viewer: { id: "developer" },
      servers: [{ id: "shop", type: "shop", status: "READY", toolCount: 5 }],
    });
    await page.tab.waitForFunction(() => document.querySelector(".result-window")?.textContent?.includes("developer"));
    expect(page.problems).toEqual([]);
  });

  test("the token stays with the tab when the page is opened again", async () => {
    await using page = await openPage(browser, `${gateway.url}/graphql#token=${token}`);
    await page.tab.goto("about:blank");
    // The page asks for the graph as soon as it is there.
    const asked = page.tab.waitForResponse((response) => response.request().method() === "POST");
    await page.tab.goto(`${gateway.url}/graphql`);
    expect((await asked).status()).toBe(200);
  });

  test("the documentation of the graph shows the caller's own tools", async () => {
    await using page = await openPage(browser, `${gateway.url}/graphql#token=${token}`);
    await page.tab.getByRole("button", { name: "Show Documentation Explorer" }).click();
    await page.tab.locator(".graphiql-doc-explorer").getByText("Query", { exact: true }).first().click();
    await page.tab.locator(".graphiql-doc-explorer").getByText("ShopQueries", { exact: true }).first().waitFor();
  });

  test("without a token the page opens and the gateway says what is missing", async () => {
    await using page = await openPage(browser, `${gateway.url}/graphql`);
    const { errors } = await runQuery(page.tab);
    expect(errors?.[0]?.extensions).toMatchObject({ code: "AUTHENTICATION_FAILURE_API" });
  });

  test("no request leaves for another origin, and the page could not send one", async () => {
    await using elsewhere = await startUpstream(() => ({
      headers: { "access-control-allow-origin": "*" },
      text: "hi",
    }));
    await using page = await openPage(browser, `${gateway.url}/graphql#token=${token}`);
    await runQuery(page.tab);
    const foreign = page.requests.filter(
      (url) => !url.startsWith(gateway.url) && !url.startsWith(`blob:${gateway.url}`),
    );
    expect(foreign).toEqual([]);
    const sent = await page.tab.evaluate(
      (url) =>
        fetch(url).then(
          () => "sent",
          () => "refused",
        ),
      elsewhere.url,
    );
    expect(sent).toBe("refused");
    expect(elsewhere.requests).toEqual([]);
  });
});

interface OpenedPage extends AsyncDisposable {
  readonly tab: Page;
  /** Address of every request the page made. */
  readonly requests: string[];
  /** What the page complained of on its console. */
  readonly problems: string[];
}

/** In a profile of its own. */
async function openPage(browser: Browser, url: string): Promise<OpenedPage> {
  const context = await browser.newContext();
  const tab = await context.newPage();
  tab.setDefaultTimeout(15_000);
  const requests: string[] = [];
  const problems: string[] = [];
  tab.on("request", (request) => requests.push(request.url()));
  tab.on("console", (message) => void (message.type() === "error" && problems.push(message.text())));
  tab.on("pageerror", (error) => problems.push(error.message));
  await tab.goto(url);
  await untilReady(tab);
  return { tab, requests, problems, [Symbol.asyncDispose]: () => context.close() };
}

/** The button does nothing before the editor holds the query. */
async function untilReady(tab: Page): Promise<void> {
  await tab.locator(".graphiql-query-editor .view-line", { hasText: "searchTools" }).waitFor();
  await tab.waitForSelector(".graphiql-execute-button");
}

interface GraphqlAnswer {
  readonly data?: unknown;
  readonly errors?: readonly { readonly extensions?: unknown }[];
}

/** Presses the button and takes the answer to the default query. */
async function runQuery(tab: Page): Promise<GraphqlAnswer> {
  const answered = tab.waitForResponse((response) => response.request().postData()?.includes("query Start") === true);
  await tab.click(".graphiql-execute-button");
  return (await (await answered).json()) as GraphqlAnswer;
}
