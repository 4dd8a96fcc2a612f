/** emptyTally counts nothing yet: single tests that passed, failed or were skipped. */
export function emptyTally() {
  return { passed: 0, failed: 0, skipped: 0 }
}

/** addTallies sums counts. */
export function addTallies(tallies) {
  return tallies.reduce(
    (sum, { passed, failed, skipped }) => ({
      passed: sum.passed + passed,
      failed: sum.failed + failed,
      skipped: sum.skipped + skipped,
    }),
    emptyTally(),
  )
}

/** tallyLine is the closing line: "N passed, N failed", and ", N skipped" if any was. */
export function tallyLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
}

/** vitestTally counts a Vitest JSON report. A file that could not even be loaded counts as one failure. */
export function vitestTally(report) {
  const unloadable = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  ).length
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + unloadable,
    skipped: report.numPendingTests + (report.numTodoTests ?? 0),
  }
}

/** playwrightTally counts a Playwright JSON report. A test that passed only when repeated has failed. */
export function playwrightTally({ stats, errors = [] }) {
  const { expected, unexpected, flaky, skipped } = stats
  return {
    passed: expected,
    failed: unexpected + flaky + (unexpected + flaky === 0 ? errors.length : 0),
    skipped,
  }
}

/** barsTally counts the bars of a bench or fault report: [{name, passed, skipped}]. */
export function barsTally(bars) {
  return {
    passed: bars.filter((bar) => bar.passed && !bar.skipped).length,
    failed: bars.filter((bar) => !bar.passed && !bar.skipped).length,
    skipped: bars.filter((bar) => bar.skipped).length,
  }
}
