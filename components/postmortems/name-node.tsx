'use client'

import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useDraft } from '@/components/state/use-draft'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { Field } from '@/components/ui/field'
import { Select } from '@/components/ui/select'
import { TextArea } from '@/components/ui/text-area'
import { queryOf } from '@/lib/client/api'
import { FAULT_WORDS, NODE_FAULTS, type NodeFault } from '@/lib/postmortems/nodes'
import type { DocumentData } from './editor-types'
import { useSend } from './use-send'

type Choice = { readonly key: string; readonly path: string; readonly node: string; readonly words: string }

/** NameNode says which question of the triage was wrong, missing or slow; those that were asked come first. */
export function NameNode({
  document,
  onClose,
}: {
  readonly document: DocumentData
  readonly onClose: () => void
}): ReactNode {
  const query = useQuery(queryOf('postmortems.trees', { id: document.id }))
  const [picked, pick] = useState('')
  const [fault, setFault] = useState<NodeFault>('wrong')
  const draft = useDraft(`postmortem:${document.id}:name-node`)
  const text = draft.text ?? ''
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | undefined>(undefined)
  const send = useSend()
  const asked = [...(query.data?.asked ?? []), ...(query.data?.causes ?? [])]
  const groups = (query.data?.trees ?? []).map((tree) => ({
    title: tree.title,
    choices: tree.nodes.map(
      ({ id, title }): Choice => ({
        key: `${tree.path} ${id}`,
        path: tree.path,
        node: id,
        words: `${id}: ${title}`,
      }),
    ),
  }))
  const all = groups.flatMap(({ choices }) => choices)
  const first = asked.flatMap((id) => all.find(({ node }) => node === id) ?? [])
  const choice = all.find(({ key }) => key === picked)
  async function name(): Promise<void> {
    if (choice === undefined) return
    setBusy(true)
    const { path, node } = choice
    const refused = await send('postmortems.nameNode', { id: document.id, path, node, fault, text })
    setBusy(false)
    setProblem(refused?.detail)
    if (refused !== undefined) return
    draft.drop()
    onClose()
  }
  const waits =
    choice === undefined ? 'choose a question' : text.trim() === '' ? 'say what it should do' : undefined
  return (
    <Dialog
      open
      onClose={onClose}
      title="Name a question of the triage"
      footer={
        <Button
          variant="primary"
          busy={busy}
          {...(waits === undefined ? {} : { waitsFor: waits })}
          onClick={() => void name()}
        >
          Name it
        </Button>
      }
    >
      {query.isError ? (
        <p role="alert" className="text-breach">
          {query.error.message}
        </p>
      ) : null}
      <Field label="Question or diagnosis">
        {(control) => (
          <Select
            {...control}
            className="w-full"
            value={picked}
            onChange={(event) => pick(event.target.value)}
          >
            <option value="">{query.isPending ? 'Reading the trees…' : 'Choose one'}</option>
            {first.length === 0 ? null : (
              <optgroup label="Asked in this incident">
                {first.map(({ key, words }) => (
                  <option key={`asked ${key}`} value={key}>
                    {words}
                  </option>
                ))}
              </optgroup>
            )}
            {groups.map(({ title, choices }) => (
              <optgroup key={title} label={title}>
                {choices.map(({ key, words }) => (
                  <option key={key} value={key}>
                    {words}
                  </option>
                ))}
              </optgroup>
            ))}
          </Select>
        )}
      </Field>
      <Field label="What was amiss">
        {(control) => (
          <Select {...control} value={fault} onChange={(event) => setFault(event.target.value as NodeFault)}>
            {NODE_FAULTS.map((one) => (
              <option key={one} value={one}>
                {FAULT_WORDS[one]}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field label="What it should do" {...(problem === undefined ? {} : { error: problem })}>
        {(control) => (
          <TextArea
            {...control}
            rows={2}
            maxLength={500}
            value={text}
            onChange={(event) => (event.target.value === '' ? draft.drop() : draft.keep(event.target.value))}
          />
        )}
      </Field>
    </Dialog>
  )
}
