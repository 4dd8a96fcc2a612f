'use client'

/** browserNowMs is this browser's own clock in epoch milliseconds; health-store corrects it by the server's. */
export function browserNowMs(): number {
  return Date.now()
}
