/** A headless browser for the tests that need a real one: the machine's Chromium, where it has one. */
import { existsSync } from "node:fs";
import { chromium, type Browser } from "playwright-core";

const PATHS = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/**
 * The program, or nothing where none is installed; with `TOOLGRAPH_REQUIRE_ALL=1` that is an error, so that a full run
 * cannot pass by skipping.
 */
export function chromiumPath(): string | undefined {
  const found = PATHS.find((path) => existsSync(path));
  if (found === undefined && process.env.TOOLGRAPH_REQUIRE_ALL === "1") {
    throw new Error(`There is no Chromium at ${PATHS.join(" or ")}; install it: apt-get install chromium`);
  }
  return found;
}

export function launch(executablePath: string): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
  });
}
