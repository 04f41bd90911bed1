/** Writes a parameter's value into a request as its style asks: OpenAPI 3.1 section 4.8.12, after RFC 6570. */
import type { ParameterPlan } from "./parameter-plan.ts";
import { isObject } from "./plain-data.ts";

type Styled = Pick<ParameterPlan, "name" | "style" | "explode" | "allowReserved" | "isJson">;

/** RFC 3986 section 2.2, without what would end a query or begin another pair. */
const reserved = /%(?:3A|2F|3F|40|21|24|27|28|29|2A|2C|3B|5B|5D)/gi;

/** The text of a value that is no list and no object; lists and objects within others have no other form than JSON. */
function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  return value === undefined || value === null
    ? ""
    : typeof value === "object"
      ? JSON.stringify(value)
      : `${value as number}`;
}

function encoder({ allowReserved }: Pick<Styled, "allowReserved">): (value: unknown) => string {
  return (value) => {
    const encoded = encodeURIComponent(textOf(value).toWellFormed());
    return allowReserved ? encoded.replaceAll(reserved, (text) => decodeURIComponent(text)) : encoded;
  };
}

/** What stands between the items of one pair's value. */
const delimiters: Readonly<Record<string, string>> = {
  form: ",",
  spaceDelimited: "%20",
  pipeDelimited: "%7C",
  tab: "%09",
  deepObject: ",",
};

/**
 * The pairs of a query, percent-encoded, not yet joined.
 *
 * @example
 * queryPairs({ name: "ids", style: "form", explode: false, … }, [1, 2]); // ["ids=1,2"]
 */
export function queryPairs(plan: Styled, value: unknown): string[] {
  const encode = encoder(plan);
  const pair = (name: string, text: string) => `${encodeURIComponent(name)}=${text}`;
  if (plan.isJson) return [pair(plan.name, encode(JSON.stringify(value)))];
  if (Array.isArray(value)) {
    // A deep object may be a list as well, which servers read by its indices.
    if (plan.style === "deepObject") return deepPairs(plan.name, value, encode);
    if (plan.explode) return value.map((item) => pair(plan.name, encode(item)));
    return value.length === 0 ? [] : [pair(plan.name, value.map(encode).join(delimiters[plan.style] ?? ","))];
  }
  if (!isObject(value)) return [pair(plan.name, encode(value))];
  if (plan.style === "deepObject") return deepPairs(plan.name, value, encode);
  const entries = Object.entries(value);
  if (plan.explode) return entries.map(([name, item]) => pair(name, encode(item)));
  const flat = entries.flatMap(([name, item]) => [encodeURIComponent(name), encode(item)]);
  return flat.length === 0 ? [] : [pair(plan.name, flat.join(delimiters[plan.style] ?? ","))];
}

/** `filter[owner][id]=1`: the specification goes one level deep, servers that use the style any number. */
function deepPairs(name: string, value: unknown, encode: (value: unknown) => string): string[] {
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => {
      const isPlain = !isObject(item) && !Array.isArray(item);
      return deepPairs(isPlain ? `${name}[]` : `${name}[${index}]`, item, encode);
    });
  }
  if (isObject(value))
    return Object.entries(value).flatMap(([key, item]) => deepPairs(`${name}[${key}]`, item, encode));
  return [`${encodeURIComponent(name).replaceAll("%5B", "[").replaceAll("%5D", "]")}=${encode(value)}`];
}

/** The value of a path's placeholder, percent-encoded. */
export function pathText(plan: Styled, value: unknown): string {
  const { name, style, explode } = plan;
  const encode = encoder(plan);
  if (plan.isJson) return encode(JSON.stringify(value));
  const key = encodeURIComponent(name);
  if (Array.isArray(value)) {
    const items = value.map(encode);
    if (style === "label") return `.${items.join(explode ? "." : ",")}`;
    if (style === "matrix")
      return explode ? items.map((item) => `;${key}=${item}`).join("") : `;${key}=${items.join(",")}`;
    return items.join(",");
  }
  if (isObject(value)) {
    const pairs = Object.entries(value).map(([part, item]) => [encodeURIComponent(part), encode(item)] as const);
    if (explode) {
      const written = pairs.map(([part, item]) => `${part}=${item}`);
      if (style === "label") return `.${written.join(".")}`;
      return style === "matrix" ? written.map((each) => `;${each}`).join("") : written.join(",");
    }
    const flat = pairs.flat().join(",");
    return style === "label" ? `.${flat}` : style === "matrix" ? `;${key}=${flat}` : flat;
  }
  const text = encode(value);
  return style === "label" ? `.${text}` : style === "matrix" ? `;${key}=${text}` : text;
}

/** The value of a header: `simple`, without percent-encoding. */
export function headerText(plan: Styled, value: unknown): string {
  if (plan.isJson) return JSON.stringify(value);
  if (Array.isArray(value)) return value.map(textOf).join(",");
  if (!isObject(value)) return textOf(value);
  const entries = Object.entries(value);
  if (plan.explode) return entries.map(([name, item]) => `${name}=${textOf(item)}`).join(",");
  return entries.flatMap(([name, item]) => [name, textOf(item)]).join(",");
}

/** The pairs of the `Cookie` header, percent-encoded. */
export function cookiePairs(plan: Styled, value: unknown): string[] {
  return queryPairs({ ...plan, explode: plan.explode && !Array.isArray(value) }, value);
}
