'use client'

import type { ReactNode } from 'react'
import { openDeclare } from '@/components/incidents/declare-from'
import { useOpenIncidents } from '@/components/incidents/use-open-incidents'
import { Button } from '@/components/ui/button'
import { LinkButton } from '@/components/ui/link-button'

/** BoardButtons open the incident that is due next and declare a new one. */
export function BoardButtons({ mayDeclare }: { readonly mayDeclare: boolean }): ReactNode {
  const first = useOpenIncidents().data?.incidents[0]
  return (
    <div className="flex min-h-8 shrink-0 flex-wrap gap-2 pointer-coarse:min-h-11 md:flex-row-reverse">
      {first === undefined ? null : (
        <LinkButton variant="primary" href={`/incidents/${first.name}`}>
          Open {first.name}
        </LinkButton>
      )}
      {mayDeclare ? (
        <Button keys="D" onClick={openDeclare}>
          Declare
        </Button>
      ) : null}
    </div>
  )
}
