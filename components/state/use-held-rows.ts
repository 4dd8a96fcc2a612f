'use client'

import { useState } from 'react'
import { heldRows } from './held-rows'

/** useHeldRows keeps the shown rows of a live list still; `show` lets the waiting ones in. */
export function useHeldRows<Row>(
  rows: readonly Row[] | undefined,
  keyOf: (row: Row) => string,
): { readonly shown: readonly Row[]; readonly waiting: number; readonly show: () => void } {
  const [seen, setSeen] = useState<ReadonlySet<string> | undefined>(undefined)
  if (rows !== undefined && seen === undefined) setSeen(new Set(rows.map(keyOf)))
  const held = heldRows({ rows: rows ?? [], keyOf, seen })
  return { ...held, show: () => setSeen(new Set((rows ?? []).map(keyOf))) }
}
