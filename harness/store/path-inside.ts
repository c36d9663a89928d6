import path from "node:path";
import { HarnessError } from "../model/errors.ts";

/** The path of a name below a folder. Names come from scenarios and recordings: one that leads out of it is a HarnessError. */
export function pathInside(directory: string, name: string): string {
  const way = path.relative(directory, path.resolve(directory, name));
  if (way !== "" && way.split(path.sep)[0] !== ".." && !path.isAbsolute(way))
    return path.join(directory, way);
  throw new HarnessError({
    code: "path-outside-run",
    message: `Expected a name inside ${directory}, found ${JSON.stringify(name)}.`,
  });
}
