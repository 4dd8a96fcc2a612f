'use client'

import type { ReactNode } from 'react'
import type { Audience } from '@/lib/comms/model'

/** Outcomes says what became of a message on each channel: sent, then seen by fetching what the outside sees. */
export function Outcomes(_props: { readonly publicationId: string; readonly audience: Audience }): ReactNode {
  return null
}
