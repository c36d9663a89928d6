/**
 * Mutation tests of the code that makes verdicts: one operator, condition or block is changed at a time, and some unit
 * test has to notice. Texts are left alone: what sentences say is held by golden files, not by each of their words.
 */
export default {
  mutate: [
    "harness/stats/**/*.ts",
    "harness/measure/**/*.ts",
    "harness/check/**/*.ts",
    "harness/judge/**/*.ts",
    "harness/faults/{lifecycle,injection-moments,act-within,attempt,until-loop-phase}.ts",
    "!harness/**/*.{test,fake}.ts",
  ],
  mutator: { excludedMutations: ["StringLiteral"] },
  testRunner: "vitest",
  vitest: { configFile: "vitest.mutants.config.ts", related: false },
  coverageAnalysis: "perTest",
  concurrency: 2,
  ignoreStatic: true,
  incremental: true,
  incrementalFile: "reports-of-mutants/incremental.json",
  reporters: ["clear-text", "progress-append-only", "json", "html"],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  jsonReporter: { fileName: "reports-of-mutants/mutants.json" },
  htmlReporter: { fileName: "reports-of-mutants/mutants.html" },
  tempDirName: ".stryker-tmp",
};
