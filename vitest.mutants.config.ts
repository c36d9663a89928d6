import { statSync } from "node:fs";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Small files first: the test of the mutated function notices before one that measures and judges whole runs starts. */
class SmallFilesFirst extends BaseSequencer {
  override sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const bytes = (file: TestSpecification): number => statSync(file.moduleId).size;
    return Promise.resolve([...files].sort((one, other) => bytes(one) - bytes(other)));
  }
}

/** The unit tests that concern verdicts: mutation tests run these many times over. */
export default defineConfig({
  test: {
    include: [
      "harness/{stats,measure,check,judge,faults,plan,model}/**/*.test.ts",
      "harness/conduct/conduct-*.test.ts",
    ],
    // Thousands of simulated runs for every mutant would take days.
    exclude: ["**/*.cluster.test.ts", "**/*.simulations.test.ts", "**/node_modules/**", "dist/**"],
    testTimeout: 60_000,
    sequence: { sequencer: SmallFilesFirst },
  },
});
