import { readFile } from "node:fs/promises";
import path from "node:path";
import { HarnessError } from "../model/errors.ts";
import { packageRoot } from "../package-root.ts";

/** The script that draws the report's charts, as the build bundled it. Throws a HarnessError when it is missing. */
export async function chartsScript(): Promise<string> {
  const file = path.join(packageRoot(), "dist/reports/html/report-charts.js");
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    throw new HarnessError({
      code: "charts-script-missing",
      message: `Expected the report's chart script at ${file}, found none.`,
      hint: "Run `npm run build` in dpg-bench's folder.",
      cause,
    });
  }
}
