/** `npm run generate` writes what is derived from the code; with `--check` it only names the files that differ and exits 1. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, relative, resolve } from "node:path";
import { generatedFiles } from "./generate/generated-files.ts";

const root = resolve(import.meta.dirname, "..");
const isCheck = process.argv.includes("--check");
const files = await generatedFiles();
const different: string[] = [];

for (const [path, content] of files) {
  const file = resolve(root, path);
  if ((await readFile(file, "utf8").catch(() => undefined)) === content) continue;
  different.push(relative(root, file));
  if (isCheck) continue;
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content);
}

if (!isCheck) {
  console.log(different.length === 0 ? `${files.size} files are up to date` : `written:\n${different.join("\n")}`);
} else if (different.length > 0) {
  console.error(`These files are not what 'npm run generate' makes of the code:\n${different.join("\n")}`);
  process.exitCode = 1;
}
