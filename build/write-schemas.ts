import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { packageRoot } from "../harness/package-root.ts";
import { jsonSchemas } from "./json-schemas.ts";

/** Writes schemas/: what `npm run schemas` does. */
const folder = path.join(packageRoot(), "schemas");
await mkdir(folder, { recursive: true });
for (const [name, text] of await jsonSchemas()) await writeFile(path.join(folder, name), text);
