/** The translator JSON Schema → GraphQL: pure, total, never lossy. */
export { buildNamespace, requestIdArgument, type Namespace, type NamespaceOptions } from "./build-namespace.ts";
export { exampleOf } from "./example-of.ts";
export type { Fallback } from "./fallback.ts";
export { camelCase, graphNames, pascalCase } from "./graph-names.ts";
export { sdlOf } from "./sdl-of.ts";
export { signatureOf } from "./signature-of.ts";
export { translateTool, type TranslatableTool, type TranslatedTool } from "./translate-tool.ts";
