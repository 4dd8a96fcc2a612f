/** step runs one part of a longer job and prints one calm line with what came of it and how long it took. */
export async function step(name, work) {
  const startedAt = performance.now()
  try {
    const detail = await work()
    say(`✓ ${name}${detail ? `: ${detail}` : ''}  ${seconds(startedAt)}`)
  } catch (error) {
    say(`✗ ${name}  ${seconds(startedAt)}`)
    throw error
  }
}

/** say prints one line. */
export function say(line) {
  process.stdout.write(`${line}\n`)
}

/** seconds is the time since a performance.now() reading, as text. */
export function seconds(startedAt) {
  return `${((performance.now() - startedAt) / 1000).toFixed(1)} s`
}
