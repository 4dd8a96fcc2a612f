/** monotonicMs is the machine's monotonic clock in milliseconds: the same for every process on it. */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6
}

/** epochMs is the wall clock in milliseconds with fractions, to compare with times that a browser tells. */
export function epochMs(): number {
  return performance.timeOrigin + performance.now()
}

/** progress tells a person what goes on; standard output belongs to the report. */
export function progress(text: string): void {
  process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${text}\n`)
}

/** pause waits; only for measuring spans, never to hope that something has happened. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

/** until polls a condition; throws with `what` when it does not hold in time. */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  timeoutMs: number,
  everyMs = 25,
): Promise<void> {
  const deadline = performance.now() + timeoutMs
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`${what}: not so within ${timeoutMs / 1000} s`)
    await pause(everyMs)
  }
}
