import { defineConfig } from "vitest/config";

// Our own imports must resolve `graphql` to the same build that the external packages load: its CommonJS and
// ES module builds are two different copies of every class.
const conditions = ["node", "module-sync"];

export default defineConfig({
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // What is waited for by looking again comes late on a busy machine; a second is too little.
    expect: { poll: { timeout: 10_000 } },
    pool: "forks",
    maxWorkers: 2,
    coverage: {
      provider: "v8",
      include: ["src/**", "schema/**", "connectors/**", "resolvers/**"],
      reporter: ["text-summary", "json-summary"],
    },
  },
});
