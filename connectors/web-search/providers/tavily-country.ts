/** Tavily takes countries by their English name in lower case; callers give the ISO 3166 code. */
import { cannot } from "../cannot.ts";

const english = new Intl.DisplayNames("en", { type: "region", fallback: "none" });

/** Names that Tavily writes in another way than Unicode's list. */
const DIFFERENT: Readonly<Record<string, string>> = {
  BA: "bosnia and herzegovina",
  CG: "congo",
  CZ: "czech republic",
  MM: "myanmar",
  TR: "turkey",
  TT: "trinidad and tobago",
};

/** @example countryName("at") // "austria" */
export function countryName(code: string): string {
  const upper = code.toUpperCase();
  const name = DIFFERENT[upper] ?? english.of(upper)?.toLowerCase();
  if (name === undefined) throw cannot("country", `There is no country ${upper}`, "an ISO 3166 code, or no country");
  return name;
}
