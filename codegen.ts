/** How typed documents are generated: the operations of the examples, against the published graph of the built-in tools. */
import type { CodegenConfig } from "@graphql-codegen/cli";

const config: CodegenConfig = {
  schema: "schema/schema.graphql",
  documents: ["examples/**/*.ts", "!examples/generated/**"],
  generates: {
    "examples/generated/": {
      preset: "client",
      presetConfig: { fragmentMasking: false },
      config: {
        documentMode: "string",
        enumsAsTypes: true,
        importExtension: ".ts",
        useTypeImports: true,
        strictScalars: true,
        scalars: { JSON: "unknown", SafeInt: "number" },
      },
    },
  },
};

export default config;
