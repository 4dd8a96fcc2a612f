'use client'

import { useQuery } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, useState } from 'react'
import { Panel } from '@/components/state/panel'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { StateWord } from '@/components/ui/state-word'
import { Table } from '@/components/ui/table'
import { queryOf, type Wire } from '@/lib/client/api'
import type { QueryResult } from '@/lib/registry'
import { STATE_WORDS } from '@/lib/status/words'
import { faceOf } from './face-of'
import { RATINGS } from './state-ratings'
import { useSending } from './use-sending'

type Component = Wire<QueryResult<'status.components'>>[number]

/** ComponentsPanel lists what the page names, in its order. */
export function ComponentsPanel({ mayManage }: { readonly mayManage: boolean }): ReactNode {
  const list = useQuery(queryOf('status.components', {}))
  const ordering = useSending()
  const [editing, setEditing] = useState<Component | 'new' | undefined>(undefined)
  const face = faceOf(list, 'The components could not be read.')
  if (face) return <Panel title="Components" face={face} />
  const components = list.data ?? []
  const ids = components.map(({ id }) => id)

  function moveUp(index: number): void {
    const next = [...ids]
    const [taken] = next.splice(index, 1)
    if (taken !== undefined) next.splice(index - 1, 0, taken)
    void ordering.send('status.orderComponents', { ids: next })
  }

  return (
    <Panel title="Components" aside={`${components.length}`}>
      {components.length === 0 ? (
        <p className="pb-3 text-ink-2">
          The page lists nothing yet, so it can’t say how anything is. Name what customers use.
        </p>
      ) : (
        <Table label="Components of the page">
          <thead>
            <tr>
              <th>State</th>
              <th>Name</th>
              <th>Description</th>
              <th className="num">
                <span className="sr-only">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {components.map((component, index) => (
              <tr key={component.id}>
                <td>
                  <StateWord rating={RATINGS[component.state]} word={STATE_WORDS[component.state]} />
                </td>
                <td>{component.name}</td>
                <td className="text-ink-2">{component.description}</td>
                <td className="num whitespace-nowrap">
                  {mayManage ? (
                    <>
                      {index > 0 ? (
                        <Button
                          size="small"
                          variant="quiet"
                          busy={ordering.isBusy}
                          aria-label={`Move ${component.name} up`}
                          onClick={() => moveUp(index)}
                        >
                          Up
                        </Button>
                      ) : null}
                      <Button
                        size="small"
                        variant="quiet"
                        aria-label={`Change ${component.name}`}
                        onClick={() => setEditing(component)}
                      >
                        Change
                      </Button>
                    </>
                  ) : null}
                </td>
              </tr>
            ))}
          </tbody>
        </Table>
      )}
      {ordering.fault ? (
        <p role="alert" className="pt-2 text-12 text-breach">
          {ordering.fault}
        </p>
      ) : null}
      {mayManage ? (
        <Button className="mt-3" onClick={() => setEditing('new')}>
          Add a component
        </Button>
      ) : null}
      {editing === undefined ? null : (
        <Editor
          key={editing === 'new' ? 'new' : editing.id}
          component={editing === 'new' ? undefined : editing}
          onClose={() => setEditing(undefined)}
        />
      )}
    </Panel>
  )
}

function Editor({
  component,
  onClose,
}: {
  readonly component: Component | undefined
  readonly onClose: () => void
}): ReactNode {
  const { send, isBusy, fault } = useSending()
  const [name, setName] = useState(component?.name ?? '')
  const [description, setDescription] = useState(component?.description ?? '')
  async function save(event: FormEvent): Promise<void> {
    event.preventDefault()
    const done = component
      ? await send('status.changeComponent', {
          id: component.id,
          name,
          description,
          version: component.version,
        })
      : await send('status.addComponent', { name, description })
    if (done) onClose()
  }
  async function retire({ id, version }: Component): Promise<void> {
    if (await send('status.retireComponent', { id, version })) onClose()
  }
  return (
    <Dialog open onClose={onClose} title={component ? `Change ${component.name}` : 'Add a component'}>
      <form onSubmit={(event) => void save(event)} className="grid gap-3">
        <Field label="Name" hint="As customers call it." {...(fault ? { error: fault } : {})}>
          {(control) => (
            <Input
              {...control}
              value={name}
              required
              maxLength={80}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        <Field label="Description" hint="One line, optional.">
          {(control) => (
            <Input
              {...control}
              value={description}
              maxLength={300}
              onChange={(event) => setDescription(event.target.value)}
            />
          )}
        </Field>
        <div className="flex flex-wrap justify-end gap-2">
          {component ? (
            <Button
              variant="quiet"
              busy={isBusy}
              {...(component.state === 'operational' ? {} : { waitsFor: 'until it is operational' })}
              onClick={() => void retire(component)}
            >
              Take it off the page
            </Button>
          ) : null}
          <Button type="submit" variant="primary" busy={isBusy}>
            {component ? 'Save' : 'Add'}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
