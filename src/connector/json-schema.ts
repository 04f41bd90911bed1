/** JSON Schema as the gateway passes it around: draft 2020-12 unless `$schema` names an older draft. */

/** A JSON Schema object. Boolean schemas appear only below the root. */
export type JsonSchema = { readonly [keyword: string]: unknown };
