type Status = 'firing' | 'resolved' | 'unknown'

/** Listed is a page of linked alerts with the counts of all of them. */
type Listed<Row> = { readonly rows: readonly Row[]; readonly counts: Readonly<Record<Status, number>> }

/** withStates lets the rows of a page stand as told, and moves the counts along; alerts of other pages are left to the next answer. */
export function withStates<
  Row extends { readonly id: string | null; readonly status: Status },
  Page extends Listed<Row>,
>(page: Page, states: readonly { readonly id: string; readonly status: Status }[]): Page {
  const told = new Map(states.map(({ id, status }) => [id, status]))
  const counts = { ...page.counts }
  const rows = page.rows.map((row) => {
    const status = row.id === null ? undefined : told.get(row.id)
    if (status === undefined || status === row.status) return row
    counts[row.status] -= 1
    counts[status] += 1
    return { ...row, status }
  })
  return { ...page, rows, counts }
}
