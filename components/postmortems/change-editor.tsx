'use client'

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { DiffView } from '@/components/runbooks/diff-view'
import { FindingsList } from '@/components/runbooks/findings-list'
import { goToLine, LineEditor } from '@/components/runbooks/line-editor'
import { useSettled } from '@/components/runbooks/use-settled'
import { failedFace } from '@/components/state/failed-face'
import { Panel } from '@/components/state/panel'
import { useDraft } from '@/components/state/use-draft'
import { Button } from '@/components/ui/button'
import { Drawer } from '@/components/ui/drawer'
import { queryOf } from '@/lib/client/api'
import { lineOf } from '@/lib/postmortems/nodes'
import { plainText, slugOf } from '@/lib/runbooks/model'
import type { DocumentData } from './editor-types'
import type { NamedNode } from './nodes-panel'
import { useSend } from './use-send'

/** ChangeEditor edits the tree in which a named question stands, at its line; the change is proposed with the incident as a scenario. */
export function ChangeEditor({
  document,
  node,
  onClose,
}: {
  readonly document: DocumentData
  readonly node: NamedNode
  readonly onClose: () => void
}): ReactNode {
  const file = useQuery(queryOf('runbooks.file', { slug: slugOf(node.path) }))
  return (
    <Drawer open onClose={onClose} title={`Change ${node.node}`} subtitle={node.text}>
      {file.isPending || file.isError ? (
        <Panel
          title="The tree"
          face={file.isError ? failedFace(file, 'The tree could not be read.') : { kind: 'loading', rows: 8 }}
        />
      ) : (
        <Change
          document={document}
          node={node}
          text={file.data.text}
          hash={file.data.textHash}
          onClose={onClose}
        />
      )}
    </Drawer>
  )
}

function Change({
  document,
  node,
  text: counting,
  hash,
  onClose,
}: {
  readonly document: DocumentData
  readonly node: NamedNode
  readonly text: string
  readonly hash: string
  readonly onClose: () => void
}): ReactNode {
  const draft = useDraft(`postmortem:${document.id}:node-${node.id}`)
  const area = useRef<HTMLTextAreaElement>(null)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | undefined>(undefined)
  const send = useSend()
  const text = draft.text ?? counting
  const settled = useSettled(text, 500)
  const check = useQuery({
    ...queryOf('runbooks.check', { path: node.path, text: settled }),
    placeholderData: keepPreviousData,
    gcTime: 30_000,
  })
  const findings = check.data?.findings ?? []
  const faults = findings.filter(({ grade }) => grade === 'fault').length
  const isChecked = settled === text && check.isSuccess && !check.isPlaceholderData
  useEffect(() => {
    if (area.current) goToLine(area.current, lineOf(area.current.value, node.node))
  }, [node.node])
  const isChanged = plainText(text) !== counting
  const waits = !isChanged
    ? 'change something'
    : !isChecked
      ? 'being checked'
      : faults > 0
        ? 'has faults'
        : undefined
  async function propose(): Promise<void> {
    setBusy(true)
    const input = { id: document.id, nodeId: node.id, path: node.path, text, baseHash: hash }
    const refused = await send('postmortems.proposeChange', input)
    setBusy(false)
    setProblem(refused?.detail)
    if (refused !== undefined) return
    draft.drop()
    onClose()
  }
  return (
    <div className="grid grid-cols-1 gap-4">
      <LineEditor
        area={area}
        label={`The text of ${node.path}`}
        value={text}
        findings={findings.filter(({ file }) => file === node.path)}
        describedBy=""
        onChange={(next) => draft.keep(next)}
      />
      {findings.length === 0 ? null : (
        <FindingsList
          findings={findings}
          path={node.path}
          onGo={(line) => {
            if (area.current) goToLine(area.current, line)
          }}
        />
      )}
      {isChanged ? (
        <DiffView left={counting} right={plainText(text)} label="What counts, and your text" />
      ) : null}
      {problem === undefined ? null : (
        <p role="alert" className="text-breach">
          {problem}
        </p>
      )}
      <Button
        variant="primary"
        className="justify-self-start"
        busy={busy}
        {...(waits === undefined ? {} : { waitsFor: waits })}
        onClick={() => void propose()}
      >
        Propose it with this incident as a scenario
      </Button>
    </div>
  )
}
