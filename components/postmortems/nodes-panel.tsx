'use client'

import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { Panel } from '@/components/state/panel'
import { Button } from '@/components/ui/button'
import { later } from '@/components/ui/later'
import { Link } from '@/components/ui/link'
import { can } from '@/lib/access/permissions'
import { queryOf } from '@/lib/client/api'
import { FAULT_WORDS } from '@/lib/postmortems/nodes'
import { slugOf } from '@/lib/runbooks/model'
import type { DocumentData, ReviewData, Viewer } from './editor-types'
import { useSend } from './use-send'

const NameNode = later(() => import('./name-node').then((module) => module.NameNode))
const ChangeEditor = later(() => import('./change-editor').then((module) => module.ChangeEditor))

export type NamedNode = ReviewData['nodes'][number]

/** NodesPanel asks which question of the triage was wrong, missing or slow, and makes a proposed runbook change of it. */
export function NodesPanel({
  document,
  me,
}: {
  readonly document: DocumentData
  readonly me: Viewer
}): ReactNode {
  const query = useQuery(queryOf('postmortems.review', { id: document.id }))
  const [open, setOpen] = useState<'name' | NamedNode | undefined>(undefined)
  const [problem, setProblem] = useState<string | undefined>(undefined)
  const send = useSend()
  const nodes = query.data?.nodes ?? []
  const [mayName, mayPropose] = [can(me.roles, 'postmortems.edit'), can(me.roles, 'runbooks.edit')]
  return (
    <Panel title="Which question was wrong, missing or slow?">
      {nodes.length === 0 ? <p className="text-12 text-ink-3">None is named.</p> : null}
      <ul aria-label="Named questions" className="grid grid-cols-1">
        {nodes.map((node) => (
          <li key={node.id} className="grid min-w-0 grid-cols-1 gap-1 border-b py-2 text-13">
            <p className="break-words">
              <code className="font-mono text-12">{node.node}</code>{' '}
              <span className="text-ink-3">{FAULT_WORDS[node.fault]}</span>
            </p>
            <p className="break-words text-ink-2">{node.text}</p>
            {node.proposalId === null ? (
              <p className="flex flex-wrap gap-2">
                {mayPropose ? (
                  <Button size="small" onClick={() => setOpen(node)}>
                    Propose the change
                  </Button>
                ) : null}
                {mayName ? (
                  <Button
                    size="small"
                    variant="quiet"
                    onClick={async () =>
                      setProblem(
                        (await send('postmortems.dropNode', { id: document.id, nodeId: node.id }))?.detail,
                      )
                    }
                  >
                    Take it back
                  </Button>
                ) : null}
              </p>
            ) : (
              <p className="text-12 text-ink-3">
                <Link href={`/runbooks/${slugOf(node.path)}?proposal=${node.proposalId}`} className="link">
                  Proposed change
                </Link>
                {node.hasScenario
                  ? ', with the incident as a scenario'
                  : ', without a scenario: its triage was not kept'}
              </p>
            )}
          </li>
        ))}
      </ul>
      {problem === undefined ? null : (
        <p role="alert" className="text-breach">
          {problem}
        </p>
      )}
      {mayName ? (
        <Button size="small" className="mt-2" onClick={() => setOpen('name')}>
          Name a question
        </Button>
      ) : null}
      {open === 'name' ? <NameNode document={document} onClose={() => setOpen(undefined)} /> : null}
      {open === undefined || open === 'name' ? null : (
        <ChangeEditor document={document} node={open} onClose={() => setOpen(undefined)} />
      )}
    </Panel>
  )
}
