/** `npm run bench:tokens`: what the same tasks cost a model in tokens and round trips, with and without Toolgraph; losses are shown too. */
import { perform, tasks, WAYS } from "./tasks.ts";
import { createWorld } from "./world.ts";

await using world = await createWorld();
console.log("Tokens by o200k_base. Definitions are what is put in front of the model before its first call.");
for (const task of tasks) {
  const rows = await perform(world, task);
  console.log(`\n${task.name}`);
  console.table(rows);
  const [listed, searched, graphql, rest] = WAYS.map((way) => rows[way].total) as [number, number, number, number];
  const best = Math.min(graphql, rest);
  const loses = Math.min(listed, searched) < best;
  console.log(`${loses ? "Toolgraph loses" : "Toolgraph wins"}: ${best} tokens against ${Math.min(listed, searched)}`);
}
