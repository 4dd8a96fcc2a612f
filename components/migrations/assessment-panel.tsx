'use client'

import { type ReactNode, useState } from 'react'
import { Panel } from '@/components/state/panel'
import { Button } from '@/components/ui/button'
import { Field } from '@/components/ui/field'
import { Table } from '@/components/ui/table'
import { TextArea } from '@/components/ui/text-area'
import { toast } from '@/components/ui/toast-store'
import { can } from '@/lib/access/permissions'
import { inventoryOf, typesText } from './inventory-text'
import type { Me, MigrationData } from './types'
import { useMigrationCommand } from './use-migration-command'

const LISTS = ['dependencies', 'credentials', 'customisations'] as const

/** AssessmentPanel shows what uses the provider and how much data there is, and takes the inventory. */
export function AssessmentPanel({ data, me }: { readonly data: MigrationData; readonly me: Me }): ReactNode {
  const [isEditing, setEditing] = useState(false)
  const { inventory } = data
  const mayEdit = data.state === 'assessing' && can(me.roles, 'migrations.report')
  return (
    <Panel
      title="Assessment"
      note={inventory === null ? undefined : inventory.root}
      aside={
        mayEdit && !isEditing ? (
          <Button size="small" onClick={() => setEditing(true)}>
            {inventory === null ? 'Give the inventory' : 'Change it'}
          </Button>
        ) : undefined
      }
      face={
        inventory === null && !isEditing
          ? {
              kind: 'empty',
              sentence: `There is no inventory yet. Run npx watchfloor-assess DIR --json, or let it upload to migration ${data.number}.`,
            }
          : { kind: 'ready' }
      }
    >
      {isEditing ? <InventoryForm data={data} onClose={() => setEditing(false)} /> : null}
      {inventory === null ? null : (
        <div className="grid grid-cols-1 gap-3 border-t pt-2">
          {inventory.providers.map((one) => (
            <section key={one.id} aria-label={one.name} className="grid grid-cols-1 gap-1">
              <h3 className="text-13 font-medium">{one.name}</h3>
              <p className="text-ink-2">
                {one.findings} usages in {one.files} files, {one.integrationPoints} integration points
              </p>
              {LISTS.map((list) => (
                <p key={list} className="text-12 break-words">
                  <span className="text-ink-2">{list}: </span>
                  <span className="font-mono">{one[list].join(', ') || 'none'}</span>
                </p>
              ))}
            </section>
          ))}
          <Table label="Data types">
            <thead>
              <tr>
                <th>Data type</th>
                <th className="num">Records</th>
              </tr>
            </thead>
            <tbody>
              {inventory.dataTypes.map((type) => (
                <tr key={type.name}>
                  <td className="font-mono text-12">{type.name}</td>
                  <td className="num font-mono">{type.records ?? 'not counted'}</td>
                </tr>
              ))}
            </tbody>
          </Table>
        </div>
      )}
    </Panel>
  )
}

function InventoryForm({
  data,
  onClose,
}: {
  readonly data: MigrationData
  readonly onClose: () => void
}): ReactNode {
  const { busy, send } = useMigrationCommand()
  const [scan, setScan] = useState('')
  const [types, setTypes] = useState(() => typesText(data.inventory))
  async function save(): Promise<void> {
    const read = inventoryOf({ scan, types, provider: data.fromProvider, before: data.inventory })
    if (typeof read === 'string')
      return toast({ tone: 'failed', text: 'The inventory could not be read', detail: read })
    if (await send('migrations.saveInventory', { number: data.number, inventory: read })) onClose()
  }
  return (
    <form
      aria-label="Inventory"
      className="mb-3 grid grid-cols-1 gap-3 border bg-sunk p-3"
      onSubmit={(event) => {
        event.preventDefault()
        void save()
      }}
    >
      <Field
        label="What the scanner printed with --json"
        hint="Leave it empty to keep what is there, or to write data types only."
      >
        {(control) => (
          <TextArea {...control} rows={4} value={scan} onChange={(event) => setScan(event.target.value)} />
        )}
      </Field>
      <Field
        label="Data types with their record counts"
        hint="One a line, e.g. jobs 120000. A type from the scan without a count is not counted yet."
      >
        {(control) => (
          <TextArea {...control} rows={4} value={types} onChange={(event) => setTypes(event.target.value)} />
        )}
      </Field>
      <div className="flex flex-wrap gap-2">
        <Button type="submit" variant="primary" busy={busy}>
          Save the inventory
        </Button>
        <Button variant="quiet" onClick={onClose}>
          Not now
        </Button>
      </div>
    </form>
  )
}
