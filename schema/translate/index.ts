/** The translator JSON Schema → GraphQL: pure, total, never lossy. */
export { exampleOf } from "./example-of.ts";
export { camelCase, graphNames, pascalCase } from "./graph-names.ts";
export { sdlOf } from "./sdl-of.ts";
export { signatureOf } from "./signature-of.ts";
export { fieldOf, requestIdArgument } from "./tool-field.ts";
export { translateTool, type TranslatedTool } from "./translate-tool.ts";
