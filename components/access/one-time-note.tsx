'use client'

import { type ReactNode, useState } from 'react'
import { Button } from '@/components/ui/button'

/** OneTimeNote shows a one-time password for the only time. */
export function OneTimeNote({
  name,
  password,
}: {
  readonly name: string
  readonly password: string
}): ReactNode {
  const [isCopied, setCopied] = useState(false)
  return (
    <div role="status" className="grid gap-2 rounded-3 border border-accent-line bg-accent-tint p-4">
      <p>
        The one-time password of <b className="font-semibold">{name}</b>, shown only now. It works for 24
        hours and asks for a password of their own at the first sign-in.
      </p>
      <p className="flex flex-wrap items-center gap-3">
        <code className="font-mono text-16 select-all">{password}</code>
        <Button
          size="small"
          onClick={() =>
            navigator.clipboard.writeText(password).then(
              () => setCopied(true),
              () => undefined,
            )
          }
        >
          {isCopied ? 'Copied' : 'Copy'}
        </Button>
      </p>
    </div>
  )
}
