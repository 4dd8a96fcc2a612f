/**
 * minuteSlots lays values out on the `minutes` minutes before `until`, one slot each: a minute without a row is null.
 * Times are epoch seconds at the start of a minute.
 */
export function minuteSlots(input: {
  readonly t: readonly number[]
  readonly values: readonly (number | null)[]
  readonly until: number
  readonly minutes: number
}): readonly (number | null)[] {
  const { t, values, until, minutes } = input
  const slots: (number | null)[] = Array.from({ length: minutes }, () => null)
  const from = until - minutes * 60
  t.forEach((at, row) => {
    const slot = Math.floor((at - from) / 60)
    if (slot >= 0 && slot < minutes) slots[slot] = values[row] ?? null
  })
  return slots
}
