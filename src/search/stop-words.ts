/** Words that say nothing, or little, of which tool is meant. */
import { stem } from "./stem.ts";

/** Words that are left out of queries and tools. */
export const stopWords: ReadonlySet<string> = new Set(
  `a an the this that these those it its they them their he she his her we our us you your i me my mine myself
  and or but nor so yet if then else than as of in on at by for from to into onto with without within about
  between among through during before after above below over under again further once up down out off
  is am are was were be been being do does did doing done have has had having can could may might must shall should
  will would not no yes don doesn isn aren won ll ve re s t d m
  what which who whom whose when where why how there here also too very just only own same such both each few more most
  other some any all every either neither one please help want need like let lets us able using use used based given
  via per etc eg ie e g provide provided provides following including include includes
  tell know well good currently going way`
    .split(/\s+/)
    .filter((word) => word !== ""),
);

/** Stems that many tools and questions have in common, whatever they are about. */
export const weakWords: ReadonlySet<string> = new Set(
  `get find give show do best top good new list information detail result example thing data
  name type value different various specific several key main important recent latest current today now
  first last next time day way kind part number full possible available interesting optimal complete comprehensive
  include contain relate base provide support start begin work look ask explain return
  see go take set put keep text content`
    .split(/\s+/)
    .map(stem),
);
