#!/usr/bin/env node
/** Entry of the command line, in plain JavaScript: an old Node cannot even parse the rest, and is told so in one line. */
import process from "node:process";

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
const isSupported = major > 24 || (major === 24 && minor >= 11) || (major === 22 && minor >= 19);

if (isSupported) {
  const { enableCompileCache } = await import("node:module");
  enableCompileCache();
  // Before anything is compiled that serves requests.
  const { tuneV8 } = await import("./lifecycle/tune-v8.ts");
  tuneV8();
  const { main } = await import("./main.ts");
  process.exitCode = await main(process.argv.slice(2));
} else {
  process.stderr.write(
    `Toolgraph needs Node 22.19 or newer (22.x), or 24.11 and up; this is ${process.versions.node}. Run it with 'npm install && npm start', which brings the right one.\n`,
  );
  process.exitCode = 1;
}
