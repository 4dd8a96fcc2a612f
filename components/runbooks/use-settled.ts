'use client'

import { useEffect, useState } from 'react'

/** useSettled gives a value once it has not changed for so long: for what is asked while somebody types. */
export function useSettled<T>(value: T, quietMs: number): T {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = window.setTimeout(() => setSettled(value), quietMs)
    return () => window.clearTimeout(timer)
  }, [value, quietMs])
  return settled
}
