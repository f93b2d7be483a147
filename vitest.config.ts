// Unit, property and protocol tests. The suites in a real VS Code have runners of their own (test:extension, test:ui).
import { BaseSequencer, type TestSpecification } from "vitest/node";
import { defineConfig } from "vitest/config";

/** The files that take longest, the longest first: none of them is begun when the others are through. */
const longest = ["truth/truth", "truth/randomPrograms", "dap/everyBreakpoint", "dap/live", "evaluate/evaluator"];

class LongestFirst extends BaseSequencer {
  override sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    function placeOf({ moduleId }: TestSpecification): number {
      const place = longest.findIndex((name) => moduleId.endsWith(`test/${name}.test.ts`));
      return place === -1 ? longest.length : place;
    }
    return Promise.resolve(files.toSorted((a, b) => placeOf(a) - placeOf(b)));
  }
}

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/extension/**", "test/ui/**", "test/out/**", "node_modules/**"],
    passWithNoTests: false,
    // Real interpreters are started; the machines that run this have two cores.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    // Compiled Python modules are kept, whatever the machine says: many programs are recorded.
    env: { PYTHONDONTWRITEBYTECODE: "" },
  },
});
