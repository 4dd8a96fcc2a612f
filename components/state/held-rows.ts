/** heldRows splits a fresh list into rows to show and the count of new ones that wait above; the first list shows whole. */
export function heldRows<Row>(options: {
  readonly rows: readonly Row[]
  readonly keyOf: (row: Row) => string
  /** seen are the keys shown so far; undefined before the first list. */
  readonly seen: ReadonlySet<string> | undefined
}): { readonly shown: readonly Row[]; readonly waiting: number } {
  const { rows, keyOf, seen } = options
  if (seen === undefined) return { shown: rows, waiting: 0 }
  const shown = rows.filter((row) => seen.has(keyOf(row)))
  return { shown, waiting: rows.length - shown.length }
}
