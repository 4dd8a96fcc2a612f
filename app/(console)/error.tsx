'use client'

import type { ReactNode } from 'react'
import { ErrorFace } from '@/components/shell/error-face'

export default function ConsoleError(props: {
  readonly error: Error & { digest?: string }
  readonly reset: () => void
}): ReactNode {
  return <ErrorFace {...props} />
}
