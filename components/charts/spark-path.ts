export type SparkPaths = {
  readonly line: string
  readonly last: { readonly x: number; readonly y: number } | undefined
  readonly limitY: number | undefined
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}

/** topOf is the upper end of an axis from zero that shows every value and the limit. */
export function topOf(values: readonly (number | null)[], limit: number | undefined): number {
  let top = 0
  for (const value of values) if (value !== null && value > top) top = value
  const withLimit = Math.max(top, limit ?? 0)
  return withLimit === 0 ? 1 : withLimit * 1.1
}

/** sparkPaths draws values left to right; a null breaks the line, so a gap is never joined over; a value alone is a dot. */
export function sparkPaths(options: {
  readonly values: readonly (number | null)[]
  readonly width: number
  readonly height: number
  readonly top: number
  readonly limit?: number
}): SparkPaths {
  const { values, width, height, top, limit } = options
  const step = values.length > 1 ? width / (values.length - 1) : 0
  const yOf = (value: number): number => round(height - (Math.min(value, top) / top) * height)
  let line = ''
  let last: SparkPaths['last']
  let isPenDown = false
  values.forEach((value, index) => {
    if (value === null) {
      isPenDown = false
      return
    }
    const point = { x: round(index * step), y: yOf(value) }
    line += `${isPenDown ? 'L' : 'M'}${point.x} ${point.y}`
    if (!isPenDown && values[index - 1] === null && values[index + 1] === null) line += 'h0'
    isPenDown = true
    last = point
  })
  return { line, last, limitY: limit === undefined || limit > top ? undefined : yOf(limit) }
}

/** bandPath fills between two lines where both are known; runs broken by a gap are separate shapes. */
export function bandPath(options: {
  readonly upper: readonly (number | null)[]
  readonly lower: readonly (number | null)[]
  readonly width: number
  readonly height: number
  readonly top: number
}): string {
  const { upper, lower, width, height, top } = options
  const step = upper.length > 1 ? width / (upper.length - 1) : 0
  const yOf = (value: number): number => round(height - (Math.min(value, top) / top) * height)
  let path = ''
  let forth: string[] = []
  let back: string[] = []
  const close = (): void => {
    if (forth.length > 1) path += `M${forth.join('L')}L${back.reverse().join('L')}Z`
    forth = []
    back = []
  }
  upper.forEach((high, index) => {
    const low = lower[index]
    if (high === null || low === null || low === undefined || high <= low) {
      close()
      return
    }
    const x = round(index * step)
    forth.push(`${x} ${yOf(high)}`)
    back.push(`${x} ${yOf(low)}`)
  })
  close()
  return path
}
