/** The Pothos builder of the static graph: discovery, execution and the viewer. It holds no types. */
import SchemaBuilder from "@pothos/core";
import ZodPlugin from "@pothos/plugin-zod";
import type { GraphqlContext } from "../src/http/graphql/graphql-context.ts";
import { validationError } from "../src/errors/validation-error.ts";
import { zodProblems } from "../src/validation/zod-problems.ts";
import { JSONScalar } from "./scalars.ts";

export interface SchemaTypes {
  Context: GraphqlContext;
  Scalars: { JSON: { Input: unknown; Output: unknown }; ID: { Input: string; Output: string } };
  DefaultFieldNullability: false;
}

export const builder = new SchemaBuilder<SchemaTypes>({
  plugins: [ZodPlugin],
  defaultFieldNullability: false,
  zod: {
    // The plugin's own error would be masked: the caller is to learn which argument is wrong.
    validationError: (error) => validationError("An argument", zodProblems(error)),
  },
});

builder.addScalarType("JSON", JSONScalar);
builder.queryType({});
builder.mutationType({});
