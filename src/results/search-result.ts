/** Finds a text in a value: items of an array, lines of a text, or the places in an object. */

/** Most places of an object that are listed. */
const MAX_PLACES = 1_000;

/**
 * Without regard to case. An array keeps the items that hold the text anywhere, a text its lines; of an object the
 * places are listed as `{path, value}`, with paths that `select` takes.
 *
 * @example
 * searchIn({ owner: { name: "Mia" } }, "mia"); // [{ path: "owner.name", value: "Mia" }]
 */
export function searchIn(value: unknown, text: string): unknown[] {
  const needle = text.toLowerCase();
  if (Array.isArray(value)) return value.filter((item) => holds(item, needle));
  if (typeof value === "string") return value.split(/\r?\n/).filter((line) => line.toLowerCase().includes(needle));
  const places: { path: string; value: unknown }[] = [];
  listPlaces(value, "", needle, places);
  return places;
}

function holds(value: unknown, needle: string): boolean {
  if (typeof value !== "object" || value === null) return String(value).toLowerCase().includes(needle);
  if (Array.isArray(value)) return value.some((item) => holds(item, needle));
  return Object.entries(value).some(([key, inner]) => key.toLowerCase().includes(needle) || holds(inner, needle));
}

function listPlaces(value: unknown, path: string, needle: string, places: { path: string; value: unknown }[]): void {
  if (places.length >= MAX_PLACES) return;
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) listPlaces(item, `${path}[${index}]`, needle, places);
  } else if (typeof value === "object" && value !== null) {
    for (const [key, inner] of Object.entries(value)) {
      const name = /^[A-Za-z_]\w*$/.test(key) ? key : JSON.stringify(key);
      listPlaces(inner, path === "" ? name : `${path}.${name}`, needle, places);
    }
  } else if (String(value).toLowerCase().includes(needle)) places.push({ path, value });
}
