/** Makes the published program of the sources: `npm run build`. */
import { defineConfig } from "rolldown";

export default defineConfig({
  input: { cli: "src/cli.js", index: "src/index.ts" },
  platform: "node",
  // The same copy of graphql for everybody: its CommonJS and ES module builds have classes of their own.
  resolve: { conditionNames: ["import", "module-sync", "node", "default"] },
  external: [
    // Optional, 18 MB, and loaded only when somebody opens GraphiQL.
    "@graphql-yoga/render-graphiql",
    // Connectors of others bring schemas made with theirs.
    /^zod($|\/)/,
  ],
  output: {
    dir: "dist",
    cleanDir: true,
    // The entry stays apart from the rest: an old Node has to parse it, and the compile cache has to be on before the rest loads.
    entryFileNames: "[name].js",
    chunkFileNames: "[name].js",
    // V8 keeps a text of characters beyond Latin-1 at two bytes each: one ellipsis would double the program in memory.
    charset: "ascii",
    // Not minified: a stack in the log names functions. Licences stay.
    comments: { legal: true, jsdoc: false },
  },
});
