import { existsSync } from "node:fs";
import path from "node:path";

/** The folder that holds package.json: the same whether this runs from the sources or from dist/. */
export function packageRoot(): string {
  let folder = import.meta.dirname;
  while (!existsSync(path.join(folder, "package.json"))) folder = path.dirname(folder);
  return folder;
}
